"""The API: every public table as JSON for programs, read-only, under /api/v1/."""
