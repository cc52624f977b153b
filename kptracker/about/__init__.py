"""The pages that say what the record is, how it was made and how it is to be read."""
