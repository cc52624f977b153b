"""What was said: meetings, organisations, people and their roles, statements."""
