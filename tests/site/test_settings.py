"""A value that cannot be used stops the start with the variable's name and the fix."""

import logging
import os
import re
import runpy
import shutil
import stat
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site_settings
from django.core.exceptions import ImproperlyConfigured

import kptracker
from kptracker.logs import ShortRefusals

# Settings know no database.
pytestmark = pytest.mark.once

ROOT = Path(kptracker.__file__).resolve().parent.parent
KEY = "k3y-" + "0123456789abcdef" * 4
READ = r'read_(?:text|bool|int|list)\(\s*"([A-Z_]+)"'

Start = Callable[..., dict[str, Any]]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Read the settings as on a machine that has nothing but what the test gives."""
    before = dict(os.environ)
    os.environ.clear()
    os.environ["PATH"] = before["PATH"]
    (tmp_path / "kptracker").mkdir()
    shutil.copy(ROOT / "kptracker" / "settings.py", tmp_path / "kptracker")

    def read(env_file: str = "", **variables: str) -> dict[str, Any]:
        os.environ.update(variables)
        if env_file:
            (tmp_path / ".env").write_text(env_file)
        return runpy.run_path(str(tmp_path / "kptracker" / "settings.py"))

    yield read
    os.environ.clear()
    os.environ.update(before)


def test_nothing_is_needed_to_start(start: Start, tmp_path: Path) -> None:
    settings = start()
    assert settings["DEBUG"] is False
    assert settings["ALLOWED_HOSTS"] == ["localhost", "127.0.0.1", "[::1]"]
    assert settings["SITE_URL"] == "http://127.0.0.1:8000"
    assert settings["CORRECTIONS_EMAIL"] == ""
    database = settings["DATABASES"]["default"]
    assert database["NAME"] == str(tmp_path / "var" / "kptracker.sqlite3")
    assert database["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert not settings["SESSION_COOKIE_SECURE"]
    assert settings["SECURE_HSTS_SECONDS"] == 0


def test_the_secret_key_is_made_once_and_for_its_owner_only(start: Start, tmp_path: Path) -> None:
    first = start()["SECRET_KEY"]
    assert len(first) >= 50
    assert start()["SECRET_KEY"] == first
    path = tmp_path / "var" / "secret_key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.glob("secret_key*")) == [path]


def test_a_given_secret_key_is_taken_and_none_is_written(start: Start, tmp_path: Path) -> None:
    assert start(SECRET_KEY=KEY)["SECRET_KEY"] == KEY
    assert not (tmp_path / "var" / "secret_key").exists()


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("SECRET_KEY", "secret"),
        ("SECRET_KEY", "a" * 60),
        ("SECRET_KEY", "django-insecure-" + KEY),
        ("DATABASE_URL", "foo"),
        ("DATABASE_URL", "mysql://user:hunter2@localhost/name"),
        ("DATABASE_URL", "postgres:///"),
        ("DATABASE_URL", "postgres://user:hunter2@localhost"),
        ("DATABASE_URL", "postgres://user:hunter2@localhost:port/name"),
        ("DATABASE_URL", "postgres://user:hunter2@[::1/name"),
        ("DATABASE_URL", "sqlite:////proc/nowhere/kptracker.sqlite3"),
        ("DEBUG", "maybe"),
        ("PORT", "0"),
        ("PORT", "http"),
        ("PORT", "9" * 30),
        ("WEB_CONCURRENCY", "-1"),
        ("SITE_URL", "tracker.example.org"),
        ("SITE_URL", "https://example.org/tracker"),
        ("SITE_URL", "https://[::1"),
        ("CSRF_TRUSTED_ORIGINS", "tracker.example.org"),
        ("CORRECTIONS_EMAIL", "the office"),
        ("ADMIN_PATH", "../admin"),
        ("HSTS_SECONDS", "a year"),
        ("LOG_LEVEL", "loud"),
        ("MIGRATE_WITHOUT_BACKUP", "perhaps"),
    ],
)
def test_a_bad_value_names_the_variable_and_the_fix(
    start: Start, variable: str, value: str
) -> None:
    with pytest.raises(ImproperlyConfigured) as caught:
        start(**{variable: value})
    message = str(caught.value)
    assert message.startswith(f"{variable} ")
    assert ".env.example" in message
    assert re.search(r"\b(Set|Leave|Make)\b", message), "says what to do"
    assert "hunter2" not in message, "a password stays out of messages and logs"


def test_a_secret_key_file_that_is_empty_says_so(start: Start, tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "secret_key").touch()
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY is not set, and .* Delete that"):
        start()


def test_the_environment_wins_over_the_file(start: Start) -> None:
    settings = start("PORT=8100\nADMIN_PATH=/office/\n", PORT="8200")
    assert settings["PORT"] == 8200
    assert settings["ADMIN_PATH"] == "office/"
    assert "ADMIN_PATH" in settings["FROM_ENV_FILE"]
    assert "PORT" not in settings["FROM_ENV_FILE"]


def test_an_https_site_gets_secure_cookies_and_its_own_name(start: Start) -> None:
    settings = start(SITE_URL="https://tracker.example.org/")
    assert settings["SITE_URL"] == "https://tracker.example.org"
    assert "tracker.example.org" in settings["ALLOWED_HOSTS"]
    assert settings["CSRF_TRUSTED_ORIGINS"] == ["https://tracker.example.org"]
    assert settings["SESSION_COOKIE_SECURE"]
    assert settings["CSRF_COOKIE_SECURE"]
    assert settings["SECURE_HSTS_SECONDS"] > 0


def test_postgresql_keeps_its_connections(start: Start) -> None:
    url = "postgres://me:p%40ss@%2Frun%2Fpostgresql/tracker"
    database = start(DATABASE_URL=url)["DATABASES"]["default"]
    assert database["HOST"] == "/run/postgresql"
    assert (database["USER"], database["PASSWORD"], database["NAME"]) == ("me", "p@ss", "tracker")
    assert database["CONN_MAX_AGE"] is None
    assert database["CONN_HEALTH_CHECKS"] is True


def test_each_variable_is_explained_and_each_explained_one_is_read() -> None:
    read = set(re.findall(READ, (ROOT / "kptracker" / "settings.py").read_text()))
    # Read by gunicorn's configuration only.
    read.add("ACCESS_LOG")
    explained = set(re.findall(r"^#([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert read == explained


def test_the_versions_agree() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text()
    top = re.search(r"^## \[(.+?)\]", changelog, re.MULTILINE)
    assert top is not None
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert top.group(1) == project["version"] == kptracker.__version__


def test_the_check_warns_when_there_is_no_address_for_corrections(settings: Any) -> None:
    from kptracker.checks import check_corrections_email

    assert check_corrections_email(None) == []
    settings.CORRECTIONS_EMAIL = ""
    (warning,) = check_corrections_email(None)
    assert warning.id == "kptracker.W001"


def test_requirements_are_locked_with_hashes_and_name_no_address() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / name).read_text()
        assert "://" not in text
        assert "--index" not in text
        for requirement in re.split(r"\n(?=\S)", text.strip()):
            if not requirement.startswith("#"):
                assert "--hash=sha256:" in requirement


def test_the_secret_key_of_the_tests_is_not_that_of_the_site() -> None:
    assert Path(site_settings.VAR_DIR) != ROOT / "var"


def test_what_is_only_refused_is_one_line_in_the_log() -> None:
    """Anybody can ask for what is not there or under a wrong name: the log is not for them."""
    assert site_settings.LOGGING["handlers"]["stderr"]["filters"] == ["refusals"]
    for name, level, kept in (
        ("django.request", logging.WARNING, False),
        ("django.security.DisallowedHost", logging.ERROR, False),
        ("django.request", logging.ERROR, True),
    ):
        error = (ValueError, ValueError("x"), None)
        record = logging.LogRecord(name, level, "", 0, "said", None, error)
        assert ShortRefusals().filter(record)
        assert bool(record.exc_info) == kept
