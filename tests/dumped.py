"""Everything that is written down anywhere: every column of every table, every file."""

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import connection


def cells() -> Iterator[tuple[str, str]]:
    """Yield each value of the database as text, with the name of its table."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            names = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                for name, value in zip(names, row, strict=True):
                    if isinstance(value, bytes | memoryview):
                        value = bytes(value).decode("latin-1")
                    yield f"{table}.{name}", str(value)


def tables_with(*words: str) -> set[str]:
    """Return the columns in which any of the words stand, in small or capital letters."""
    return {name for name, value in cells() if any(word.lower() in value.lower() for word in words)}


def files_with(*words: str) -> list[Path]:
    """Return the files below VAR_DIR in which any of the words stand."""
    found = []
    for path in Path(settings.VAR_DIR).rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            if any(word.encode() in content for word in words):
                found.append(path)
    return found
