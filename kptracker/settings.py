"""
The settings of kptracker, in one file.

What differs from one machine to the next comes from environment variables, or from a file
named `.env` beside manage.py (a variable of the environment wins over the file). All of them
are explained in `.env.example`, and none is needed to try the site. A value that cannot be
used stops the start with a message that names the variable and the fix.
"""

import os
import re
import secrets
from pathlib import Path
from urllib.parse import unquote, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

# ---------------------------------------------------------------------------------------
# Reading the environment
# ---------------------------------------------------------------------------------------

BASE_DIR = Path(__file__).resolve().parent.parent

_environment_alone = set(os.environ)
environ.Env.read_env(BASE_DIR / ".env")
# The variables that came from the file and not from the environment.
FROM_ENV_FILE = frozenset(os.environ) - _environment_alone


def refuse(variable: str, problem: str, fix: str) -> ImproperlyConfigured:
    """Return the error that names a variable, what is wrong with it and how to mend it."""
    return ImproperlyConfigured(f"{variable} {problem}. {fix} See .env.example.")


def read_bool(variable: str, default: bool) -> bool:
    """Return a yes/no variable; anything that is neither is refused, not taken for "no"."""
    value = os.environ.get(variable, "").strip().lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    if value == "":
        return default
    raise refuse(variable, f"is {value!r}, neither yes nor no", f"Set {variable}=yes or no.")


def read_int(variable: str, default: int, low: int, high: int) -> int:
    """Return a whole number between `low` and `high`."""
    value = os.environ.get(variable, "").strip()
    if value == "":
        return default
    if not re.fullmatch(r"[0-9]{1,12}", value) or not low <= int(value) <= high:
        raise refuse(
            variable,
            f"is {value!r}, not a whole number from {low} to {high}",
            f"Set for example {variable}={default}.",
        )
    return int(value)


def read_text(variable: str, default: str = "") -> str:
    """Return a variable without surrounding blanks; an empty one counts as absent."""
    return os.environ.get(variable, "").strip() or default


def read_list(variable: str, default: list[str]) -> list[str]:
    """Return the parts of a variable that are separated by commas."""
    parts = [part.strip() for part in os.environ.get(variable, "").split(",")]
    return [part for part in parts if part] or default


# ---------------------------------------------------------------------------------------
# Folders
# ---------------------------------------------------------------------------------------

# All that the running site writes lies under VAR_DIR: the SQLite database, the secret key,
# backups, collected static files and the private files.
VAR_DIR = (BASE_DIR / read_text("VAR_DIR", "var")).resolve()

# The record as it ships, and the one source of every coded value and its labels.
RECORD_DIR = BASE_DIR / "record"
VOCABULARIES = RECORD_DIR / "vocabularies.csv"


# ---------------------------------------------------------------------------------------
# Who we are on the web
# ---------------------------------------------------------------------------------------

DEBUG = read_bool("DEBUG", default=False)

# gunicorn listens on 127.0.0.1 and this port.
PORT = read_int("PORT", 8000, low=1, high=65535)

# How many processes serve, and how many requests each of them serves at a time.
WEB_CONCURRENCY = read_int("WEB_CONCURRENCY", 2, low=1, high=64)
WEB_THREADS = read_int("WEB_THREADS", 4, low=1, high=64)

# The address that readers type. It stands in the permalinks of every export.
SITE_URL = read_text("SITE_URL", f"http://127.0.0.1:{PORT}").rstrip("/")
try:
    _site = urlsplit(SITE_URL)
    _site_is_usable = _site.scheme in {"http", "https"} and bool(_site.hostname) and not _site.path
except ValueError:
    _site_is_usable = False
if not _site_is_usable:
    raise refuse(
        "SITE_URL",
        f"is {SITE_URL!r}, not the address of a site",
        "Set for example SITE_URL=https://tracker.example.org (no path behind the name).",
    )
SITE_IS_HTTPS = SITE_URL.startswith("https://")
_site_host = _site.hostname or "127.0.0.1"

