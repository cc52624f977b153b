#!/usr/bin/env bash
# What `make run` does: install, prepare the database and the static files, serve.
set -euo pipefail
cd "$(dirname "$0")/.."
# Ctrl-C before the server has started is no error either.
trap 'exit 0' INT

bash deploy/install.sh requirements.txt
# The database, the key and the backups are the business of whoever runs the site.
umask 077
.venv/bin/python manage.py prepare
exec .venv/bin/gunicorn --config deploy/gunicorn.conf.py kptracker.wsgi
