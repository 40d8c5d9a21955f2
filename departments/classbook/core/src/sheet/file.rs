//! A sheet as a file, made on a thread of its own: few at once, so that a whole school's reports do not starve who types marks.

use std::sync::LazyLock;
use std::time::Duration;

use base::AppError;
use paper::Paper;
use study_core::readers::Readers;

use super::Format;
use crate::t;

/// How many files are made at once. One takes one core at most (`paper::pdf`).
const AT_ONCE: usize = 1;
/// How long a file waits for its turn.
const PATIENCE: Duration = Duration::from_secs(20);

static MAKERS: LazyLock<Readers> = LazyLock::new(|| Readers::with(AT_ONCE, PATIENCE));

/// This build makes PDF.
pub const PDF: bool = cfg!(feature = "pdf");

/// A file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its name for the person's folder.
    pub name: String,
    /// Its type.
    pub content_type: &'static str,
    /// What is in it.
    pub bytes: Vec<u8>,
}

#[cfg(feature = "pdf")]
fn pdf(papers: &[Paper]) -> Result<Vec<u8>, String> {
    paper::pdf::write_all(papers).map_err(|e| e.to_string())
}

/// A build for a quick look at something else.
#[cfg(not(feature = "pdf"))]
fn pdf(_: &[Paper]) -> Result<Vec<u8>, String> {
    Err("this server was built without the feature `pdf`".to_owned())
}

/// Refuses what would keep the maker from everybody else's sheets; asked before it is written down that somebody took one.
///
/// # Errors
/// [`AppError::Invalid`] for a sheet that is too large to be printed.
pub fn fits(paper: &Paper, format: Format) -> Result<(), AppError> {
    if format == Format::Pdf && !paper.is_printable() {
        return Err(AppError::invalid("format", t::sheet_too_large(paper.lang)));
    }
    Ok(())
}

/// Makes the file. To be called without a transaction open.
///
/// # Errors
/// [`AppError::Invalid`] for a sheet that is too large to be printed, [`AppError::Unavailable`] while too many are made, and for
/// a sheet that cannot be set.
pub async fn make(paper: Paper, format: Format) -> Result<File, AppError> {
    fits(&paper, format)?;
    let name = paper.file_name(format.key());
    made(format, name, move || match format {
        Format::Xlsx => paper::xlsx::write(&paper).map_err(|e| e.to_string()),
        Format::Pdf => pdf(std::slice::from_ref(&paper)),
    })
    .await
}

/// Several sheets for the printer in one file. `name`: its name for the person's folder, of an ending of its own. To be called without a
/// transaction open.
///
/// # Errors
/// [`AppError::Unavailable`] while too many are made, and for sheets that cannot be set.
pub async fn print_all(papers: Vec<Paper>, name: String) -> Result<File, AppError> {
    made(Format::Pdf, name, move || pdf(&papers)).await
}

async fn made(
    format: Format,
    name: String,
    write: impl FnOnce() -> Result<Vec<u8>, String> + Send + 'static,
) -> Result<File, AppError> {
    let made = MAKERS.read(move || {
        write().map(|bytes| File {
            name,
            content_type: match format {
                Format::Xlsx => paper::xlsx::TYPE,
                Format::Pdf => "application/pdf",
            },
            bytes,
        })
    });
    match made.await? {
        Some(Ok(file)) => Ok(file),
        // says what kind of fault it was, nothing of the sheet
        Some(Err(fault)) => {
            tracing::error!(%fault, format = format.key(), "a sheet could not be made");
            Err(AppError::Unavailable)
        }
        None => {
            tracing::error!(format = format.key(), "the maker of a sheet gave up");
            Err(AppError::Unavailable)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::Lang;
    use paper::{Cell, HEAVIEST, Row, Table};

    #[test]
    fn what_is_too_large_is_refused_for_the_printer_alone_and_in_words() {
        let paper = |cells: usize| Paper {
            lang: Lang::Ru,
            school: String::new(),
            title: String::new(),
            facts: vec![],
            tables: vec![Table {
                rows: (0..cells).map(|_| Row::plain(vec![Cell::Count(1)])).collect(),
                ..Table::default()
            }],
            notes: vec![],
            signs: vec![],
            under_signs: <[String; 2]>::default(),
            made_on: chrono::NaiveDate::default(),
            made: String::new(),
        };
        assert_eq!(fits(&paper(HEAVIEST), Format::Pdf), Ok(()));
        let larger = paper(HEAVIEST + 1);
        assert_eq!(fits(&larger, Format::Xlsx), Ok(()));
        let refused = fits(&larger, Format::Pdf).unwrap_err();
        assert_eq!(refused.status(), 422);
        assert!(refused.message(Lang::Ru).contains("слишком большой"));
    }
}
