# shellcheck shell=bash
# What must hold before anything lands. Sourced by ./parta.

summary=()
failed=0

# part NAME COMMAND …: runs one part to its end, remembers how it went, goes on.
part() {
    local name=$1 since=$SECONDS
    shift
    step "$name"
    if "$@"; then
        summary+=("passed  $name ($((SECONDS - since)) s)")
    else
        summary+=("FAILED  $name ($((SECONDS - since)) s)")
        failed=$((failed + 1))
    fi
}

close() {
    step "summary"
    printf '%s\n' "${summary[@]}"
    say "$((${#summary[@]} - failed)) passed, $failed failed"
    [ "$failed" -eq 0 ]
}

format() { cargo fmt --all --check; }
lint_server() {
    cargo clippy --quiet --workspace --exclude frontend --all-targets -- -D warnings \
        && cargo clippy --quiet -p timetable --all-features --all-targets -- -D warnings
}
# In cargo-leptos' folder: macros and build scripts are compiled once for both.
lint_browser() { cargo clippy --quiet --target-dir "$CARGO_TARGET_DIR/front" -p frontend --target wasm32-unknown-unknown -- -D warnings; }
# A journey that names what is not there fails only when its line is reached: the types are asked first.
lint_journeys() { (cd end2end && npx tsc -p .); }
documentation() { RUSTDOCFLAGS=-Dwarnings cargo doc --quiet --no-deps --workspace --exclude frontend; }

rust_tests() {
    cargo build --quiet -p server || return
    start_database || return
    # The application's role belongs to the whole cluster: made once, before many tests want to make it at once.
    DATABASE_URL=$database_url "$CARGO_TARGET_DIR/debug/parta" migrate || return
    # Queries are checked against .sqlx, so the address is for running alone.
    PARTA_TEST_DATABASE_URL=$database_url DATABASE_URL=$database_url SQLX_OFFLINE=true \
        cargo nextest run --workspace --exclude frontend --no-fail-fast --no-tests=fail "$@"
}

# The engine stands behind features of which the browser asks for none and the server for one. Its benchmark's archives are looked for beside
# the checkout; without them the sixteen kinds are judged by what was counted by hand (`timetable/tests/xhstt_kinds.rs`).
engine_tests() {
    local archives=${PARTA_XHSTT:-../shared/data/xhstt}
    [ -d "$archives" ] || say "LEFT OUT: the published XHSTT archives are not at $archives; set PARTA_XHSTT to their folder"
    cargo nextest run -p timetable --all-features --no-fail-fast --no-tests=fail "$@"
}

browser_build() { cargo leptos build --split; }
browser_tests() {
    [ -f end2end/package.json ] || { say "end2end/ holds no tests yet"; return 0; }
    (cd end2end && PARTA_BIN="$CARGO_TARGET_DIR/debug/parta" PARTA_QUICK_FOLDER="$(quick_folder)" npx playwright test "$@")
}

run_tests() {
    local what=${1:-all}
    [ $# -eq 0 ] || shift
    case $what in
        all | fast | rust | browser) ;;
        *) fail "there is no part \`$what\`: all, fast, rust, browser" ;;
    esac
    setup_rust; setup_server
    case $what in
        rust) setup_nextest; setup_browser; part "unit and database tests" rust_tests "$@" ;;
        browser)
            setup_wasm; setup_browser
            part "lints, journeys" lint_journeys
            part "build for the browser" browser_build
            [ "$failed" -gt 0 ] || part "journeys in Chromium" browser_tests "$@"
            ;;
        *)
            setup_wasm; setup_nextest; setup_browser
            part "format" format
            part "lints, server" lint_server
            part "lints, browser" lint_browser
            part "lints, journeys" lint_journeys
            # all of the engine's tests run in the next part, with every feature: not twice
            part "unit and database tests" rust_tests --exclude timetable
            part "timetable engine" engine_tests
            if [ "$what" = all ]; then
                part "build for the browser" browser_build
                if [ "$failed" -gt 0 ]; then
                    # A journey needs the build; anything else red is shown sooner without it.
                    say "the journeys are left out until the rest is green"
                    summary+=("LEFT OUT  journeys in Chromium")
                else
                    part "journeys in Chromium" browser_tests
                fi
            fi
            ;;
    esac
    close
}

run_check() {
    setup_rust; setup_server; setup_wasm; setup_browser
    part "format" format
    part "lints, server" lint_server
    part "lints, browser" lint_browser
    part "lints, journeys" lint_journeys
    part "documentation" documentation
    part "checked queries" check_queries
    close
}

check_queries() { (run_prepare --check); }
