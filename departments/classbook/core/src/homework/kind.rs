//! What a file is, by its content alone. A name may say anything; what is not recognised, or may carry a program, is not taken.

use serde::{Deserialize, Serialize};

macro_rules! kinds {
    ($($(#[$doc:meta])* $variant:ident = $key:literal $media:literal [$($ending:literal),+]),* $(,)?) => {
        /// A kind of file that a homework may have.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum FileKind { $($(#[$doc])* $variant),* }

        impl FileKind {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The key in the database.
            #[must_use]
            pub fn key(self) -> &'static str {
                match self { $(Self::$variant => $key),* }
            }

            /// Reads a key.
            #[must_use]
            pub fn from_key(key: &str) -> Option<Self> {
                match key { $($key => Some(Self::$variant),)* _ => None }
            }

            /// The type that a download is told with: from this list, never from whoever sent the file.
            #[must_use]
            pub fn media_type(self) -> &'static str {
                match self { $(Self::$variant => $media),* }
            }

            /// The endings of its names, the usual one first.
            #[must_use]
            pub fn endings(self) -> &'static [&'static str] {
                match self { $(Self::$variant => &[$($ending),+]),* }
            }
        }
    };
}

kinds! {
    /// PDF.
    Pdf = "pdf" "application/pdf" ["pdf"],
    /// A text of Word.
    Docx = "docx" "application/vnd.openxmlformats-officedocument.wordprocessingml.document" ["docx"],
    /// A workbook of Excel.
    Xlsx = "xlsx" "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" ["xlsx"],
    /// A presentation of PowerPoint.
    Pptx = "pptx" "application/vnd.openxmlformats-officedocument.presentationml.presentation" ["pptx"],
    /// A text of LibreOffice, «МойОфис», «Р7».
    Odt = "odt" "application/vnd.oasis.opendocument.text" ["odt"],
    /// A spreadsheet of the same.
    Ods = "ods" "application/vnd.oasis.opendocument.spreadsheet" ["ods"],
    /// A presentation of the same.
    Odp = "odp" "application/vnd.oasis.opendocument.presentation" ["odp"],
    /// A picture.
    Png = "png" "image/png" ["png"],
    /// A photograph.
    Jpeg = "jpeg" "image/jpeg" ["jpg", "jpeg"],
    /// A picture.
    Webp = "webp" "image/webp" ["webp"],
    /// Sound: listening in a foreign language.
    Mp3 = "mp3" "audio/mpeg" ["mp3"],
    /// Plain text.
    Text = "text" "text/plain" ["txt"],
}

impl FileKind {
    /// What `accept` of a file input lists.
    #[must_use]
    pub fn accept() -> String {
        let endings = Self::ALL.iter().flat_map(|k| k.endings());
        endings.map(|e| format!(".{e}")).collect::<Vec<_>>().join(",")
    }

    /// What a person reads: «PDF».
    #[must_use]
    pub fn shown(self) -> String {
        self.endings()
            .first()
            .map(|e| e.to_uppercase())
            .unwrap_or_default()
    }
}

/// Why a file is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Nothing in it.
    Empty,
    /// None of [`FileKind`].
    Unknown,
    /// Macros or scripts in it.
    Macros,
    /// An archive that is far larger inside, or has more parts, than a document.
    Bomb,
    /// Its name ends otherwise than its content is.
    OtherName(FileKind),
}

/// Which kind it is, asked of the content; the name's ending has to agree.
///
/// # Errors
/// Why it is not taken.
#[cfg(feature = "sql")]
pub fn recognise(name: &str, content: &[u8]) -> Result<FileKind, Refusal> {
    let kind = inside(content)?;
    let ending = super::name::ending(name);
    if kind.endings().contains(&ending.as_str()) {
        Ok(kind)
    } else {
        Err(Refusal::OtherName(kind))
    }
}

