#!/usr/bin/env bash
# Make .venv and install a locked list of requirements into it; do nothing when that was done.
# Usage: deploy/install.sh requirements.txt
set -euo pipefail
cd "$(dirname "$0")/.."
list=$1
python=${PYTHON:-python3}

say() { printf '%s\n' "$*" >&2; }

# One at a time: `make run` and `make test` may be started together.
exec 9> .venv.lock
flock 9

if ! .venv/bin/python -c '' 2> /dev/null; then
    if ! command -v "$python" > /dev/null; then
        say "Python is missing. On Debian: apt-get install python3 python3-venv"
        exit 1
    fi
    if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
        say "$("$python" --version) is too old: kptracker needs Python 3.11 or newer."
        say "Name a newer one with: PYTHON=/path/to/python3 make run"
        exit 1
    fi
    if ! "$python" -c 'import ensurepip, venv' 2> /dev/null; then
        say "Python cannot make virtual environments here: python3-venv is missing."
        say "On Debian: apt-get install python3-venv"
        exit 1
    fi
    rm -rf .venv
    say "Making the virtual environment .venv"
    "$python" -m venv .venv
fi

# The stamp holds the hash of the list that was installed last.
now=$(sha256sum < "$list" | cut -d' ' -f1)
stamp=.venv/installed-${list%.txt}
if [ "$(cat "$stamp" 2> /dev/null)" != "$now" ]; then
    say "Installing $list (this takes a minute, once)"
    .venv/bin/python -m pip --disable-pip-version-check install -qq --no-input \
        --require-hashes -r "$list"
    # The two lists agree with each other only as long as neither was locked anew.
    rm -f .venv/installed-*
    printf '%s\n' "$now" > "$stamp"
    if [ "$list" = requirements-dev.txt ]; then
        # The longer list holds all of the shorter one.
        sha256sum < requirements.txt | cut -d' ' -f1 > .venv/installed-requirements
    fi
fi
