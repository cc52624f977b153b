"""Fill the database that DATABASE_URL names with a synthetic record.

Usage: python -m benchmarks.build [MENTIONS]
"""

import os
import sys
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.settings")


def main() -> None:
    """Migrate, and build unless there are mentions already."""
    import django

    django.setup()
    from django.core.management import call_command

    from benchmarks.synthetic import build
    from demands.models import Mention

    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    call_command("migrate", verbosity=0)
    found = Mention.objects.count()
    if found == wanted:
        return
    if found:
        raise SystemExit(f"The database holds {found} mentions already, not {wanted}.")
    start = time.monotonic()
    build(mentions=wanted)
    print(f"Built a record of {wanted:,} mentions in {time.monotonic() - start:.0f} s")


if __name__ == "__main__":
    main()