# The names under which the site answers; a request for any other gets a 400.
ALLOWED_HOSTS = read_list("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
_own_host = f"[{_site_host}]" if ":" in _site_host else _site_host
if _own_host not in ALLOWED_HOSTS:
    ALLOWED_HOSTS = [*ALLOWED_HOSTS, _own_host]

# Origins that may post forms when a proxy in front changes the host name or the scheme.
CSRF_TRUSTED_ORIGINS = read_list("CSRF_TRUSTED_ORIGINS", [SITE_URL] if SITE_IS_HTTPS else [])
for _origin in CSRF_TRUSTED_ORIGINS:
    if not _origin.startswith(("http://", "https://")):
        raise refuse(
            "CSRF_TRUSTED_ORIGINS",
            f"contains {_origin!r}, which lacks http:// or https://",
            "Set for example CSRF_TRUSTED_ORIGINS=https://tracker.example.org.",
        )

# Where "Something wrong? Tell us" writes to. Without it the line is left out, and
# `manage.py check` warns.
CORRECTIONS_EMAIL = read_text("CORRECTIONS_EMAIL")
if CORRECTIONS_EMAIL and not re.fullmatch(r"[^@\s<>\"]+@[^@\s<>\"]+", CORRECTIONS_EMAIL):
    raise refuse(
        "CORRECTIONS_EMAIL",
        f"is {CORRECTIONS_EMAIL!r}, not an e-mail address",
        "Set for example CORRECTIONS_EMAIL=corrections@example.org.",
    )

# Who answers a request for a correction, and within how many days, as /about/corrections/ says
# it. Unknown stays empty: then the page says how to write and promises nothing.
CORRECTIONS_ANSWERED_BY = read_text("CORRECTIONS_ANSWERED_BY")
CORRECTIONS_DAYS = read_int("CORRECTIONS_DAYS", 0, low=0, high=365)

# How often one address of the internet may ask the API in a minute; each process that serves
# counts its own. Behind a proxy the address is the one that the proxy passes on.
API_PER_MINUTE = read_int("API_PER_MINUTE", 1200, low=1, high=1_000_000)
# How many web servers of ours stand in front and add to X-Forwarded-For. gunicorn listens on
# this machine only, so one does; with 0 the header is not read.
PROXIES = read_int("PROXIES", 1, low=0, high=9)

# The path of the admin, for those who would rather not have it where everybody looks.
ADMIN_PATH = read_text("ADMIN_PATH", "admin/").strip("/") + "/"
if not re.fullmatch(r"([A-Za-z0-9_-]+/)+", ADMIN_PATH):
    raise refuse(
        "ADMIN_PATH",
        f"is {ADMIN_PATH!r}; letters, digits, - and _ can be used",
        "Set for example ADMIN_PATH=admin/.",
    )


# ---------------------------------------------------------------------------------------
# The secret key
# ---------------------------------------------------------------------------------------


def read_or_make_secret_key() -> str:
    """
    Return SECRET_KEY, or the key in VAR_DIR/secret_key, which is made at the first start.

    The file is readable by its owner only. Whoever deletes it ends all staff sessions.
    """
    given = read_text("SECRET_KEY")
    if given:
        if len(given) < 50 or len(set(given)) < 5 or given.startswith("django-insecure-"):
            raise refuse(
                "SECRET_KEY",
                "is too short or too simple: it needs 50 characters that nobody can guess",
                "Leave it unset (one is made and kept in var/secret_key), or make one with: "
                'python3 -c "import secrets; print(secrets.token_urlsafe(50))".',
            )
        return given
    path = VAR_DIR / "secret_key"
    try:
        if not path.exists():
            VAR_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
            # Written aside and linked into place, so that two processes that start together
            # end up with one key, and neither ever reads half of it.
            aside = path.with_name(f"secret_key.{os.getpid()}")
            with open(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(50))
            try:
                os.link(aside, path)
            except FileExistsError:
                pass
            finally:
                aside.unlink()
        key = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeError) as error:
        raise refuse(
            "SECRET_KEY",
            f"is not set, and {path} cannot be written or read ({error})",
            "Make that folder writable for the user who runs the site, or set SECRET_KEY.",
        ) from error
    if len(key) < 50:
        raise refuse(
            "SECRET_KEY",
            f"is not set, and {path} holds no usable key",
            "Delete that file; the next start makes a new one.",
        )
    return key


