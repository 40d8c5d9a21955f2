//! What the command says of files that are none of ours, of damaged ones, of numbers out of range, and of what it has not looked into; in
//! the language that was asked for.
#![cfg(feature = "cli")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "the helpers of tests fail as tests do"
)]

mod fet_school;
mod terminal;

use std::path::Path;

use fet_school::School;
use terminal::{Folder, error, out, timetable, xz};

const ASC: &str = include_str!("small_asc.xml");

/// Refused with status 1, nothing on standard output; what is said.
fn refused(arguments: &[&str], file: &Path) -> String {
    let said = timetable(arguments, file);
    assert_eq!(
        said.status.code(),
        Some(1),
        "{}: {}",
        file.display(),
        error(&said)
    );
    assert_eq!(out(&said), "");
    error(&said)
}

#[test]
fn a_file_of_another_sort_is_called_what_it_seems_to_be() {
    let folder = Folder::new("sorts-of-files");
    let zip = |inside: &str| {
        [
            b"PK\x03\x04\x14\0\0\0\x08\0".as_slice(),
            inside.as_bytes(),
            b"\0\0",
        ]
        .concat()
    };
    let tar = [vec![b'a'; 257], b"ustar\0".to_vec()].concat();
    let cases: [(&str, Vec<u8>, &str, &str); 18] = [
        (
            "a.png",
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR<a>".to_vec(),
            "a picture (PNG)",
            "картинка (PNG)",
        ),
        (
            "a.jpg",
            b"\xff\xd8\xff\xe0\0\x10JFIF".to_vec(),
            "a picture (JPEG)",
            "картинка (JPEG)",
        ),
        (
            "a.webp",
            b"RIFF\x24\0\0\0WEBPVP8 ".to_vec(),
            "a picture (WebP)",
            "картинка (WebP)",
        ),
        (
            "a.svg",
            b"<svg xmlns=\"x\"/>".to_vec(),
            "a picture (SVG)",
            "картинка (SVG)",
        ),
        (
            "a.pdf",
            b"%PDF-1.7\n<</Type/Catalog>>".to_vec(),
            "a PDF document",
            "документ PDF",
        ),
        (
            "a.docx",
            zip("word/document.xml"),
            "a Word document (.docx)",
            "документ Word (.docx)",
        ),
        (
            "a.xlsx",
            zip("xl/workbook.xml"),
            "an Excel table (.xlsx)",
            "таблица Excel (.xlsx)",
        ),
        ("a.zip", zip("school.fet"), "an archive (ZIP)", "архив (ZIP)"),
        ("a.tar", tar, "an archive (tar)", "архив (tar)"),
        (
            "a.doc",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0".to_vec(),
            "a document of an old Word or Excel",
            "документ старого Word или Excel",
        ),
        (
            "a.gz",
            b"\x1f\x8b\x08\0".to_vec(),
            "compressed by gzip",
            "сжатый gzip",
        ),
        (
            "a.csv",
            "\u{feff}Класс;Предмет;Часы\n5А;Труд;2\n5Б;Труд;2\n"
                .as_bytes()
                .to_vec(),
            "a table (CSV)",
            "таблица (CSV)",
        ),
        ("a.json", b"{\"classes\": [1, 2]}".to_vec(), "JSON", "JSON"),
        (
            "a.html",
            b"<!DOCTYPE html>\n<html></html>".to_vec(),
            "a web page (HTML)",
            "веб-страница (HTML)",
        ),
        (
            "a.txt",
            "Понедельник: труд, музыка.".as_bytes().to_vec(),
            "plain text",
            "простой текст",
        ),
        ("a.bin", vec![7, 0, 7, 0], "no text at all", "вообще не текст"),
        (
            "a.xml",
            b"<bookshop><book/></bookshop>".to_vec(),
            "it begins with <bookshop>",
            "начинается с <bookshop>",
        ),
        ("b.xz", xz(b"\x89PNG\r\n"), "a picture (PNG)", "картинка (PNG)"),
    ];
    for (name, bytes, english, russian) in &cases {
        let file = folder.file(name, bytes);
        let told = refused(&["evaluate"], &file);
        assert!(told.contains(name) && told.contains(english), "{name}: {told}");
        let told = refused(&["explain", "--language", "ru"], &file);
        assert!(told.contains(russian), "{name}: {told}");
        assert!(
            !told.contains("there is") && !told.contains("seems"),
            "{name}: {told}"
        );
    }
}

