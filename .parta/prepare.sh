# shellcheck shell=bash
# .sqlx: what the database says about every query, so that the build needs none. Sourced by ./parta.
#
# The macros of sqlx write a file for each query that they check against a live database when SQLX_OFFLINE_DIR is set;
# so sqlx-cli is not needed. Cargo must be made to expand them all again.

run_prepare() {
    local target=.sqlx
    setup_rust; setup_server
    local fresh=$CARGO_TARGET_DIR/sqlx-fresh
    rm -rf "$fresh"; mkdir -p "$fresh"
    # Our own executable cannot help: without .sqlx it is not built.
    start_plain_database
    step "checking all SQL against a fresh database"
    grep -rlE 'query(_as|_scalar|_file|_file_as|_file_scalar)?!\(|migrate!\(' --include='*.rs' . --exclude-dir=target \
        --exclude-dir=node_modules | xargs -r touch
    SQLX_OFFLINE=false SQLX_OFFLINE_DIR=$fresh DATABASE_URL=$database_url \
        cargo check --quiet --workspace --exclude frontend --all-targets
    if [ "${1:-}" = --check ]; then
        diff -rq "$fresh" "$target" || fail ".sqlx is not up to date: call ./parta prepare and commit it"
        say ".sqlx is up to date"
    else
        rm -rf "$target"; mkdir -p "$target"
        cp "$fresh"/* "$target/" 2>/dev/null || true
        say "$(find "$target" -type f | wc -l) queries written to .sqlx"
    fi
}

# A migrated cluster without the help of our own executable.
start_plain_database() {
    local bin account=()
    bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)
    [ -n "$bin" ] || bin=$(dirname "$(readlink -f "$(command -v initdb)")")
    database_folder=$(mktemp -d /tmp/parta-prepare.XXXXXX)
    trap 'stop_plain_database' EXIT
    trap 'exit 130' INT TERM
    if [ "$(id -u)" -eq 0 ]; then
        chown postgres "$database_folder"
        account=(runuser -u postgres --)
    fi
    plain=("${account[@]}" "$bin/pg_ctl" -D "$database_folder/db")
    (
        cd /
        "${account[@]}" "$bin/initdb" -D "$database_folder/db" -U parta_owner -A trust -E UTF8 --locale C.UTF-8 -N >/dev/null
        "${plain[@]}" start -s -w -l "$database_folder/log" \
            -o "-c listen_addresses='' -c unix_socket_directories=$database_folder -c fsync=off" >/dev/null
    ) || fail "PostgreSQL did not start: $(tail -3 "$database_folder/log" 2>/dev/null)"
    local psql=(psql -X -q -v ON_ERROR_STOP=1 -h "$database_folder" -U parta_owner) file
    "${psql[@]}" -d postgres -c 'create database parta'
    for file in migrations/*.sql; do
        "${psql[@]}" -d parta -1 -f "$file" 2>&1 | { grep -v NOTICE || true; }
        [ "${PIPESTATUS[0]}" -eq 0 ] || fail "$file fails"
    done
    database_url="postgres://parta_owner@localhost/parta?host=$database_folder"
}

stop_plain_database() {
    [ -n "${database_folder:-}" ] || return 0
    (cd / && "${plain[@]}" stop -s -m immediate) || true
    rm -rf "$database_folder"
    database_folder=
}
