//! A file compressed by xz, unpacked under limits: neither its header nor what it swells to may take the server's memory.

use std::io::Read as _;

use base::{AppError, Lang};
use base64::Engine as _;

use super::LARGEST_FILE;
use crate::t;

/// Most memory for decompression, in KiB: `xz -9` asks for 65 MiB, a hostile header for 4 GiB.
const MOST_MEMORY: u32 = 80 * 1024;

/// The first bytes of every file of xz.
const MAGIC: &[u8] = &[0xfd, b'7', b'z', b'X', b'Z', 0];

/// A file as it was compressed: base64, since it is no text.
///
/// # Errors
/// Invalid for what is no base64.
pub fn carried(lang: Lang, text: &str) -> Result<Vec<u8>, AppError> {
    let decoded = base64::engine::general_purpose::STANDARD.decode(text);
    decoded.map_err(|_| AppError::invalid("file", t::import_packed_broken(lang)))
}

/// The file itself; one that is not compressed stays as it is.
///
/// # Errors
/// Invalid for a file that is broken off or damaged, that wants too much memory, or that is too large once unpacked.
pub(super) fn unpacked(lang: Lang, file: Vec<u8>) -> Result<Vec<u8>, AppError> {
    if !file.starts_with(MAGIC) {
        return Ok(file);
    }
    let most = u64::try_from(LARGEST_FILE).unwrap_or(u64::MAX);
    let mut out = vec![];
    let reader = lzma_rust2::XzReader::new_mem_limit(file.as_slice(), true, MOST_MEMORY);
    // one byte more than is taken tells that there is more
    let read = reader.take(most + 1).read_to_end(&mut out);
    if read.is_err() {
        return Err(AppError::invalid("file", t::import_packed_broken(lang)));
    }
    if out.len() > LARGEST_FILE {
        return Err(AppError::invalid("file", t::import_too_large(lang)));
    }
    Ok(out)
}