#[test]
fn what_stands_beside_the_root_is_refused_and_named() {
    let folder = Folder::new("beside");
    let fet = School::new().text();
    let small = folder.file("small.fet", fet.as_bytes());
    let to = folder.0.join("school.xhstt");
    assert!(
        timetable(&["convert", to.to_str().unwrap()], &small)
            .status
            .success()
    );
    let archive = std::fs::read_to_string(&to).unwrap();
    let xhstt = |text: &str| text.to_owned();
    for (name, text) in [
        ("a.fet", fet),
        ("b.xhstt", xhstt(&archive)),
        ("c.asc.xml", ASC.to_owned()),
    ] {
        // blanks and comments are no more than that
        let fine = folder.file(
            name,
            format!("\n{}\n\n<!-- end -->\n", text.trim())
                .replacen('\n', "", 1)
                .as_bytes(),
        );
        let said = timetable(&["convert", folder.0.join("fine.xhstt").to_str().unwrap()], &fine);
        assert!(said.status.success(), "{name}: {}", error(&said));
        let lines = text.trim().lines().count();
        let more = folder.file(name, format!("{}\nи ещё строка", text.trim()).as_bytes());
        let told = refused(&["explain"], &more);
        assert!(
            told.contains("after the end of <") && told.contains("и ещё строка"),
            "{name}: {told}"
        );
        assert!(told.contains(&format!("line {}", lines + 1)), "{name}: {told}");
        let told = refused(&["explain", "--language", "ru"], &more);
        assert!(
            told.contains("после конца файла есть ещё что-то:") && told.contains("и ещё строка"),
            "{name}: {told}"
        );
        let twice = folder.file(name, format!("{}<second/>", text.trim()).as_bytes());
        assert!(refused(&["explain"], &twice).contains("second"), "{name}");
        let before = folder.file(
            name,
            format!("строка\n{}", text.trim().split_once("?>").unwrap().1).as_bytes(),
        );
        assert!(
            refused(&["explain"], &before).contains("before the first element"),
            "{name}"
        );
    }
    // the reader of drafts, which a conversion into another school's file asks
    let more = folder.file("d.fet", format!("{}tail", School::new().text().trim()).as_bytes());
    assert!(
        timetable::fet::import(&std::fs::read(more).unwrap())
            .unwrap_err()
            .to_string()
            .contains("tail")
    );
}

#[test]
fn a_compressed_file_that_is_damaged_is_called_so() {
    let folder = Folder::new("damaged");
    let good = xz(School::new().text().as_bytes());
    let short = folder.file("short.fet.xz", &good[..good.len() / 2]);
    let mut bad = good.clone();
    bad[good.len() / 2] ^= 0x55;
    let bad = folder.file("bad.fet.xz", &bad);
    let plain = folder.file("plain.fet.xz", School::new().text().as_bytes());
    for (file, english, russian) in [
        (&short, "ends in the middle", "обрывается на середине"),
        (&bad, "is damaged", "повреждён"),
        (&plain, "the name ends in .xz, but", "имя кончается на .xz, но"),
    ] {
        let told = refused(&["explain"], file);
        assert!(told.contains(english), "{told}");
        let told = refused(&["explain", "--language", "ru"], file);
        assert!(told.contains(russian), "{told}");
    }
    // what is compressed is read by what it is, not by its name
    let unnamed = folder.file("unnamed.fet", &good);
    let said = timetable(&["explain"], &unnamed);
    assert!(said.status.success(), "{}", error(&said));
}

