//! The executable `parta`: everything is in the library.

use std::process::ExitCode;

/// glibc keeps what was freed: after the first password (19 MB of argon2) it no longer gives blocks of that size back, and a
/// server under load grew to 225 MB of which it used 40 (docs/performance.md).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    server::commands::main()
}