SECRET_KEY = read_or_make_secret_key()


# ---------------------------------------------------------------------------------------
# Database: SQLite in VAR_DIR unless DATABASE_URL says otherwise
# ---------------------------------------------------------------------------------------


def read_database() -> dict[str, object]:
    """Return Django's settings for the database that DATABASE_URL names."""
    fix = (
        "Leave it unset for SQLite, or set DATABASE_URL=postgres://USER:PASSWORD@HOST:5432/NAME "
        "(special characters of the password %-encoded), or sqlite:////full/path.sqlite3."
    )
    url = read_text("DATABASE_URL", f"sqlite:///{VAR_DIR / 'kptracker.sqlite3'}")
    # The message never repeats the URL: it holds a password.
    scheme = url.partition(":")[0]
    if scheme not in {"sqlite", "postgres", "postgresql"} or "://" not in url:
        raise refuse("DATABASE_URL", "names neither SQLite nor PostgreSQL", fix)
    try:
        # A port that is no number shows only when it is asked for.
        _ = urlsplit(url).port
        database: dict[str, object] = dict(environ.Env.db_url_config(url))
    except Exception as error:
        raise refuse("DATABASE_URL", "cannot be understood", fix) from error
    if not database.get("NAME"):
        raise refuse("DATABASE_URL", "names no database", fix)
    if scheme == "sqlite":
        name = str(database["NAME"])
        if name != ":memory:":
            path = BASE_DIR / name
            try:
                path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            except OSError as error:
                raise refuse(
                    "DATABASE_URL", f"names a folder that cannot be made ({error})", fix
                ) from error
            database["NAME"] = str(path)
        # Write-ahead log, and writers that queue from their first statement: readers never
        # wait for a writer, and two writers never meet "database is locked" half-way.
        database["OPTIONS"] = {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": (
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;"
                # What is deleted is overwritten: removed personal data leave no bytes behind.
                " PRAGMA secure_delete = ON;"
                # Search reads a thousand rows at once: more than the usual 2 MB of pages.
                " PRAGMA cache_size = -20000;"
            ),
        }
    else:
        # A Unix socket is written as postgres://USER@%2Frun%2Fpostgresql/NAME.
        database["HOST"] = unquote(str(database.get("HOST") or ""))
        database["CONN_HEALTH_CHECKS"] = True
    # Connections stay open between requests, each thread of the server keeps one: to open one
    # takes longer than to answer that nothing has changed. PostgreSQL's are tried before they
    # are used again; stop the server before another file is put in the place of SQLite's.
    database["CONN_MAX_AGE"] = None
    return database


DATABASES = {"default": read_database()}

# `make run` copies the database before it migrates, and migrates nothing when it cannot copy,
# unless this says that somebody has taken care of it.
MIGRATE_WITHOUT_BACKUP = read_bool("MIGRATE_WITHOUT_BACKUP", default=False)

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# One memory for each worker: what is kept there is keyed by the version of the record. Most of
# it are drawn rows of lists, of about a kilobyte each.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    },
    # Whole public pages. Few of them, in a place of their own: a robot that asks for every
    # combination of filters pushes out other pages, not the parts from which all are made.
    "pages": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "pages",
        "OPTIONS": {"MAX_ENTRIES": 300},
    },
    # How often each address asked in the last minute.
    "asked": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "asked",
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    },
}


# ---------------------------------------------------------------------------------------
# Apps and middleware
# ---------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "kptracker.apps.SiteConfig",
    "kptracker.lib.apps.LibConfig",
    "statements",
    "demands",
    "kptracker.apps.StaffConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    # Before staticfiles, so that `runserver` serves static files as gunicorn does.
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "import_export",
    "simple_history",
    "django_filters",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "kptracker.lib.compressing.CompressMiddleware",
    # None of these sets a cookie or asks the database until somebody logs in.
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "kptracker.staff_language.StaffLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    # Notes who made a change, for the history of each row.
    "simple_history.middleware.HistoryRequestMiddleware",
]

