"""What both rooms stand on: it knows Django and libraries, never statements or demands."""
