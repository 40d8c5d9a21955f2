//! Sets a sheet that comes as JSON on standard input (as `/api/sheet/show` answers it) and writes the PDF to standard output: to look at
//! what a change of `sheet.typ` does, without building the server.
//!
//! ```sh
//! cargo run -p paper --features pdf --example print < sheet.json > sheet.pdf
//! ```

use std::io::{Read as _, Write as _};

#[derive(serde::Deserialize)]
struct Sheet {
    paper: paper::Paper,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text)?;
    let sheet: Sheet = serde_json::from_str(&text)?;
    std::io::stdout().write_all(&paper::pdf::write(&sheet.paper)?)?;
    Ok(())
}
