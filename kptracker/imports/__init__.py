"""Tables that editors bring back in the admin (docs/adr/0012)."""