#[test]
fn a_number_out_of_range_is_answered_with_the_range() {
    let folder = Folder::new("range");
    let file = folder.file("school.fet", School::new().text().as_bytes());
    let to = folder.0.join("out.fet").to_str().unwrap().to_owned();
    for (command, option, value, range) in [
        ("solve", "--seconds", "99999999999", "from 0 to 604800"),
        (
            "solve",
            "--seconds",
            "99999999999999999999999",
            "from 0 to 604800",
        ),
        ("solve", "--seconds", "1.5", "from 0 to 604800"),
        ("solve", "--threads", "0", "from 1 to 64"),
        ("solve", "--threads", "65", "from 1 to 64"),
        ("solve", "--seed", "-1", "from 0 to 18446744073709551615"),
        (
            "solve",
            "--work",
            "99999999999999999999999",
            "from 0 to 18446744073709551615",
        ),
        ("repair", "--seconds", "604801", "from 0 to 604800"),
        ("repair", "--price", "4294967296", "from 0 to 4294967295"),
    ] {
        let said = timetable(&[command, "-o", &to, &format!("{option}={value}")], &file);
        assert_eq!(said.status.code(), Some(2), "{option} {value}");
        let told = error(&said);
        assert!(
            told.contains("a whole number") && told.contains(range),
            "{option} {value}: {told}"
        );
    }
    let said = timetable(&["suggest", "--event", "1", "--meet", "0"], &file);
    assert!(error(&said).contains("from 1 to"), "{}", error(&said));
    let place = folder.0.join("solved.fet");
    let solve = [
        "solve",
        "-o",
        place.to_str().unwrap(),
        "--work",
        "3000",
        "--threads",
        "1",
    ];
    assert!(timetable(&solve, &file).status.success());
    for load in ["1=99999999999", "1=two"] {
        let told = refused(&["repair", "-o", &to, "--load", load], &place);
        assert!(told.contains("is no whole number from 1 to 35"), "{told}");
    }
    // and of a file's number it is said, too
    let archive = folder.0.join("school.xhstt");
    assert!(
        timetable(&["convert", archive.to_str().unwrap()], &file)
            .status
            .success()
    );
    let text = std::fs::read_to_string(&archive).unwrap();
    let text = text.replacen("<Duration>1</Duration>", "<Duration>9999999999</Duration>", 1);
    let large = folder.file("large.xhstt", text.as_bytes());
    let told = refused(&["explain"], &large);
    assert!(
        told.contains("\"9999999999\" is not a whole number from 0 to 1000000000"),
        "{told}"
    );
    let told = refused(&["explain", "--language", "ru"], &large);
    assert!(
        told.contains("«9999999999», а нужно целое число от 0 до 1000000000"),
        "{told}"
    );
}

/// As many threads as the machine has, and that the result hangs on it is said where one looks for it.
#[test]
fn all_processors_are_used_unless_it_is_said_otherwise() {
    let folder = Folder::new("threads");
    let file = folder.file("school.fet", School::new().text().as_bytes());
    let to = folder.0.join("out.fet").to_str().unwrap().to_owned();
    let all = std::thread::available_parallelism().unwrap().get().min(64);
    let said = timetable(&["solve", "-o", &to, "--work", "2000"], &file);
    assert!(said.status.success(), "{}", error(&said));
    assert!(
        error(&said).contains(&format!(", {all} threads")),
        "{}",
        error(&said)
    );
    for command in ["solve", "repair"] {
        let help = out(&timetable(&[command, "--help"], Path::new("-h")));
        let help = help.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(
            help.contains("With another number of threads another result comes out"),
            "{help}"
        );
        assert!(help.contains(&format!("[default: {all}]")), "{help}");
    }
}

