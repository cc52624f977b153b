"""A document comes in as text: read, cleaned, and compared by the hash of its normal form."""
