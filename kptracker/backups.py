"""Copies of the database: made before each migration, and whenever somebody asks."""

import os
import shutil
import sqlite3
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from re import Pattern

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext as _

# How many of the copies that were made by themselves are kept.
KEEP = 5


class BackupError(Exception):
    """No copy was made; the message says why and what to do."""


def backup(to: Path | None = None, *, using: str = DEFAULT_DB_ALIAS) -> Path:
    """
    Copy the database and return the path of the copy.

    Without `to` the copy goes to VAR_DIR/backups, where only the newest few are kept; a copy
    in a place that somebody chose is never removed.
    """
    connection = connections[using]
    is_sqlite = connection.vendor == "sqlite"
    folder = settings.VAR_DIR / "backups"
    if to is None:
        stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
        path = folder / f"kptracker-{stamp}{'.sqlite3' if is_sqlite else '.pgdump'}"
    else:
        path = to
    if path.exists():
        raise BackupError(f"{path} exists already; a backup overwrites nothing.")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Written aside and renamed when it is whole: a file of that name is always a full copy.
    aside = path.with_name(f".{path.name}.part")
    try:
        os.close(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
        if is_sqlite:
            _copy_sqlite(str(connection.settings_dict["NAME"]), aside)
        else:
            _dump_postgresql(connection, aside)
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
    if to is None:
        _remove_all_but_the_newest(folder)
    return path


def renew(_pattern: Pattern[str] | None = None) -> str:
    """
    Delete the copies in VAR_DIR/backups and make one anew; return what to tell staff, or ''.

    For when personal data were removed: a copy cannot be edited. The words must go from every
    copy here, so the old ones go even where no new one can be made.
    """
    folder = settings.VAR_DIR / "backups"
    old = sorted(folder.glob("kptracker-*")) if folder.is_dir() else []
    if not old:
        return _("Copies of the database in other places still hold the words: delete them there.")
    try:
        new: Path | None = backup()
    except (BackupError, OSError):
        new = None
    for path in old:
        path.unlink(missing_ok=True)
    if new is None:
        return _(
            "The copies of the database were deleted, for they held the words, and no new one "
            "could be made: run manage.py backup. Copies in other places still hold them."
        )
    return _(
        "The %(count)d copies of the database held the words: they were deleted, and one was "
        "made anew. Copies in other places still hold them: delete them there."
    ) % {"count": len(old)}


def _copy_sqlite(name: str, path: Path) -> None:
    """Copy with SQLite's own backup: right even while others write, unlike copying the file."""
    try:
        source = sqlite3.connect(f"file:{name}?mode=ro", uri=True, timeout=20)
        copy = sqlite3.connect(path)
        try:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")
            (answer,) = copy.execute("PRAGMA quick_check").fetchone()
        finally:
            copy.close()
            source.close()
    except sqlite3.Error as error:
        raise BackupError(f"SQLite could not copy {name}: {error}.") from error
    if answer != "ok":
        raise BackupError(f"The copy of {name} is damaged, so the database is too: {answer}.")


def _dump_postgresql(connection: BaseDatabaseWrapper, path: Path) -> None:
    """Dump in pg_dump's own format, which `pg_restore` reads."""
    program = shutil.which("pg_dump")
    if program is None:
        raise BackupError("pg_dump is not installed. On Debian: apt-get install postgresql-client.")
    arguments, environment = connection.client.settings_to_cmd_args_env(
        connection.settings_dict, []
    )
    done = subprocess.run(
        [program, "--format=custom", "--no-password", f"--file={path}", *arguments[1:]],
        env={**os.environ, **(environment or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    if done.returncode != 0:
        raise BackupError(f"pg_dump failed: {done.stderr.strip()}")


def _remove_all_but_the_newest(folder: Path) -> None:
    # The names begin with the date, so that their order is that of time.
    for old in sorted(folder.glob("kptracker-*"))[:-KEEP]:
        old.unlink()