/// Broken things that are only named, not explained, are counted: nobody takes the silence for an answer.
#[test]
fn an_explanation_says_how_much_it_has_not_looked_into() {
    let folder = Folder::new("passed");
    let mut school = School::new();
    for teacher in ["Иванова", "Орлов", "Сидорова"] {
        school.time(
            "TeacherMaxDaysPerWeek",
            &format!("<Teacher_Name>{teacher}</Teacher_Name><Max_Days_Per_Week>1</Max_Days_Per_Week>"),
        );
    }
    let file = folder.file("school.fet", school.text().as_bytes());
    let asked = |more: &[&str]| {
        let arguments = [&["explain", "--search", "--work", "20000"], more].concat();
        let said = timetable(&arguments, &file);
        assert!(said.status.success(), "{}", error(&said));
        out(&said)
    };
    // without reasoning nothing is proved, and what is broken is looked into one by one
    let unproved = |more: &[&str]| asked(&[&["--steps", "1"], more].concat());
    let broken = |told: &str| told.lines().filter(|l| l.starts_with("\thard ")).count();
    let told = unproved(&["--most", "1"]);
    let all = broken(&told);
    assert!(all > 1, "{told}");
    let words = format!(
        "not looked into: {} broken requirements, 0 broken wishes (--most 1)",
        all - 1
    );
    assert!(told.contains(&words), "{words} is not in\n{told}");
    let told = unproved(&["--most", "1", "--language", "ru"]);
    assert!(told.contains("не разобрано: нарушенных требований "), "{told}");
    // asked for nothing, it looks into each: below every broken one stands why, and none is passed over
    let told = unproved(&[]);
    assert!(!told.contains("not looked into"), "{told}");
    let lines: Vec<&str> = told.lines().collect();
    for (at, line) in lines.iter().enumerate().filter(|(_, l)| l.starts_with("\thard ")) {
        let next = lines.get(at + 1).unwrap_or(&"");
        assert!(next.starts_with("\t\t"), "{line} is left without a word:\n{told}");
    }
    let open = format!(
        "not proved impossible, only not found by this search: {}",
        broken(&told)
    );
    assert!(told.contains(&open), "{open} is not in\n{told}");
    assert_eq!(told, unproved(&[]), "by work, whenever it is run");
    let told = asked(&["--steps", "200000"]);
    let proved = told
        .matches("takes part in what is proved impossible above")
        .count();
    assert!(proved > 0, "{told}");
    let line = format!("broken requirements that take part in what is proved impossible: {proved}");
    assert!(told.contains(&line), "{line} is not in\n{told}");
    // contradictions, too, are named up to a number
    let told = asked(&["--steps", "200000", "--conflicts", "1"]);
    assert_eq!(told.matches("\timpossible:").count(), 1, "{told}");
    assert!(
        told.contains("not looked for: contradictions beyond these 1"),
        "{told}"
    );
}

