"""Print, as JSON, the query of mentions.csv without the guard, for psql and sqlite3."""

import json
import os
from dataclasses import replace

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.settings")


def main() -> None:
    """Write the parameters into the query: those programs take none."""
    import django

    django.setup()
    from django.utils import timezone

    from demands.exports import MENTIONS
    from kptracker.lib.columns import Kind
    from kptracker.lib.csv_export import in_full_order

    columns = MENTIONS.columns("en", timezone.localdate())
    bare = [
        column if column.kind == Kind.YES_NO else replace(column, ours=True) for column in columns
    ]
    cells = {column.name: column.cell() for column in bare}
    # Names of the model's own fields are taken.
    cells = {f"{name}_": cell for name, cell in cells.items()}
    rows = in_full_order(MENTIONS.queryset()).annotate(**cells).values_list(*cells)
    sql, params = rows.query.sql_with_params()
    literals = ("'{}'".format(str(value).replace("'", "''")) for value in params)
    print(json.dumps(sql % tuple(literals)))


if __name__ == "__main__":
    main()
