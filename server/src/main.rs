//! The executable `parta`: everything is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    server::commands::main()
}
