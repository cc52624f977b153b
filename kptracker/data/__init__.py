"""The record to take away whole: what its tables hold, and downloads of a day (docs/adr/0014)."""
