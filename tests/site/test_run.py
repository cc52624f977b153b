"""
What `make run` promises, tried as a volunteer would: start, edit, start again, upgrade, end.

These start the site in processes of their own, on SQLite in a folder of their own. The steps
build on each other, so they are one test.
"""

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# A release with one more migration than this one.
NEXT_RELEASE = {
    "next_release.py": (
        "from kptracker.settings import *\nINSTALLED_APPS = [*INSTALLED_APPS, 'later']\n"
    ),
    "later/__init__.py": "",
    "later/migrations/__init__.py": "",
    "later/migrations/0001_initial.py": (
        "from django.db import migrations\n"
        "class Migration(migrations.Migration):\n"
        "    operations = [migrations.RunSQL('CREATE TABLE later (id integer)')]\n"
    ),
}


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """The environment of a machine where nothing was set, with data in a temporary folder."""
    keep = {key: os.environ[key] for key in ("PATH", "HOME", "LANG") if key in os.environ}
    return {**keep, "VAR_DIR": str(tmp_path / "var"), "PORT": str(free_port())}


def prepare(environment: dict[str, str], expect: int = 0) -> str:
    """Run `manage.py prepare` and return what it said."""
    done = subprocess.run(
        [sys.executable, "manage.py", "prepare"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
    )
    assert done.returncode == expect, done.stdout
    assert "Traceback" not in done.stdout
    return done.stdout


def ask(path: Path, query: str) -> list[tuple[object, ...]]:
    """Run one query on a SQLite file and return its rows."""
    database = sqlite3.connect(path)
    try:
        with database:
            return database.execute(query).fetchall()
    finally:
        database.close()


@pytest.mark.once
def test_start_edit_start_again_upgrade(environment: dict[str, str], tmp_path: Path) -> None:
    var = tmp_path / "var"
    database = var / "kptracker.sqlite3"

    # The first start makes everything and loads the record.
    said = prepare(environment)
    assert f"http://127.0.0.1:{environment['PORT']}/" in said
    assert "manage.py createsuperuser" in said
    assert f"VAR_DIR={var}" in said, "the account must go into the database that is served"
    demands = ask(database, "SELECT count(*) FROM demands_demand")[0][0]
    assert demands == sum(1 for _ in _rows(ROOT / "record" / "demands.csv"))
    assert not (var / "backups").exists(), "there was nothing to copy"

    # What staff change stays, whatever is started how often.
    ask(database, "UPDATE demands_demand SET title = 'As edited' WHERE reference = 'D-001'")
    ask(database, "DELETE FROM demands_mention WHERE reference = 'M-0001'")
    began = time.monotonic()
    said = prepare(environment)
    assert time.monotonic() - began < 10
    assert "Making" not in said
    assert "Migrations" not in said
    edited = "SELECT title FROM demands_demand WHERE reference = 'D-001'"
    assert ask(database, edited) == [("As edited",)]
    assert ask(database, "SELECT * FROM demands_mention WHERE reference = 'M-0001'") == []
    assert not (var / "backups").exists(), "nothing was migrated"

    # A release that migrates: a copy of the database as it was, then the migration.
    for name, text in NEXT_RELEASE.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    upgraded = {
        **environment,
        "DJANGO_SETTINGS_MODULE": "next_release",
        "PYTHONPATH": str(tmp_path),
    }
    said = prepare(upgraded)
    (copy,) = (var / "backups").iterdir()
    assert str(copy) in said
    has_later = "SELECT count(*) FROM sqlite_master WHERE name = 'later'"
    assert ask(copy, has_later) == [(0,)]
    assert ask(copy, edited) == [("As edited",)]
    assert ask(database, has_later) == [(1,)]
    assert ask(database, edited) == [("As edited",)]


def _rows(path: Path) -> list[dict[str, str]]:
    import csv

    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.once
def test_the_server_answers_and_ctrl_c_ends_it(environment: dict[str, str], tmp_path: Path) -> None:
    gunicorn = Path(sys.executable).with_name("gunicorn")
    prepare(environment)
    server = subprocess.Popen(
        [gunicorn, "--config", "deploy/gunicorn.conf.py", "kptracker.wsgi"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        # Ctrl-C reaches the whole group of processes, as in a terminal.
        start_new_session=True,
    )
    try:
        address = f"http://127.0.0.1:{environment['PORT']}/"
        with _patiently_open(address, server) as answer:
            assert answer.status == 200
            assert "Set-Cookie" not in answer.headers
        # The second start finds the port taken, and says so before it touches anything.
        said = prepare(environment, expect=1)
        assert f"Port {environment['PORT']} cannot be used" in said
    finally:
        os.killpg(server.pid, signal.SIGINT)
        said, _ = server.communicate(timeout=30)
    assert server.returncode == 0, said
    assert "Traceback" not in said


def _patiently_open(address: str, server: "subprocess.Popen[str]"):  # type: ignore[no-untyped-def]
    for _ in range(100):
        try:
            return urllib.request.urlopen(address, timeout=10)
        except OSError:
            assert server.poll() is None, "the server ended by itself"
            time.sleep(0.1)
    raise AssertionError("the server did not answer within 10 seconds")


@pytest.mark.once
def test_a_database_out_of_reach_is_named_without_its_password(
    environment: dict[str, str],
) -> None:
    environment["DATABASE_URL"] = f"postgres://me:hunter2@127.0.0.1:{free_port()}/nothing"
    said = prepare(environment, expect=1)
    assert "DATABASE_URL" in said
    assert "hunter2" not in said


@pytest.mark.once
def test_a_python_without_venv_is_told_what_to_install(tmp_path: Path) -> None:
    for name in ("deploy", "requirements.txt"):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, tmp_path / name)
        else:
            shutil.copy(source, tmp_path)
    poor = tmp_path / "python3"
    poor.write_text(
        '#!/bin/sh\ncase "$2" in *ensurepip*) exit 1;; esac\nexec "$REAL_PYTHON" "$@"\n'
    )
    poor.chmod(0o755)
    done = subprocess.run(
        ["bash", "deploy/install.sh", "requirements.txt"],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "PYTHON": str(poor), "REAL_PYTHON": sys.executable},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert "apt-get install python3-venv" in done.stderr
    assert not (tmp_path / ".venv").exists()