/// Every refusal of ours in Russian holds no word of English but names, file formats and options.
#[test]
fn what_is_told_in_russian_is_russian() {
    let folder = Folder::new("russian");
    let fet = folder.file("школа.fet", School::new().text().as_bytes());
    let asc = folder.file("школа.asc.xml", ASC.as_bytes());
    let cut = folder.file(
        "обрыв.fet",
        &School::new().text().as_bytes()[..School::new().text().find("<Activity>").unwrap()],
    );
    let unknown = School::new()
        .text()
        .replacen("<Teacher>Орлов</Teacher>", "<Teacher>Никто</Teacher>", 1);
    let unknown = folder.file("никто.fet", unknown.as_bytes());
    let text = School::new().text();
    let mid_tag = text.find("<Activity>").unwrap() + 4;
    let mid_tag = folder.file("посреди.fet", &text.as_bytes()[..mid_tag]);
    let crossed = folder.file(
        "крест.fet",
        text.replacen("</Activity>", "</Activities>", 1).as_bytes(),
    );
    let missing = folder.file(
        "нет.asc.xml",
        ASC.replace("teacherids=\"T1\"", "teacherids=\"T9\"").as_bytes(),
    );
    let solved = folder.0.join("готово.fet");
    let place = |name: &str| folder.0.join(name).to_str().unwrap().to_owned();
    let to = place("вывод.fet");
    let solve = [
        "solve",
        "-o",
        solved.to_str().unwrap(),
        "--work",
        "20000",
        "--threads",
        "1",
    ];
    assert!(timetable(&solve, &fet).status.success());
    let nowhere = place("нет такой/папки/вывод.fet");
    let (text, archive) = (place("вывод.txt"), place("вывод.xhstt"));
    let (asc_out, none) = (place("вывод.asc.xml"), folder.0.join("нету.fet"));
    let cases: Vec<(Vec<&str>, &Path, &str)> = vec![
        (vec!["evaluate"], &none, "нет такого файла"),
        (vec!["evaluate"], &folder.0, "это папка"),
        (vec!["evaluate"], &cut, "файл обрывается внутри"),
        (vec!["evaluate"], &mid_tag, "файл обрывается посреди разметки"),
        (
            vec!["evaluate"],
            &crossed,
            "закрывается не тот элемент: нужно </Activity>, а стоит </Activities>",
        ),
        (vec!["evaluate"], &unknown, "учитель «Никто»: в файле такого нет"),
        (vec!["evaluate"], &missing, "учитель «T9»: в файле такого нет"),
        (vec!["evaluate"], &fet, "нет ни одного решения"),
        (vec!["solve", "-o", &nowhere], &fet, "нет такого файла или папки"),
        (
            vec!["solve", "-o", &text],
            &fet,
            "что записать, говорит имя файла",
        ),
        (vec!["solve", "-o", &asc_out], &fet, "ответ — файл того же вида"),
        (
            vec!["solve", "-o", &to, "--from-present"],
            &fet,
            "нет расписания, с которого начать",
        ),
        (
            vec!["solve", "-o", &asc_out, "--few-gaps"],
            &asc,
            "для файлов FET",
        ),
        (vec!["repair", "-o", &to], &solved, "ничего не изменилось"),
        (
            vec!["repair", "-o", &to, "--ill", "Никто"],
            &solved,
            "нет такого учителя",
        ),
        (
            vec!["repair", "-o", &to, "--ill", "Орлов:Вс"],
            &solved,
            "нет такого дня",
        ),
        (
            vec!["repair", "-o", &to, "--ill", ":Вт"],
            &solved,
            "не указано название учителя, класса или кабинета",
        ),
        (
            vec!["repair", "-o", &to, "--ill", " "],
            &solved,
            "не указано название учителя",
        ),
        (
            vec!["repair", "-o", &to, "--close", "Орлов:"],
            &solved,
            "не указано название дня",
        ),
        (
            vec!["repair", "-o", &to, "--block", "x"],
            &solved,
            "нужно EVENT@TIME",
        ),
        (
            vec!["repair", "-o", &to, "--load", "1=0"],
            &solved,
            "часов может быть от 1 до",
        ),
        (
            vec!["repair", "-o", &to, "--ill", "Орлов"],
            &fet,
            "нет расписания; его составит",
        ),
        (
            vec!["suggest", "--event", "нет такого"],
            &solved,
            "нет такого события",
        ),
        (
            vec!["suggest", "--event", "1", "--meet", "9"],
            &solved,
            "карточки с 1 по",
        ),
        (vec!["convert", &archive, "--instance", "x"], &fet, "--instance"),
    ];
    for (arguments, file, words) in cases {
        let arguments = [arguments.as_slice(), &["--language", "ru"]].concat();
        let told = refused(&arguments, file);
        assert!(told.contains(words), "{arguments:?}: {told}");
        let told = told
            .replace(&folder.0.display().to_string(), "")
            .replace("timetable: ", "")
            .replace("`timetable convert`", "")
            .replace("`timetable solve`", "");
        // names of formats and of options, elements, and the words that stand for what an option wants
        let named = ["FET", "XHSTT", "aSc", "Timetables", "EVENT", "TIME", "TIMES"];
        let words =
            told.split(|c: char| !c.is_ascii_alphabetic() && !matches!(c, '<' | '>' | '_' | '-' | '.'));
        let english: Vec<&str> = words
            .filter(|w| w.len() > 2 && w.chars().all(|c| c.is_ascii_alphabetic()) && !named.contains(w))
            .collect();
        assert!(english.is_empty(), "{arguments:?}: {english:?} in {told}");
    }
    // what a conversion leaves out
    let said = timetable(&["convert", &asc_out, "--language", "ru"], &fet);
    assert!(said.status.success());
    assert!(error(&said).contains("не переходит: "), "{}", error(&said));
    assert!(
        !error(&said).contains("left out") && !error(&said).contains("aSc has"),
        "{}",
        error(&said)
    );
    let said = timetable(&["convert", &archive, "--language", "ru"], &asc);
    assert!(said.status.success());
    let said = timetable(&["convert", &to, "--language", "ru"], Path::new(&archive));
    assert!(said.status.success(), "{}", error(&said));
    assert!(
        error(&said).contains("не переходит: «") && error(&said).contains("пожелание)"),
        "{}",
        error(&said)
    );
    for english in ["left out", "wished", "cannot", "whole days"] {
        assert!(!error(&said).contains(english), "{english}: {}", error(&said));
    }
}