#[cfg(feature = "sql")]
fn inside(content: &[u8]) -> Result<FileKind, Refusal> {
    let begins = |magic: &[u8]| content.starts_with(magic);
    if content.is_empty() {
        Err(Refusal::Empty)
    } else if begins(b"%PDF-") {
        Ok(FileKind::Pdf)
    } else if begins(b"\x89PNG\r\n\x1a\n") {
        Ok(FileKind::Png)
    } else if begins(b"\xff\xd8\xff") {
        Ok(FileKind::Jpeg)
    } else if begins(b"RIFF") && content.get(8..12) == Some(b"WEBP") {
        Ok(FileKind::Webp)
    } else if begins(b"ID3") || is_frame(content) {
        Ok(FileKind::Mp3)
    } else if begins(b"PK\x03\x04") {
        archive::inside(content)
    } else if is_text(content) {
        Ok(FileKind::Text)
    } else {
        Err(Refusal::Unknown)
    }
}

/// The head of an MPEG frame, layer III, of a bit rate and a sampling rate that exist.
#[cfg(feature = "sql")]
fn is_frame(content: &[u8]) -> bool {
    match content {
        [0xff, b, c, ..] => {
            b & 0xe0 == 0xe0
                && (b >> 1) & 3 == 1
                && (b >> 3) & 3 != 1
                && c >> 4 != 15
                && c >> 4 != 0
                && (c >> 2) & 3 != 3
        }
        _ => false,
    }
}

/// No control characters but line ends, tabs and the page break: UTF-8 as well as the old Cyrillic pages of Windows.
#[cfg(feature = "sql")]
fn is_text(content: &[u8]) -> bool {
    content
        .iter()
        .all(|b| matches!(b, b'\t' | b'\n' | b'\r' | 0x0c | 0x20..=0x7e | 0x80..=0xff))
}

/// Documents that are archives. They are looked into, never unpacked.
#[cfg(feature = "sql")]
mod archive {
    use std::io::{Cursor, Read as _};

    use zip::ZipArchive;

    use super::{FileKind, Refusal};

    /// Most parts of a document: a presentation of a hundred slides has some six hundred.
    const MOST_ENTRIES: usize = 4000;
    /// Most bytes of all parts, unpacked, as the directory tells.
    const MOST_UNPACKED: u64 = 100 * 1024 * 1024;
    /// `application/vnd.oasis.opendocument.presentation` is the longest.
    const LONGEST_TYPE: u64 = 64;

    pub(super) fn inside(content: &[u8]) -> Result<FileKind, Refusal> {
        let mut archive = ZipArchive::new(Cursor::new(content)).map_err(|_| Refusal::Unknown)?;
        if archive.len() > MOST_ENTRIES {
            return Err(Refusal::Bomb);
        }
        let (mut told, mut main, mut types, mut macros) = (0u64, None, false, false);
        for n in 0..archive.len() {
            let entry = archive.by_index_raw(n).map_err(|_| Refusal::Unknown)?;
            told = told.saturating_add(entry.size());
            let name = entry.name().map_err(|_| Refusal::Unknown)?.to_lowercase();
            macros |= name.ends_with("vbaproject.bin")
                || name.starts_with("basic/")
                || name.starts_with("scripts/");
            types |= name == "[content_types].xml";
            match &*name {
                "word/document.xml" => main = Some(FileKind::Docx),
                "xl/workbook.xml" => main = Some(FileKind::Xlsx),
                "ppt/presentation.xml" => main = Some(FileKind::Pptx),
                _ => {}
            }
        }
        if told > MOST_UNPACKED {
            return Err(Refusal::Bomb);
        }
        let kind = match main.filter(|_| types) {
            Some(kind) => Some(kind),
            None => open_document(&mut archive),
        };
        match kind {
            Some(_) if macros => Err(Refusal::Macros),
            Some(kind) => Ok(kind),
            None => Err(Refusal::Unknown),
        }
    }

    /// An OpenDocument names its type in its first part.
    fn open_document(archive: &mut ZipArchive<Cursor<&[u8]>>) -> Option<FileKind> {
        let first = archive.by_index(0).ok()?;
        if first.name().ok().as_deref() != Some("mimetype") {
            return None;
        }
        let mut told = String::new();
        first.take(LONGEST_TYPE).read_to_string(&mut told).ok()?;
        [FileKind::Odt, FileKind::Ods, FileKind::Odp]
            .into_iter()
            .find(|kind| kind.media_type() == told.trim())
    }
}

#[cfg(all(test, feature = "sql"))]
mod tests;
