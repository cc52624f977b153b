#!/usr/bin/env bash
# What `make test` does. One failure stops nothing: a run tells all there is to mend, and its
# last lines say what failed.
set -euo pipefail
cd "$(dirname "$0")/.."

failed=()
step() {
    local name=$1
    shift
    printf '\n== %s (%d s)\n' "$name" "$SECONDS"
    "$@" || failed+=("$name")
}

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT

# --- What the tests need ------------------------------------------------------------------

have_postgres() {
    ls /usr/lib/postgresql/*/bin/initdb > /dev/null 2>&1 ||
        [ -x "$(pg_config --bindir 2> /dev/null)/initdb" ]
}
have_chromium() { command -v chromium > /dev/null || command -v chromium-browser > /dev/null; }

missing=()
have_postgres || missing+=(postgresql)
have_chromium || missing+=(chromium)
command -v xgettext > /dev/null || missing+=(gettext)
if [ "${#missing[@]}" -gt 0 ]; then
    as_root=()
    [ "$(id -u)" = 0 ] || as_root=(sudo -n)
    if ! command -v apt-get > /dev/null || ! "${as_root[@]}" true 2> /dev/null; then
        echo "The tests need these, and may not install them here: ${missing[*]}" >&2
        echo "On Debian: sudo apt-get install ${missing[*]}" >&2
        exit 1
    fi
    echo "Installing ${missing[*]}"
    {
        "${as_root[@]}" apt-get update &&
            "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
                apt-get install -y --no-install-recommends "${missing[@]}"
    } > "$scratch/apt.log" 2>&1 || {
        tail -n 30 "$scratch/apt.log" >&2
        echo "Could not install ${missing[*]}; see above." >&2
        exit 1
    }
fi
bash deploy/install.sh requirements-dev.txt

export PATH="$PWD/.venv/bin:$PATH"
# The tests bring their own settings; none of the machine's shall reach the linters either.
unset DATABASE_URL TEST_DATABASE_URL SECRET_KEY
export VAR_DIR="$scratch/var" TEST_COUNTS="$scratch/counts"

# --- Linters ------------------------------------------------------------------------------

manage() {
    DJANGO_SETTINGS_MODULE=tests.settings python manage.py "$@"
}
step "ruff check" ruff check .
step "ruff format" ruff format --check .
step "mypy" mypy
step "migrations are complete" manage makemigrations --check --dry-run
step "Django's checks" manage check --fail-level WARNING

# --- Tests --------------------------------------------------------------------------------

if [ "${1:-}" != lint ]; then
    # Whoever has finished takes from the other: a few tests take a minute.
    options=(-q -n "${TEST_WORKERS:-$(nproc)}" --dist worksteal --ignore=tests/browser)
    step "Tests on SQLite" pytest "${options[@]}"
    step "Tests on PostgreSQL" bash deploy/with_postgres.sh pytest "${options[@]}"
    # What the browser shows depends on pages and scripts; the databases were compared above.
    step "Tests in Chromium, on SQLite" pytest -q -n "${TEST_WORKERS:-$(nproc)}" tests/browser

    printf '\n== All together (%d s)\n' "$SECONDS"
    awk '{ passed += $1; failed += $2 } END { printf "%d passed, %d failed\n", passed, failed }' \
        "$TEST_COUNTS"
fi
if [ "${#failed[@]}" -gt 0 ]; then
    printf 'Failed: %s\n' "${failed[@]}" >&2
    exit 1
fi
