"""`manage.py prepare`: everything between an installed Python and a server that can start."""

import hashlib
import os
import shlex
import socket
from typing import Any
from urllib.parse import urlsplit

from django import __version__ as django_version
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.db.migrations.executor import MigrationExecutor

from demands.loading import is_empty
from kptracker.backups import BackupError, backup
from kptracker.data import dumps
from kptracker.data.as_sqlite import BrokenLinkError
from kptracker.lib.models import BroughtFile, SearchEntry
from statements.models import Intake


class Command(BaseCommand):
    """
    Make the site ready to be served.

    One command, because starting Python and Django takes longer than all that is to be done
    at a second start.
    """

    help = (
        "Migrates the database (after a backup), collects the static files, loads the shipped "
        "record into an empty database, and says where the site will be."
    )
    # The checks that matter are made by the steps themselves, and `migrate` runs the rest.
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        self._make_sure_the_port_is_free()
        self._migrate()
        self._collect_static_files()
        call_command("load_record", str(settings.RECORD_DIR), "--if-empty", stdout=self.stdout)
        self._fill_search()
        self._make_a_first_download()
        Intake.forget_old()
        BroughtFile.forget_old()
        connections.close_all()
        self._say_where()

    def _make_sure_the_port_is_free(self) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            # As gunicorn does; else a server stopped a moment ago would look like one running.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", settings.PORT))
            except OSError as error:
                raise CommandError(
                    f"Port {settings.PORT} cannot be used ({error.strerror}). Is the site "
                    "running already? Choose another one with: make run PORT=8001"
                ) from error

    def _migrate(self) -> None:
        connection = connections[DEFAULT_DB_ALIAS]
        try:
            executor = MigrationExecutor(connection)
        except DatabaseError as error:
            raise CommandError(
                f"The database cannot be opened: {error}\n"
                "Look at DATABASE_URL in the environment or in .env; see .env.example."
            ) from error
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if not plan:
            return
        copy = None
        if executor.loader.applied_migrations:
            names = ", ".join(f"{migration.app_label}.{migration.name}" for migration, _ in plan)
            self.stdout.write(f"Migrations to apply: {names}")
            try:
                copy = backup()
                self.stdout.write(f"The database as it was is kept in {copy}")
            except (BackupError, OSError) as error:
                if not settings.MIGRATE_WITHOUT_BACKUP:
                    raise CommandError(
                        f"No backup was made, so nothing was migrated. {error}\n"
                        "Mend that, or make a backup yourself and start once with "
                        "MIGRATE_WITHOUT_BACKUP=yes."
                    ) from error
                self.stderr.write(f"No backup was made, and you said to go on. {error}")
        else:
            self.stdout.write("Making the tables")
        try:
            call_command("migrate", interactive=False, verbosity=0, stdout=self.stdout)
        except DatabaseError as error:
            where = f" The database as it was is in {copy}." if copy else ""
            raise CommandError(f"A migration failed: {error}{where}") from error

    def _collect_static_files(self) -> None:
        """Collect the static files when one of them has changed since the last time."""
        stamp = settings.STATIC_ROOT / ".collected"
        now = _fingerprint_of_static_files()
        if stamp.is_file() and stamp.read_text(encoding="ascii") == now:
            return
        self.stdout.write("Collecting the static files")
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
        settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
        stamp.write_text(now, encoding="ascii")

    def _fill_search(self) -> None:
        """Have what was there before search was found; from then on it is kept in step."""
        if not SearchEntry.objects.exists() and not is_empty():
            self.stdout.write("Filling the index of search")
            call_command("rebuild_search", stdout=self.stdout, stderr=self.stdout)

    def _make_a_first_download(self) -> None:
        """Have /data/ offer the whole record from the first start on; then it is a nightly job."""
        if dumps.newest() is None:
            self.stdout.write("Making the first download of the whole record")
            try:
                dumps.build()
            except (BrokenLinkError, OSError) as error:
                self.stderr.write(f"It could not be made, and the site starts without: {error}")

    def _say_where(self) -> None:
        address = f"http://127.0.0.1:{settings.PORT}/"
        self.stdout.write("")
        self.stdout.write(f"The site is at      {address}    (Ctrl-C ends it)")
        if address != settings.SITE_URL + "/":
            self.stdout.write(f"Readers find it at  {settings.SITE_URL}/")
        self.stdout.write(f"Staff log in at     {address}{settings.ADMIN_PATH}")
        self.stdout.write(f"A staff account:    {_superuser_command()}")
        self.stdout.write("", ending="")
        self.stdout.flush()


def _fingerprint_of_static_files() -> str:
    """Return a hash of the names, sizes and times of all static files, and of Django's version."""
    digest = hashlib.sha256(f"{django_version} {settings.STORAGES['staticfiles']}".encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            about = os.stat(storage.path(name))
            digest.update(f"{name} {about.st_size} {about.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _superuser_command() -> str:
    """Return the command that makes a staff account in the database that is being served."""
    words = []
    for variable in ("VAR_DIR", "DATABASE_URL"):
        # What stands in .env is read by that command too; what was given for this start only
        # has to be given again.
        value = os.environ.get(variable, "")
        if not value or variable in settings.FROM_ENV_FILE:
            continue
        try:
            hide = urlsplit(value).password is not None
        except ValueError:
            hide = True
        words.append(f"{variable}=..." if hide else f"{variable}={shlex.quote(value)}")
    return " ".join([*words, ".venv/bin/python manage.py createsuperuser"])
