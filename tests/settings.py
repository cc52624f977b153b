"""
The site's settings for the tests: no machine's own variables, and a database of their own.

TEST_DATABASE_URL chooses the database (SQLite in a temporary folder without it).
"""

import atexit
import os
import shutil
import tempfile

# Set before the settings are read, so that neither the environment nor a .env file of the
# machine changes what is tested.
_own_folder = tempfile.mkdtemp(prefix="kptracker-tests-")
atexit.register(shutil.rmtree, _own_folder, ignore_errors=True)
os.environ.update(
    {
        "VAR_DIR": _own_folder,
        "DATABASE_URL": os.environ.get("TEST_DATABASE_URL", ""),
        "SECRET_KEY": "only-for-the-tests-" + "0123456789abcdef" * 3,
        "DEBUG": "no",
        "PORT": "8000",
        "SITE_URL": "http://127.0.0.1:8000",
        "ALLOWED_HOSTS": "localhost,127.0.0.1,[::1],testserver",
        "CSRF_TRUSTED_ORIGINS": "",
        "CORRECTIONS_EMAIL": "corrections@example.org",
        "ADMIN_PATH": "admin/",
        "API_PER_MINUTE": "100000",
        "PROXIES": "",
        "SECURE_COOKIES": "",
        "SSL_REDIRECT": "",
        "HSTS_SECONDS": "",
        "LOG_LEVEL": "WARNING",
    }
)

from kptracker.settings import *  # noqa: E402, F403
from kptracker.settings import CACHES, DATABASES, STORAGES  # noqa: E402

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, not memory: threads of the live server then lock as they do in earnest.
    DATABASES["default"]["TEST"] = {"NAME": os.path.join(_own_folder, "test.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] = (
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA foreign_keys = ON;"
    )
# A connection that outlives its test would keep the test database from being removed.
DATABASES["default"]["CONN_MAX_AGE"] = 0

# Static files come from where they lie; nothing has to be collected first.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
os.makedirs(os.path.join(_own_folder, "static"), exist_ok=True)

# Real hashing takes a second for each login.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# Each test sees what its views make; the tests of keeping whole pages bring a memory for them.
CACHES = {**CACHES, "pages": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
