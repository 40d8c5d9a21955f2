//! Files as they come, and files that lie.

use std::io::{Cursor, Write as _};

use proptest::prelude::*;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::*;

/// An archive of these parts.
fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

const TYPES: (&str, &[u8]) = ("[Content_Types].xml", b"<Types/>");

#[test]
fn each_kind_by_its_content() {
    let docx = archive(&[TYPES, ("word/document.xml", b"<w/>")]);
    let xlsx = archive(&[TYPES, ("xl/workbook.xml", b"<w/>")]);
    let pptx = archive(&[TYPES, ("ppt/presentation.xml", b"<p/>")]);
    let odt = archive(&[
        ("mimetype", b"application/vnd.oasis.opendocument.text"),
        ("content.xml", b"<c/>"),
    ]);
    for (name, content, kind) in [
        ("a.pdf", &b"%PDF-1.7\n"[..], FileKind::Pdf),
        ("a.docx", &docx, FileKind::Docx),
        ("a.xlsx", &xlsx, FileKind::Xlsx),
        ("a.pptx", &pptx, FileKind::Pptx),
        ("a.odt", &odt, FileKind::Odt),
        ("a.png", b"\x89PNG\r\n\x1a\n....", FileKind::Png),
        ("a.JPG", b"\xff\xd8\xff\xe0....", FileKind::Jpeg),
        ("a.webp", b"RIFF....WEBPVP8 ", FileKind::Webp),
        ("a.mp3", b"ID3\x04....", FileKind::Mp3),
        ("b.mp3", b"\xff\xfb\x90\x00....", FileKind::Mp3),
        ("a.txt", "Прочитать § 5\r\n".as_bytes(), FileKind::Text),
        // the old page of Windows
        ("b.txt", b"\xcf\xf0\xee\xf7\xe8\xf2\xe0\xf2\xfc", FileKind::Text),
    ] {
        assert_eq!(recognise(name, content), Ok(kind), "{name}");
    }
}

#[test]
fn what_lies_or_may_run_is_not_taken() {
    let macros = archive(&[
        TYPES,
        ("word/document.xml", b"<w/>"),
        ("word/vbaProject.bin", b"\xd0\xcf"),
    ]);
    let basic = archive(&[
        ("mimetype", b"application/vnd.oasis.opendocument.text"),
        ("Basic/Standard/Module1.xml", b"<m/>"),
    ]);
    let plain = archive(&[("setup.exe", b"MZ")]);
    let jar = archive(&[("META-INF/MANIFEST.MF", b""), ("A.class", b"\xca\xfe")]);
    let no_types = archive(&[("word/document.xml", b"<w/>")]);
    for (name, content, why) in [
        ("a.pdf", &b""[..], Refusal::Empty),
        ("a.pdf", b"MZ\x90\x00\x03", Refusal::Unknown),
        ("a.pdf", b"\x7fELF\x02\x01", Refusal::Unknown),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Refusal::Unknown),
        ("a.docx", &macros, Refusal::Macros),
        ("a.odt", &basic, Refusal::Macros),
        ("a.docx", &plain, Refusal::Unknown),
        ("a.docx", &jar, Refusal::Unknown),
        ("a.docx", &no_types, Refusal::Unknown),
        ("a.docx", b"PK\x03\x04 cut off", Refusal::Unknown),
        ("a.mp3", b"\xff\xfe\x00\x00", Refusal::Unknown),
        // a page or a picture with a script in it is a text, and only under the name of one
        (
            "a.html",
            b"<script>alert(1)</script>",
            Refusal::OtherName(FileKind::Text),
        ),
        (
            "a.svg",
            b"<svg onload='alert(1)'/>",
            Refusal::OtherName(FileKind::Text),
        ),
        ("a.png", b"<html>", Refusal::OtherName(FileKind::Text)),
        ("a.exe", b"%PDF-1.4", Refusal::OtherName(FileKind::Pdf)),
        ("a", b"%PDF-1.4", Refusal::OtherName(FileKind::Pdf)),
        ("a.pdf.exe", b"%PDF-1.4", Refusal::OtherName(FileKind::Pdf)),
        ("a.pdf", b"\xff\xd8\xff\xe0", Refusal::OtherName(FileKind::Jpeg)),
    ] {
        assert_eq!(
            recognise(name, content),
            Err(why),
            "{name} {:?}",
            content.get(..8)
        );
    }
}

#[test]
fn an_archive_that_swells_is_not_taken() {
    // 120 MB of zeros come to some 120 KB
    let zeros = vec![0u8; 30 * 1024 * 1024];
    let names: Vec<String> = (0..4).map(|n| format!("word/media/{n}.bin")).collect();
    let mut parts: Vec<(&str, &[u8])> = vec![TYPES, ("word/document.xml", b"<w/>")];
    parts.extend(names.iter().map(|n| (n.as_str(), zeros.as_slice())));
    let bomb = archive(&parts);
    assert!(bomb.len() < 2 * 1024 * 1024);
    assert_eq!(recognise("a.docx", &bomb), Err(Refusal::Bomb));
    let names: Vec<String> = (0..4100).map(|n| format!("word/{n}.xml")).collect();
    let many: Vec<(&str, &[u8])> = names.iter().map(|n| (n.as_str(), &b""[..])).collect();
    assert_eq!(recognise("a.docx", &archive(&many)), Err(Refusal::Bomb));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Whatever comes: an answer, and never a kind whose beginning it does not have.
    #[test]
    fn noise_is_answered(content in proptest::collection::vec(any::<u8>(), 0..400), cut in 0usize..400) {
        let _ = recognise("a.pdf", &content);
        let mut document = archive(&[TYPES, ("word/document.xml", b"<w/>"), ("word/a.xml", &content)]);
        let at = cut % document.len();
        document[at] ^= 0x55;
        let _ = recognise("a.docx", &document);
        document.truncate(at);
        prop_assert!(recognise("a.docx", &document).is_err());
    }
}
