//! A file of the region's homework. Its row is in the database, its content is put where the server keeps files, by whichever server serves
//! the region: a database may be copied to where no file has ever been.

use base::SchoolId;
use chrono::NaiveDate;
use classbook_core::homework::files::{Files, Hash};

use super::rows::{Rows, Table};
use super::school::Institution;

/// The school whose teacher has given the file.
const SCHOOL: SchoolId = SchoolId(11);
const NAME: &str = "Карточка.txt";
const CONTENT: &str = "Карточка для повторения\n\n\
    1. Вычислите: 3/4 + 1/6.\n\
    2. Решите уравнение: 5x − 7 = 2x + 8.\n\
    3. В классе 28 учеников, мальчиков на 4 больше, чем девочек. Сколько мальчиков?\n";

/// Hangs the file on a homework.
pub fn write(of: &Institution<'_>, number: usize, homework: i64, by: i64, day: NaiveDate, rows: &mut Rows) {
    if of.seat.id != SCHOOL.0 {
        return;
    }
    let hash = Hash::of(CONTENT.as_bytes());
    rows.add(
        Table::HomeworkFile,
        &[
            &of.seat.id,
            &of.id(number),
            &homework,
            &NAME,
            &"text",
            &CONTENT.len(),
            // COPY reads two backslashes as one
            &format!("\\\\x{hash}"),
            &by,
            &format!("{day} 12:10Z"),
        ],
    );
}

/// Puts the content where the server keeps files; again is nothing new.
pub fn put(files: &Files) -> std::io::Result<()> {
    match files.store() {
        Some(store) => store.put(SCHOOL, CONTENT.as_bytes()).map(drop),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;
    use std::sync::Arc;

    use classbook_core::homework::FileKind;
    use classbook_core::homework::files::{FileStore as _, Folder};
    use classbook_core::homework::kind::recognise;

    use super::*;

    #[test]
    fn the_file_is_one_that_the_server_would_have_taken_and_lies_where_its_row_says() {
        assert!(matches!(recognise(NAME, CONTENT.as_bytes()), Ok(FileKind::Text)));
        let root = std::env::temp_dir().join(format!("parta-demo-files-{}", std::process::id()));
        let folder = Arc::new(Folder::new(&root).unwrap());
        let files = Files::new(folder.clone());
        put(&files).unwrap();
        put(&files).unwrap();
        let mut text = String::new();
        let mut there = folder.open(SCHOOL, Hash::of(CONTENT.as_bytes())).unwrap();
        there.read_to_string(&mut text).unwrap();
        assert_eq!(text, CONTENT);
        std::fs::remove_dir_all(&root).unwrap();
    }
}
