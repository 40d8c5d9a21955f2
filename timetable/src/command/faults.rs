//! Why a file is refused, in the language of this run.

use std::path::Path;

use timetable::fet::{FetError, FetReason};
use timetable::schools::asc::{AscFault, AscReason};
use timetable::schools::fet::FetFault;
use timetable::xhstt::{Fault, MarkupFault, ReadError, markup_fault};

use super::language::{Language, chosen};

/// What refused it.
pub enum Refused<'a> {
    /// The reader of FET's files.
    Fet(&'a FetFault),
    /// The one that makes a draft of them.
    Draft(&'a FetError),
    /// The reader of files of aSc Timetables.
    Asc(&'a AscFault),
    /// The reader of archives.
    Archive(&'a ReadError),
}

/// The refusal with the file's name and the line; `text` is what was read.
pub fn refusal(path: &Path, text: &[u8], why: &Refused<'_>) -> anyhow::Error {
    let words = match chosen() {
        Language::En => match why {
            Refused::Fet(fault) => fault.to_string(),
            Refused::Draft(fault) => fault.to_string(),
            Refused::Asc(fault) => fault.to_string(),
            Refused::Archive(fault) => fault.to_string(),
        },
        Language::Ru => {
            let (line, words) = russian(text, why);
            format!("строка {line}: {words}")
        }
    };
    anyhow::anyhow!("{}: {words}", path.display())
}

fn russian(text: &[u8], why: &Refused<'_>) -> (u32, String) {
    // whose reader has no data about its markup: it is looked at once more
    let again = |line: u32, english: &str| match markup_fault(text) {
        Some((line, fault)) => (line, markup(&fault)),
        None => (line, english.to_owned()),
    };
    match why {
        Refused::Fet(fault) => match &fault.russian {
            Some(words) => (fault.line, words.clone()),
            None => again(fault.line, &fault.words),
        },
        Refused::Draft(fault) => match &fault.reason {
            FetReason::NotXml { detail } => again(fault.line, detail),
            reason => (fault.line, draft(reason)),
        },
        Refused::Asc(fault) => (fault.line, asc(&fault.reason)),
        Refused::Archive(fault) => match &fault.fault {
            Fault::Markup(words) => again(fault.line, words),
            reason => (fault.line, archive(reason)),
        },
    }
}

/// What the readers themselves say of markup; all else are words of the library that reads XML.
const OWN: [(&str, &str); 4] = [
    ("after the end of ", "после конца файла есть ещё что-то:"),
    (
        "before the first element there is text: ",
        "перед первым элементом стоит текст:",
    ),
    ("a second root element, ", "второй корневой элемент:"),
    ("a broken attribute", "неверно записан атрибут"),
];

fn markup(fault: &MarkupFault) -> String {
    match fault {
        MarkupFault::TooLarge(most) => format!("файл больше {most} байт"),
        MarkupFault::TooDeep(most) => format!("элементы вложены глубже {most} уровней"),
        MarkupFault::TooMany(most) => format!("в файле больше {most} элементов"),
        MarkupFault::TooManyAttributes(most) => format!("у элемента больше {most} атрибутов"),
        MarkupFault::TextTooLong(most) => format!("текст длиннее {most} байт"),
        MarkupFault::NotUtf8 => "файл не в кодировке UTF-8".to_owned(),
        MarkupFault::DocumentType => "объявления типа документа (DOCTYPE) не читаются".to_owned(),
        MarkupFault::Entity(name) => format!("неизвестная сущность &{name};"),
        MarkupFault::Truncated(name) => format!("файл обрывается внутри <{name}>"),
        MarkupFault::Empty => "файл пуст".to_owned(),
        MarkupFault::NotXml(words) => {
            let own = OWN.iter().find_map(|(english, russian)| {
                let rest = words.strip_prefix(english)?;
                Some(format!("{russian} {}", rest.replace("there is more: ", "")))
            });
            let own = own.map(|words| words.trim_end().to_owned());
            own.unwrap_or_else(|| library(words))
        }
    }
}

/// What the library that reads XML says, as far as a person meets it: files that were cut off, or edited by hand.
fn library(words: &str) -> String {
    // what it quotes stands between backticks
    let quoted: Vec<&str> = words.split('`').skip(1).step_by(2).collect();
    match quoted.as_slice() {
        _ if words.contains("before end of input") => "файл обрывается посреди разметки".to_owned(),
        [wanted, found, ..] if words.contains("expected ") => {
            format!("закрывается не тот элемент: нужно {wanted}, а стоит {found}")
        }
        [wanted] if words.contains("expected ") => format!("закрывается не тот элемент: нужно {wanted}"),
        [closed, ..] if words.contains("does not match any open tag") => {
            format!("закрывается {closed}, который не открывался")
        }
        _ => format!("разметка XML нарушена ({words})"),
    }
}

fn draft(reason: &FetReason) -> String {
    match reason {
        FetReason::DocumentType => markup(&MarkupFault::DocumentType),
        FetReason::Entity { name } => markup(&MarkupFault::Entity(name.clone())),
        FetReason::NotUtf8 => markup(&MarkupFault::NotUtf8),
        FetReason::TooLarge { limit } => markup(&MarkupFault::TooLarge(*limit)),
        FetReason::TooDeep { limit } => markup(&MarkupFault::TooDeep(*limit)),
        FetReason::TextTooLong { limit } => markup(&MarkupFault::TextTooLong(*limit)),
        FetReason::NotXml { detail } => markup(&MarkupFault::NotXml(detail.clone())),
        FetReason::Truncated { element } => markup(&MarkupFault::Truncated(element.clone())),
        FetReason::NotFet { root } => format!("это <{root}>, а не файл FET"),
        FetReason::Missing { element } => format!("нет элемента <{element}>"),
        FetReason::NotANumber { element, text } => format!("<{element}>: «{text}» — не число"),
        FetReason::OutOfRange {
            element,
            text,
            min,
            max,
        } => format!("<{element}>: {text}, а можно от {min} до {max}"),
        FetReason::CountDiffers { element, told, found } => {
            format!("<{element}>: сказано {told}, а в файле {found}")
        }
        FetReason::EmptyName { element } => format!("<{element}>: пустое название"),
        FetReason::Duplicate { element, name } => format!("<{element}> «{name}»: записано дважды"),
        FetReason::Unknown { element, name } => format!("<{element}> «{name}»: в файле такого нет"),
        FetReason::TooMany { element, limit } => format!("<{element}>: больше {limit}"),
        FetReason::TooMuch { element, limit } => {
            format!("<{element}>: вместе со сказанным раньше касается больше чем {limit} вещей")
        }
        FetReason::PastDayEnd { activity } => format!("занятие {activity} не помещается в день"),
    }
}

/// What rows and lists are called.
const THINGS: [(&str, &str); 43] = [
    ("days", "дни"),
    ("weeks", "недели"),
    ("terms", "четверти"),
    ("periods", "уроки дня"),
    ("periods of a week", "уроки недели"),
    ("cards", "карточки"),
    ("groups", "группы"),
    ("groups of a class", "группы класса"),
    ("rooms of a card", "кабинеты карточки"),
    ("subjects", "предметы"),
    ("teachers", "учителя"),
    ("classrooms", "кабинеты"),
    ("classes", "классы"),
    ("buildings", "здания"),
    ("teacher", "учитель"),
    ("class", "класс"),
    ("group", "группа"),
    ("subject", "предмет"),
    ("classroom", "кабинет"),
    ("student", "ученик"),
    ("lesson", "урок"),
    ("building", "здание"),
    ("instance", "задача"),
    ("time", "время"),
    ("time group", "группа времён"),
    ("resource", "ресурс"),
    ("resource group", "группа ресурсов"),
    ("resource type", "вид ресурсов"),
    ("event", "событие"),
    ("event group", "группа событий"),
    ("course", "курс"),
    (
        "a whole number from 0 to 1000000000",
        "целое число от 0 до 1000000000",
    ),
    ("a cost function", "вид цены"),
    ("true or false", "true или false"),
    ("times", "времена"),
    ("seats in events", "места в событиях"),
    ("meets and seats of solutions", "уроки и места в решениях"),
    ("points of application", "точки приложения ограничений"),
    ("counters", "счётчики"),
    ("resources times times", "ресурсы, помноженные на времена"),
    ("events times times", "события, помноженные на времена"),
    ("times taken by events", "времена, занятые событиями"),
    ("units of work", "единицы нагрузки"),
];

fn thing(word: &str) -> &str {
    let known = THINGS.iter().find(|(english, _)| *english == word);
    known.map_or(word, |(_, russian)| russian)
}

fn asc(reason: &AscReason) -> String {
    match reason {
        AscReason::Markup(fault) => markup(fault),
        AscReason::Encoding(name) => format!("неизвестная кодировка «{name}»"),
        AscReason::NotEncoded(name) => format!("файл записан не в своей кодировке ({name})"),
        AscReason::NotAsc(root) => format!("это <{root}>, а не файл aSc Timetables"),
        AscReason::None(what) => format!("в файле нет ни одного: {}", thing(what)),
        AscReason::TooMany(what, found, most) => {
            format!("{}: {found}, а читается не больше {most}", thing(what))
        }
        AscReason::NoId(element) => format!("у <{element}> нет id"),
        AscReason::Twice(element, id) => format!("<{element}> «{id}»: записано дважды"),
        AscReason::Missing(what, id) => format!("{} «{id}»: в файле такого нет", thing(what)),
        AscReason::NotANumber(attribute, text) => format!("{attribute}: «{text}» — не число"),
        AscReason::TooLong(lesson) => format!("урок {lesson}: часов больше, чем читается"),
        AscReason::PastDayEnd(lesson) => format!("карточка урока {lesson} не помещается в день"),
        AscReason::TooMuch(lesson, most) => {
            format!("урок {lesson}: вместе с прежними больше {most} записей")
        }
        AscReason::Misfit => "карточки не подходят к урокам".to_owned(),
    }
}

/// Why a solution does not fit.
const MISFITS: [(&str, &str); 6] = [
    ("is of no event", "не относится ни к одному событию"),
    (
        "takes no time, or ends after the last time",
        "не длится нисколько или кончается позже последнего времени",
    ),
    ("is longer than the event", "длиннее самого события"),
    (
        "has somebody on a seat who cannot sit there",
        "отдаёт место тому, кто его занимать не может",
    ),
    (
        "starts elsewhere than the event always does",
        "ставит событие не туда, где оно закреплено",
    ),
    (
        "names a role that the event does not have",
        "называет роль, которой у события нет",
    ),
];

fn archive(fault: &Fault) -> String {
    match fault {
        Fault::Markup(words) => words.clone(),
        Fault::NotAnArchive(root) => format!("это <{root}>, а не <HighSchoolTimetableArchive>"),
        Fault::Missing(what) => {
            let what = what.trim_start_matches("the ").replace(" of ", " у ");
            format!("не хватает: {what}")
        }
        Fault::NotA(what, found) => format!("«{found}», а нужно {}", thing(what)),
        Fault::Unknown(what, id) => format!("{} «{id}»: в файле такого нет", thing(what)),
        Fault::Twice(what, id) => format!("{} «{id}»: записано дважды", thing(what)),
        Fault::UnknownConstraint(name) => format!("неизвестный вид ограничений <{name}>"),
        Fault::TooMany(what, most) => format!("{}: больше {most}, столько не читается", thing(what)),
        Fault::TooDear(id) => format!("с весом и пределами ограничения «{id}» цены вырастают больше счётных"),
        Fault::BadSolution(event, why) => {
            let known = MISFITS.iter().find(|(english, _)| english == why);
            let why = known.map_or(*why, |(_, russian)| russian);
            format!("решение о событии «{event}» {why}")
        }
    }
}
