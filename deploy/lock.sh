#!/usr/bin/env bash
# What `make lock` does: write requirements.txt and requirements-dev.txt from the .in files.
set -euo pipefail
cd "$(dirname "$0")/.."
[ -x .venv/bin/python ] || bash deploy/install.sh requirements.txt

# uv resolves for all systems and Python versions at once. It lives outside .venv: the site
# does not need it.
tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT
.venv/bin/python -m venv "$tools"
"$tools/bin/pip" --disable-pip-version-check install --quiet uv

options=(--quiet --no-header --generate-hashes --universal --python-version 3.11
    --no-emit-index-url ${UPGRADE:+--upgrade})
"$tools/bin/uv" pip compile "${options[@]}" -o requirements.txt requirements.in
"$tools/bin/uv" pip compile "${options[@]}" -c requirements.txt -o requirements-dev.txt \
    requirements-dev.in
if grep -nE '://|--index|--find-links' requirements.txt requirements-dev.txt; then
    echo "A lock file names an address; it must hold names, versions and hashes only." >&2
    exit 1
fi
