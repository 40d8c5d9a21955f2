use std::io::Write as _;

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::super::LONGEST_CELL;
use super::*;

fn read(lang: Lang, file: &[u8]) -> Result<Raw, AppError> {
    super::read(lang, file, LONGEST_CELL)
}

fn archive(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, bytes) in entries {
        writer.start_file(*name, options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A workbook as Excel packs it, the small parts left out.
fn book(sheet: &str, strings: &str) -> Vec<u8> {
    let rels = r#"<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
    let book_rels = r#"<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;
    let workbook = r#"<?xml version="1.0" encoding="UTF-8"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Лист1" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
    // style 1 is a date
    let styles = r#"<?xml version="1.0" encoding="UTF-8"?><styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>"#;
    archive(&[
        ("_rels/.rels", rels.as_bytes()),
        ("xl/workbook.xml", workbook.as_bytes()),
        ("xl/_rels/workbook.xml.rels", book_rels.as_bytes()),
        ("xl/styles.xml", styles.as_bytes()),
        ("xl/sharedStrings.xml", strings.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ])
}

fn sheet(rows: &str) -> String {
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>"#
    )
}

const STRINGS: &str = r#"<?xml version="1.0" encoding="UTF-8"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="3" uniqueCount="3"><si><t>ФИО</t></si><si><t>Котов Пётр</t></si><si><t>Телефон</t></si></sst>"#;

fn told(file: &[u8]) -> String {
    read(Lang::Ru, file).expect_err("taken").message(Lang::Ru)
}

#[test]
fn a_workbook_is_rows_of_text() {
    let rows = sheet(
        r#"<row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="s"><v>2</v></c><c r="D1" t="inlineStr"><is><t>Дата рождения</t></is></c></row>
           <row r="4"><c r="A4" t="s"><v>1</v></c><c r="C4"><v>79161234567</v></c><c r="D4" s="1"><v>41522</v></c><c r="XFD4"><v>1</v></c></row>
           <row r="1048576"><c r="XFD1048576"><v>1</v></c></row>"#,
    );
    let found = read(Lang::Ru, &book(&rows, STRINGS)).unwrap();
    let cells = |texts: &[&str]| texts.iter().map(|t| (*t).to_owned()).collect::<Vec<_>>();
    assert_eq!(
        found,
        [
            (1, cells(&["ФИО", "", "Телефон", "Дата рождения"])),
            (4, cells(&["Котов Пётр", "", "79161234567", "05.09.2013"])),
        ]
    );
}

/// Sixty megabytes of spaces in sixty kilobytes: one of them is packed, the others are its copies.
fn bomb() -> Vec<u8> {
    let one = archive(&[("0.xml", &vec![b' '; 1024 * 1024])]);
    let mut one = ZipArchive::new(Cursor::new(one)).unwrap();
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for n in 0..60 {
        let entry = one.by_index_raw(0).unwrap();
        writer.raw_copy_file_rename(entry, format!("{n}.xml")).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// Every directory entry says that it is small.
fn lying(mut bomb: Vec<u8>) -> Vec<u8> {
    for (sign, size) in [(b"PK\x01\x02", 24), (b"PK\x03\x04", 22)] {
        let places: Vec<usize> = (0..bomb.len() - 4).filter(|n| &bomb[*n..n + 4] == sign).collect();
        assert_eq!(places.len(), 60);
        for at in places {
            bomb[at + size..at + size + 4].copy_from_slice(&1000u32.to_le_bytes());
        }
    }
    bomb
}

#[test]
fn a_bomb_is_refused_before_it_goes_off() {
    let bomb = bomb();
    assert!(bomb.len() < 256 * 1024, "{}", bomb.len());
    assert!(told(&bomb).contains("распаков"), "{}", told(&bomb));
    // what the directory says is not believed
    let lying = lying(bomb);
    let says: u64 = {
        let mut archive = ZipArchive::new(Cursor::new(&lying)).unwrap();
        (0..archive.len())
            .map(|n| archive.by_index_raw(n).unwrap().size())
            .sum()
    };
    assert!(says < MOST_UNPACKED);
    assert!(!told(&lying).is_empty());

    let many: Vec<String> = (0..=MOST_ENTRIES).map(|n| format!("{n}.xml")).collect();
    let entries: Vec<(&str, &[u8])> = many.iter().map(|n| (n.as_str(), b"x".as_slice())).collect();
    assert!(told(&archive(&entries)).contains("распаков"));
}

#[test]
fn a_number_of_strings_reserves_no_memory() {
    for number in ["99999999999", "18446744073709551615", "00000000003"] {
        let strings = STRINGS.replace("uniqueCount=\"3\"", &format!("uniqueCount = '{number}'"));
        assert!(told(&book(&sheet(""), &strings)).contains("распаков"), "{number}");
    }
    // in two pieces of what is read at once
    let padded = format!(
        "{}{}",
        " ".repeat(64 * 1024 - 5),
        STRINGS.replace("uniqueCount=\"3\"", "uniqueCount=\"99999999999\"")
    );
    assert!(told(&book(&sheet(""), &padded)).contains("распаков"));
}

#[tokio::test]
async fn broken_workbooks_are_refused_in_words() {
    let whole = book(
        &sheet(r#"<row r="1"><c r="A1" t="s"><v>0</v></c></row>"#),
        STRINGS,
    );
    assert!(read(Lang::Ru, &whole).is_ok());
    for cut in [4, 30, whole.len() / 2, whole.len() - 1] {
        assert!(told(&whole[..cut]).contains("не открывается"), "{cut}");
    }
    for sheet_text in [
        "",
        "<worksheet>",
        &sheet("<row r=\"1\"><c r=\"A1\" t=\"s\"><v>99</v></c></row>"),
        &sheet("<row><c r=\"ZZZZZZZ1\"><v>1</v></c></row>"),
    ] {
        // as the import reads them: the reader may give up in the middle, the answer is words all the same
        let file = book(sheet_text, STRINGS);
        let refused = crate::roll::sql::read(Lang::Ru, file).await.unwrap_err();
        assert_eq!(refused.status(), 422, "{sheet_text}");
    }
    assert!(told(&archive(&[("a.txt", b"no workbook")])).contains("не открывается"));
    let mixed = sheet(r#"<row r="2"><c r="A2"><v>1</v></c></row><row r="1"><c r="A1"><v>1</v></c></row>"#);
    assert!(told(&book(&mixed, STRINGS)).contains("не открывается"));
}
