#!/usr/bin/env python3
"""Django's command line: `.venv/bin/python manage.py help` lists what there is."""

import os
import sys


def main() -> None:
    """Run the command given on the command line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kptracker.settings")
    try:
        from django.core.management import execute_from_command_line
    except ImportError as error:
        sys.exit(
            f"{error}. Django is not installed for this Python ({sys.executable}).\n"
            "Run `make run` once, then use .venv/bin/python manage.py."
        )
    try:
        execute_from_command_line(sys.argv)
    except KeyboardInterrupt:
        # Ctrl-C is an answer, not an accident: no traceback.
        sys.exit(130)


if __name__ == "__main__":
    main()
