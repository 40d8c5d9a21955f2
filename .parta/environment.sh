# shellcheck shell=bash
# Where things are, and words for the person at the terminal. Sourced by ./parta.

PARTA_CACHE=${PARTA_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/parta}
export PARTA_CACHE
# CI works in a fresh clone each time; what it built last is used again where it still lies.
if [ "${CI:-}" = true ]; then
    CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$PARTA_CACHE/target}
    # a clone's files are all new each time: what cargo would keep for the next edit is never read, and is gigabytes
    export CARGO_INCREMENTAL=0
fi
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$PWD/target}
# Where cargo-leptos lays the site and the server looks for it: beside the executables, wherever those are.
export LEPTOS_SITE_ROOT=$CARGO_TARGET_DIR/site

# Debian's own binaryen breaks our wasm without a word, so the one from npm stands first.
export PATH="$PARTA_CACHE/node/node_modules/.bin:$PARTA_CACHE/tools/bin:$HOME/.cargo/bin:$PATH"
export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1

say() { printf '%s\n' "$*"; }
step() { printf '\n\033[1m── %s\033[0m\n' "$*"; }
fail() { printf 'parta: %s\n' "$*" >&2; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; elif have sudo; then sudo "$@"; else return 1; fi
}

# The data folder of `run` and `dev`: in the checkout, unless PostgreSQL's account could not enter it there.
choose_data() {
    [ -z "${PARTA_DATA:-}" ] || return 0
    PARTA_DATA=$PWD/data
    if [ "$(id -u)" -eq 0 ] && [ -z "${DATABASE_URL:-}" ] && ! runuser -u postgres -- test -x "$PWD" 2>/dev/null; then
        PARTA_DATA=/var/lib/parta
    fi
    export PARTA_DATA
}

# Beside every file of the site its brotli form, for a server that hands it out as it lies.
precompress() {
    local file
    find "$1" -type f -regex '.*\.\(wasm\|js\|css\|svg\|json\|webmanifest\)' | while read -r file; do
        [ "$file.br" -nt "$file" ] || printf '%s\0' "$file"
    done | xargs -0 -r -n 8 -P 2 brotli --force --keep --quality=11 --
}

# Where throw-away databases lie: in memory, where there is room. Each test makes a database of its own, which is a thousand files.
quick_folder() {
    local free
    free=$(df -Pk /dev/shm 2>/dev/null | awk 'NR == 2 { print $4 }')
    if [ -w /dev/shm ] && [ "${free:-0}" -ge $((4 * 1024 * 1024)) ]; then printf /dev/shm; else printf /tmp; fi
}

# A cluster for one command, gone with it. Sets `database_url`.
start_database() {
    database_folder=$(mktemp -d "$(quick_folder)/parta-database.XXXXXX")
    chmod 755 "$database_folder"
    trap stop_database EXIT
    trap 'exit 130' INT TERM
    database_url=$(env -u DATABASE_URL "$CARGO_TARGET_DIR/debug/parta" \
        postgres start --throw-away --data "$database_folder")
}

stop_database() {
    [ -n "${database_folder:-}" ] || return 0
    env -u DATABASE_URL "$CARGO_TARGET_DIR/debug/parta" postgres stop --data "$database_folder" || true
    rm -rf "$database_folder"
    database_folder=
}
