#!/usr/bin/env bash
# What `make test` does. It stops at the first linter that objects; the tests run on both
# databases even when those on the first fail.
set -euo pipefail
cd "$(dirname "$0")/.."

step() { printf '\n== %s (%d s)\n' "$1" "$SECONDS"; }

# --- What the tests need ------------------------------------------------------------------

missing=()
have_postgres() { ls /usr/lib/postgresql/*/bin/initdb > /dev/null 2>&1 || command -v pg_config > /dev/null && [ -x "$(pg_config --bindir 2> /dev/null)/initdb" ]; }
have_chromium() { command -v chromium > /dev/null || command -v chromium-browser > /dev/null; }
have_postgres || missing+=(postgresql)
have_chromium || missing+=(chromium)
if [ "${#missing[@]}" -gt 0 ]; then
    as_root=()
    if [ "$(id -u)" != 0 ]; then
        as_root=(sudo -n)
    fi
    if ! command -v apt-get > /dev/null || ! "${as_root[@]}" true 2> /dev/null; then
        echo "The tests need these, and may not install them here: ${missing[*]}" >&2
        echo "On Debian: sudo apt-get install ${missing[*]}" >&2
        exit 1
    fi
    step "Installing ${missing[*]}"
    "${as_root[@]}" apt-get update -qq
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends "${missing[@]}" > /dev/null
fi
bash deploy/install.sh requirements-dev.txt

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export PATH="$PWD/.venv/bin:$PATH"
# The tests bring their own settings; none of the machine's shall reach the linters either.
unset DATABASE_URL TEST_DATABASE_URL SECRET_KEY
export VAR_DIR="$scratch/var" TEST_COUNTS="$scratch/counts"
workers=${TEST_WORKERS:-2}

# --- Linters ------------------------------------------------------------------------------

step "ruff"
ruff check .
ruff format --check .
step "mypy"
mypy
step "Django's checks"
manage() { DJANGO_SETTINGS_MODULE=tests.settings python -W error::RuntimeWarning manage.py "$@"; }
manage makemigrations --check --dry-run
manage check --fail-level WARNING

# --- Tests --------------------------------------------------------------------------------

[ "${1:-}" != lint ] || exit 0
failed=0
step "Tests on SQLite"
pytest --ignore=tests/browser -n "$workers" -q || failed=1
step "Tests on PostgreSQL"
bash deploy/with_postgres.sh pytest --ignore=tests/browser -n "$workers" -q || failed=1
step "Tests in Chromium, on SQLite"
pytest tests/browser -q || failed=1

step "All together"
awk '{ passed += $1; failed += $2 } END { printf "%d passed, %d failed\n", passed, failed }' \
    "$TEST_COUNTS"
exit "$failed"