ROOT_URLCONF = "kptracker.urls"
WSGI_APPLICATION = "kptracker.wsgi.application"

TEMPLATES = [
    {
        # Compiled templates are kept in memory; with DEBUG on they are read anew.
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]


# ---------------------------------------------------------------------------------------
# Languages and time
# ---------------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("fr", "Français")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True

# Moments are stored and shown in UTC; the dates of the record are plain dates without a zone.
USE_TZ = True
TIME_ZONE = "UTC"


# ---------------------------------------------------------------------------------------
# Static and private files
# ---------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"] if (BASE_DIR / "static").is_dir() else []

# Files that staff attach. They are private: no address serves this folder.
MEDIA_ROOT = VAR_DIR / "files"
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # The files that statements came in, under random names. Private too: a view hands them out.
    "originals": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": VAR_DIR / "originals"},
    },
    # Names carry a hash of the content, so that browsers may keep them for ever.
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
if DEBUG:
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
# With DEBUG on, whitenoise finds the files where they lie and needs no collectstatic.
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = DEBUG

# Long statements and long admin forms fit; nothing that could fill the memory does.
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
DATA_UPLOAD_MAX_NUMBER_FILES = 20
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024


# ---------------------------------------------------------------------------------------
# Staff accounts
# ---------------------------------------------------------------------------------------

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "admin:login"


# ---------------------------------------------------------------------------------------
# Security
# ---------------------------------------------------------------------------------------

# The browser loads nothing from another host and runs no script or style that stands in
# the page itself. The stock admin works under this policy.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
    },
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"

# On https these are on by themselves; on http://127.0.0.1 they would lock everybody out.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = read_bool("SECURE_COOKIES", default=SITE_IS_HTTPS)
SECURE_SSL_REDIRECT = read_bool("SSL_REDIRECT", default=False)
SECURE_HSTS_SECONDS = read_int("HSTS_SECONDS", 3600 if SITE_IS_HTTPS else 0, low=0, high=63_072_000)


# ---------------------------------------------------------------------------------------
# Libraries
# ---------------------------------------------------------------------------------------

# A revert would save past the actions that keep dates, counts and statuses right.
SIMPLE_HISTORY_REVERT_DISABLED = True
# Why something was changed may take more than 100 characters.
SIMPLE_HISTORY_HISTORY_CHANGE_REASON_USE_TEXT_FIELD = True

IMPORT_EXPORT_USE_TRANSACTIONS = True
IMPORT_EXPORT_IMPORT_PERMISSION_CODE = "change"
IMPORT_EXPORT_EXPORT_PERMISSION_CODE = "view"
# A cell that begins with "=" must not run as a formula in whoever's spreadsheet.
IMPORT_EXPORT_ESCAPE_FORMULAE_ON_EXPORT = True

# The API: JSON to read, for everybody, without accounts, cookies or pages of the library's own.
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": [],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "kptracker.api.serving.JsonAlways",
    "DEFAULT_METADATA_CLASS": None,
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "kptracker.api.problems.handle",
    "UNAUTHENTICATED_USER": None,
    "UNAUTHENTICATED_TOKEN": None,
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "OAS_VERSION": "3.1.0",
    "POSTPROCESSING_HOOKS": [],
    "SORT_OPERATIONS": False,
}

# An address typed without a scheme is taken as https.
FORMS_URLFIELD_ASSUME_HTTPS = True


# ---------------------------------------------------------------------------------------
# Log: to standard error, for the service manager to keep
# ---------------------------------------------------------------------------------------

LOG_LEVEL = read_text("LOG_LEVEL", "INFO").upper()
if LOG_LEVEL not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
    raise refuse("LOG_LEVEL", f"is {LOG_LEVEL!r}", "Set DEBUG, INFO, WARNING or ERROR.")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"},
    },
    # What is only refused, whoever asked for it, is one line: anybody could fill the log.
    "filters": {
        "refusals": {"()": "kptracker.logs.ShortRefusals"},
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "plain",
            "filters": ["refusals"],
        },
    },
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": LOG_LEVEL, "propagate": False},
    },
}
