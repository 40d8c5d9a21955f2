#!/usr/bin/env bash
# Builds Rust's WebAssembly target from the source that Debian packages, where rustup cannot fetch it.
# The source must be of exactly the version of `rustc`; trixie-backports keeps several. The machine's own lists of
# packages stay as they are.
set -euo pipefail
version=$(rustc --version | cut -d' ' -f2)
sysroot=$(rustc --print sysroot)
help="the WebAssembly target of Rust $version is missing: rustup target add wasm32-unknown-unknown"
command -v apt-get >/dev/null || { echo "$help" >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mirror=$(apt-get indextargets --format '$(REPO_URI)' | grep -v security | head -1)
mkdir -p "$work/lists/partial" "$work/cache/archives/partial"
keys=/usr/share/keyrings/debian-archive-keyring.gpg
echo "deb [signed-by=$keys] $mirror trixie-backports main" >"$work/sources.list"
apt() {
    apt-get -qq -o Dir::Etc::SourceList="$work/sources.list" -o Dir::Etc::SourceParts=/dev/null \
        -o Dir::State::Lists="$work/lists" -o Dir::Cache="$work/cache" -o APT::Sandbox::User=root "$@"
}
cd "$work"
apt update
package=$(apt-cache -o Dir::Etc::SourceList="$work/sources.list" -o Dir::Etc::SourceParts=/dev/null \
    -o Dir::State::Lists="$work/lists" -o Dir::Cache="$work/cache" madison rust-src \
    | cut -d'|' -f2 | tr -d ' ' | grep "^$version" | head -1 || true)
[ -n "$package" ] || { echo "$help" >&2; exit 1; }
apt download "rust-src=$package"
dpkg -x rust-src_*.deb unpacked
library=$(find unpacked -mindepth 5 -maxdepth 5 -type d -path '*/library/std' | head -1)
mkdir -p "$sysroot/lib/rustlib/src/rust"
[ -d "$sysroot/lib/rustlib/src/rust/library" ] || cp -r "$(dirname "$library")" "$sysroot/lib/rustlib/src/rust/library"
mkdir -p empty/src
printf '[package]\nname = "empty"\nversion = "0.0.0"\nedition = "2024"\n' >empty/Cargo.toml
touch empty/src/lib.rs
(
    cd empty
    # Without the bitcode a build of ours with LTO fails.
    RUSTFLAGS=-Cembed-bitcode=yes CARGO_TARGET_DIR="$work/target" CARGO_PROFILE_RELEASE_CODEGEN_UNITS=1 RUSTC_BOOTSTRAP=1 \
        cargo build --quiet --release -Zbuild-std=std,panic_abort --target wasm32-unknown-unknown
)
place=$sysroot/lib/rustlib/wasm32-unknown-unknown/lib
mkdir -p "$place"
find "$work/target/wasm32-unknown-unknown/release/deps" -name 'lib*.rlib' ! -name 'libempty*' -exec cp {} "$place/" \;
