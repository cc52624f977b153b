"""The page of search: what a visitor asked for, and what was found, in words and addresses."""
