# shellcheck shell=bash
# Installs what is missing, each by what the machine says and not by what we remember. Sourced by ./parta.

# packages PROGRAM-OR-FILE=PACKAGE …: installs the packages whose program or file is not there.
packages() {
    local pair missing=()
    for pair in "$@"; do
        case $pair in
            /*) [ -e "${pair%%=*}" ] || missing+=("${pair#*=}") ;;
            *) have "${pair%%=*}" || missing+=("${pair#*=}") ;;
        esac
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    have apt-get || fail "please install, by the name it has on this system: ${missing[*]}"
    say "Installing Debian packages: ${missing[*]}"
    local install=(env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}")
    as_root true || fail "root or sudo is needed once: apt-get install ${missing[*]}"
    as_root "${install[@]}" >/dev/null 2>&1 \
        || { as_root apt-get update -qq && as_root "${install[@]}" >/dev/null; } \
        || fail "apt-get could not install: ${missing[*]}"
}

setup_rust() {
    have cargo || fail "Rust is missing: install it with rustup (stable toolchain), then call ./parta again"
    local wanted found
    wanted=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
    found=$(rustc --version | cut -d' ' -f2)
    [ "$(printf '%s\n%s\n' "$wanted" "$found" | sort -V | head -1)" = "$wanted" ] \
        || fail "Rust $found is too old, $wanted or newer is needed: rustup update stable"
    packages cc=build-essential pkg-config=pkg-config
    cargo fmt --version >/dev/null 2>&1 && cargo clippy --version >/dev/null 2>&1 \
        || rustup component add rustfmt clippy >/dev/null 2>&1 || true
}

# PostgreSQL's programs; the server finds them wherever they lie.
setup_server() {
    ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || have initdb || packages initdb=postgresql
    packages brotli=brotli
}

setup_wasm() {
    wasm_target
    node_tools
    cargo_tool cargo-leptos 0.3.10 --locked --features no_downloads
    local bindgen
    bindgen=$(sed -n '/^name = "wasm-bindgen"$/{n;s/^version = "\(.*\)"/\1/p}' Cargo.lock)
    # Not --locked: its lock file asks for a crate that is not in every registry.
    cargo_tool wasm-bindgen-cli "$bindgen"
}

wasm_target() {
    [ ! -d "$(rustc --print sysroot)/lib/rustlib/wasm32-unknown-unknown/lib" ] || return 0
    say "Installing Rust's WebAssembly target"
    { have rustup && rustup target add wasm32-unknown-unknown; } || .parta/wasm-target-from-debian.sh
}

# Programs from npm that belong to the build and not to the tests.
node_tools() {
    have npm || packages node=nodejs npm=npm
    local major
    major=$(node --version | sed 's/^v\([0-9]*\).*/\1/')
    [ "$major" -ge 18 ] || fail "Node $(node --version) is too old: install Node 18 or newer"
    npm_folder .parta "$PARTA_CACHE/node"
}

# npm_folder SOURCE PLACE: installs SOURCE's package.json and lock file in PLACE, unless just that is there.
npm_folder() {
    local source=$1 place=$2
    [ -f "$source/package.json" ] || return 0
    if [ -f "$place/node_modules/.package-lock.json" ] \
        && cmp -s "$source/package.json" "$place/node_modules/.parta-package.json" \
        && cmp -s "$source/package-lock.json" "$place/node_modules/.parta-package-lock.json"; then
        return 0
    fi
    say "Installing npm packages of $source"
    mkdir -p "$place"
    if [ "$(readlink -f "$source")" != "$(readlink -f "$place")" ]; then
        cp "$source/package.json" "$source/package-lock.json" "$place/"
    fi
    local how=ci
    [ -f "$place/package-lock.json" ] || how=install
    (cd "$place" && npm "$how" --omit-lockfile-registry-resolved --no-audit --no-fund --loglevel=error) \
        || fail "npm could not install the packages of $source"
    cp "$place/package.json" "$place/node_modules/.parta-package.json"
    cp "$place/package-lock.json" "$place/node_modules/.parta-package-lock.json"
}

# cargo_tool CRATE VERSION [OPTION …]: builds a program of exactly this version into the cache, unless it is there.
cargo_tool() {
    local crate=$1 version=$2 program
    shift 2
    case $crate in
        wasm-bindgen-cli) program=wasm-bindgen ;;
        *) program=$crate ;;
    esac
    case $("$program" --version 2>/dev/null | head -1) in
        "$program $version" | "$program $version "*) return 0 ;;
    esac
    say "Building $crate $version, once a machine (five to fifteen minutes)"
    mkdir -p "$PARTA_CACHE"
    # a person at a terminal sees that it goes on
    local quiet=yes
    [ ! -t 2 ] || quiet=
    (
        # One set-up at a time, and not the flags of our own workspace. Quick to build matters more than quick to run.
        exec 9>"$PARTA_CACHE/tools.lock"
        have flock && flock 9
        cd /
        unset RUSTFLAGS CARGO_ENCODED_RUSTFLAGS CARGO_BUILD_TARGET
        CARGO_TARGET_DIR=$PARTA_CACHE/tools-target CARGO_PROFILE_RELEASE_LTO=off \
            CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 CARGO_PROFILE_RELEASE_OPT_LEVEL=1 \
            cargo install ${quiet:+--quiet} --root "$PARTA_CACHE/tools" "$crate" --version "=$version" "$@"
    ) || fail "cargo could not build $crate $version"
    # Gigabytes that nobody reads again.
    rm -rf "$PARTA_CACHE/tools-target"
}

setup_nextest() {
    cargo nextest --version >/dev/null 2>&1 && return 0
    cargo_tool cargo-nextest 0.9.143 --locked
}

# Chromium, real school files for the import and FET itself for the export, a clock of its own for the server under test, what runs the generator of schools, npm packages of the journeys.
setup_browser() {
    packages chromium=chromium /usr/share/doc/fet-data=fet-data fet-cl=fet faketime=faketime python3=python3
    [ ! -f end2end/package.json ] || npm_folder end2end end2end
}

setup_bench() { packages wrk=wrk; }

# FET on the command line, beside which the timetable engine is measured, and what writes the schools.
setup_timetable_bench() { packages fet-cl=fet /usr/share/doc/fet-data=fet-data python3=python3; }
