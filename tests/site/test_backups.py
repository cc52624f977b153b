"""A backup is a whole copy of the database, and no migration runs without one."""

import sqlite3
import stat
import subprocess
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from kptracker import backups
from kptracker.management.commands import prepare


@pytest.fixture
def var(settings: Any, tmp_path: Path) -> Path:
    """A VAR_DIR of the test's own."""
    settings.VAR_DIR = tmp_path
    return tmp_path


def tables_in(path: Path) -> str:
    """Return the names of the tables in a backup, as text."""
    if connection.vendor == "sqlite":
        copy = sqlite3.connect(path)
        names = "\n".join(row[0] for row in copy.execute("SELECT name FROM sqlite_master"))
        copy.close()
        return names
    return subprocess.run(
        ["pg_restore", "--list", path], capture_output=True, text=True, check=True
    ).stdout


@pytest.mark.django_db
def test_a_backup_holds_the_tables_and_is_for_its_owner_only(var: Path) -> None:
    path = backups.backup()
    assert path.parent == var / "backups"
    assert "django_migrations" in tables_in(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path], "nothing half-done is left behind"


@pytest.mark.django_db
def test_only_the_newest_are_kept_but_never_a_copy_elsewhere_removed(var: Path) -> None:
    elsewhere = backups.backup(var / "mine" / "copy")
    made = [backups.backup() for _ in range(backups.KEEP + 2)]
    assert sorted((var / "backups").iterdir()) == made[2:]
    assert elsewhere.exists()


@pytest.mark.django_db
def test_a_backup_overwrites_nothing(var: Path) -> None:
    (var / "copy").write_text("mine")
    with pytest.raises(CommandError, match="exists already"):
        call_command("backup", str(var / "copy"))
    assert (var / "copy").read_text() == "mine"


@pytest.mark.django_db
def test_the_command_prints_where_the_copy_is(var: Path) -> None:
    out = StringIO()
    call_command("backup", stdout=out)
    assert Path(out.getvalue().strip()).is_file()


class _Pending:
    app_label, name = "demands", "0099_pending"


@pytest.fixture
def pending(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """One migration is pending; return the list of the commands that were called."""
    called: list[str] = []
    monkeypatch.setattr(
        prepare.MigrationExecutor, "migration_plan", lambda *args: [(_Pending, False)]
    )
    monkeypatch.setattr(prepare, "call_command", lambda name, **options: called.append(name))
    return called


@pytest.mark.django_db
def test_a_pending_migration_is_preceded_by_a_backup(var: Path, pending: list[str]) -> None:
    out = StringIO()
    prepare.Command(stdout=out)._migrate()
    (copy,) = (var / "backups").iterdir()
    assert str(copy) in out.getvalue()
    assert pending == ["migrate"]


@pytest.mark.django_db
def test_without_a_backup_nothing_is_migrated_unless_told(
    var: Path, pending: list[str], monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    def fail() -> Path:
        raise backups.BackupError("pg_dump is not installed.")

    monkeypatch.setattr(prepare, "backup", fail)
    with pytest.raises(CommandError, match="MIGRATE_WITHOUT_BACKUP=yes"):
        prepare.Command()._migrate()
    assert pending == []

    settings.MIGRATE_WITHOUT_BACKUP = True
    errors = StringIO()
    prepare.Command(stderr=errors)._migrate()
    assert "No backup was made" in errors.getvalue()
    assert pending == ["migrate"]


@pytest.mark.django_db
def test_pg_dump_that_is_missing_or_fails_is_named(
    var: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backups.shutil, "which", lambda name: None)
    with pytest.raises(backups.BackupError, match="pg_dump is not installed"):
        backups._dump_postgresql(connection, var / "copy")
    monkeypatch.setattr(backups.shutil, "which", lambda name: "/bin/false")
    monkeypatch.setattr(
        connection.client.__class__, "settings_to_cmd_args_env", lambda *args: (["psql"], None)
    )
    with pytest.raises(backups.BackupError, match="pg_dump failed"):
        backups._dump_postgresql(connection, var / "copy")
