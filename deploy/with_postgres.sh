#!/usr/bin/env bash
# Run a command with a PostgreSQL of its own, which is started before and removed after.
# Usage: deploy/with_postgres.sh COMMAND [ARGUMENT ...]
#
# The command finds the empty database "kptracker" in DATABASE_URL and TEST_DATABASE_URL.
# The server listens on a Unix socket only, and forgets everything: it is for tests and
# benchmarks, not for a site. As root the server belongs to another user, as it insists on.
set -euo pipefail

bin=$(ls -d /usr/lib/postgresql/*/bin 2> /dev/null | sort -V | tail -n 1 || true)
[ -x "${bin:-}/initdb" ] || bin=$(pg_config --bindir 2> /dev/null || true)
if [ ! -x "${bin:-}/initdb" ]; then
    echo "PostgreSQL's server is not installed. On Debian: apt-get install postgresql" >&2
    exit 1
fi

# A short path: that of a socket may have 107 characters.
dir=$(mktemp -d /tmp/kptracker-pg.XXXXXX)
as_owner=()
if [ "$(id -u)" = 0 ]; then
    owner=postgres
    id "$owner" > /dev/null 2>&1 || owner=nobody
    chown "$owner" "$dir"
    as_owner=(runuser -u "$owner" --)
fi

cleanup() {
    if [ -f "$dir/data/postmaster.pid" ]; then
        "${as_owner[@]}" "$bin/pg_ctl" -D "$dir/data" -m immediate -w stop > /dev/null 2>&1 || true
    fi
    rm -rf "$dir"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# The rules for sorting words are those of a language, as on most servers: a query that leaves
# the order of text to the database gives another order here than on SQLite, and a test sees it.
(
    cd "$dir"
    "${as_owner[@]}" "$bin/initdb" -D "$dir/data" -U kptracker --auth=trust --no-sync \
        --encoding=UTF8 --locale=C.UTF-8 --locale-provider=icu --icu-locale=en-US
    "${as_owner[@]}" "$bin/pg_ctl" -D "$dir/data" -l "$dir/log" -w -t 60 start -o "\
        -c listen_addresses='' -c unix_socket_directories='$dir' \
        -c fsync=off -c synchronous_commit=off -c full_page_writes=off \
        -c shared_buffers=256MB -c max_wal_size=4GB -c autovacuum_naptime=10min"
    "${as_owner[@]}" "$bin/createdb" -h "$dir" -U kptracker kptracker
) > "$dir/start.log" 2>&1 || {
    echo "The PostgreSQL for the tests did not start:" >&2
    tail -n 30 "$dir/start.log" >&2
    [ ! -f "$dir/log" ] || tail -n 30 "$dir/log" >&2
    exit 1
}

export DATABASE_URL="postgres://kptracker@${dir//\//%2F}/kptracker"
export TEST_DATABASE_URL=$DATABASE_URL
code=0
"$@" || code=$?
exit "$code"
