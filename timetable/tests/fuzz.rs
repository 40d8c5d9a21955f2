//! Thousands of damaged files of each sort: every one is read or refused with a line and a reason, and what is read can be written,
//! judged, searched and explained. Nothing panics (the tests run with overflow checks), and nothing grows beyond bounds.
#![cfg(all(feature = "schools", feature = "xhstt"))]
#![allow(
    clippy::unwrap_used,
    clippy::print_stderr,
    clippy::expect_used,
    reason = "the helpers of tests fail as tests do"
)]

mod fet_school;
mod random_problem;

use timetable::problem::{Problem, Solution, breaches, evaluate};
use timetable::schools::{asc, fet};
use timetable::search::explain::conflicts;
use timetable::search::{Ground, Plan, Random, Search, Tuning};
use timetable::xhstt::{self, Archive, SolutionGroup, Solved};

/// Numbers that no school has.
const NUMBERS: [&str; 13] = [
    "0",
    "-1",
    "1",
    "2",
    "7",
    "255",
    "65536",
    "1000000000",
    "4294967295",
    "4294967296",
    "99999999999999999999999",
    "1e9",
    "NaN",
];

/// Texts that do not belong there.
const TEXTS: [&str; 9] = [
    "",
    "&bomb;",
    "&#0;",
    "<![CDATA[<fet>]]>",
    "<!-- -- -->",
    "<!DOCTYPE a [<!ENTITY bomb \"&bomb;&bomb;\">]>",
    "\u{feff}",
    "юникод\u{0301}\u{202e}",
    "]]>",
];

fn at(n: u32) -> usize {
    usize::try_from(n).unwrap()
}

fn below(random: &mut Random, n: usize) -> usize {
    at(random.below(u32::try_from(n.max(1)).unwrap()))
}

/// Where an element begins and ends that starts at or after a position; as the text has it, not as XML would.
fn element(text: &str, from: usize) -> Option<(usize, usize)> {
    let start = from + text.get(from..)?.find('<')?;
    let name: String = text[start + 1..]
        .chars()
        .take_while(|c| c.is_alphanumeric() || *c == '_')
        .collect();
    let close = format!("</{name}>");
    let rest = &text[start..];
    let tag = rest.find('>')? + 1;
    if name.is_empty() || rest[..tag].ends_with("/>") {
        return Some((start, start + tag));
    }
    Some((start, start + rest.find(&close)? + close.len()))
}

fn boundary(text: &str, mut place: usize) -> usize {
    while !text.is_char_boundary(place) {
        place -= 1;
    }
    place
}

/// One damage.
fn damaged(text: &str, random: &mut Random) -> String {
    let place = boundary(text, below(random, text.len()));
    let mut new = text.to_owned();
    match random.below(10) {
        0 => new.truncate(place),
        1 => {
            // A number becomes another.
            let digits = text[place..]
                .find(|c: char| c.is_ascii_digit())
                .map(|d| d + place);
            if let Some(first) = digits {
                let last = text[first..]
                    .find(|c: char| !c.is_ascii_digit())
                    .map_or(text.len(), |d| d + first);
                new.replace_range(first..last, NUMBERS[below(random, NUMBERS.len())]);
            }
        }
        2 => new.insert_str(place, TEXTS[below(random, TEXTS.len())]),
        3 => {
            let depth = 1 + below(random, 60);
            new.insert_str(place, &("<a>".repeat(depth) + &"</a>".repeat(depth)));
        }
        kind => {
            let Some((start, end)) = element(text, place) else {
                return new;
            };
            let piece = text[start..end].to_owned();
            match kind {
                4 | 5 => new.replace_range(start..end, ""),
                6 => {
                    let times = 1 + below(random, if piece.len() < 2000 { 40 } else { 2 });
                    new.insert_str(end, &piece.repeat(times));
                }
                7 => {
                    // Two elements change places, or the content of one goes into another.
                    new.replace_range(start..end, "");
                    let to = boundary(&new, below(random, new.len()));
                    let to = new[to..].find('<').map_or(to, |n| n + to);
                    new.insert_str(to, &piece);
                }
                8 => {
                    // Another element's tag.
                    let other = boundary(text, below(random, text.len()));
                    if let Some((a, b)) = element(text, other) {
                        new.replace_range(start..end, &text[a..b]);
                    }
                }
                _ => {
                    // Its text goes.
                    let tag = piece.find('>').map_or(piece.len(), |n| n + 1);
                    let tail = piece.rfind("</").unwrap_or(piece.len()).max(tag);
                    let inside = start + tag..start + tail;
                    new.replace_range(inside, NUMBERS[below(random, NUMBERS.len())]);
                }
            }
        }
    }
    new
}

/// A file with one to four damages, sometimes with bytes that are no text.
fn bytes(seed: u64, sample: &str) -> Vec<u8> {
    let mut random = Random::new(seed);
    let mut text = sample.to_owned();
    for _ in 0..1 + random.below(2) * random.below(4) {
        text = damaged(&text, &mut random);
    }
    let mut bytes = text.into_bytes();
    if random.permille(150) && !bytes.is_empty() {
        for _ in 0..1 + random.below(8) {
            let place = below(&mut random, bytes.len());
            bytes[place] = u8::try_from(random.below(256)).unwrap();
        }
    }
    bytes
}

/// So many seeds: always the same ones, unless `PARTA_FUZZ_SEED` says where others begin, as a nightly run does. A failure is repeated with
/// the number that is printed.
fn seeds(count: u64) -> std::ops::Range<u64> {
    let first = std::env::var("PARTA_FUZZ_SEED").ok().and_then(|n| n.parse().ok());
    let first = first.map_or(0, |first: u64| first % (1 << 31));
    eprintln!("seeds from {first}: PARTA_FUZZ_SEED={first} repeats them");
    first..first + count
}

fn says_why(words: &str, line: u32, length: usize) {
    let newlines = u32::try_from(length).unwrap();
    assert!(line >= 1 && line <= newlines + 1, "line {line}: {words}");
    assert!(words.len() > 5 && words.len() < 1000, "{words}");
}

/// All that one may want of a problem.
fn use_it(p: &Problem) {
    let points: usize = p
        .constraints
        .iter()
        .map(|c| c.scope.resources.len() + c.scope.events.len())
        .sum();
    assert!(points <= 8_000_000 && p.times.len() <= 5_000);
    // What is large is bounded, but searched elsewhere.
    let weight = p.times.len() * (p.events.len() + p.resources.len());
    if points > 20_000 || weight > 60_000 {
        return;
    }
    let empty = Solution::empty(p).completed(p).unwrap();
    let report = breaches(p, &empty);
    assert_eq!(report.cost, evaluate(p, &empty));
    for conflict in conflicts(p, 1, 50_000) {
        assert!(!conflict.requirements.is_empty());
    }
    let durations: u32 = p.events.iter().map(|e| e.duration).sum();
    if durations <= 600 {
        let ground = Ground::new(p);
        let plan = Plan {
            seed: 1,
            lane: 0,
            work: 20,
            tuning: Tuning::default(),
        };
        let mut search = Search::new(&ground, plan);
        search.run(20);
        let found = search.best().completed(p).unwrap();
        assert_eq!(evaluate(p, &found), search.cost());
    }
}

#[test]
fn fet_files_as_problems() {
    let school = fet_school::School::new().text();
    let small = include_str!("small.fet");
    let (mut read, mut refused) = (0, 0);
    for seed in seeds(1500) {
        let sample = if seed % 4 == 0 { &school } else { small };
        let bytes = bytes(seed, sample);
        match fet::read(&bytes) {
            Ok(file) => {
                read += 1;
                if seed % 3 == 0 {
                    use_it(&file.problem);
                }
                let text = file.write(&Solution::empty(&file.problem));
                let again = fet::read(text.as_bytes()).expect("what we write, we read");
                assert_eq!(again.problem.events.len(), file.problem.events.len());
                assert_eq!(again.unknown.len(), file.unknown.len());
                let (_, placed) = fet::read_placed(&bytes).expect("what is read, is read with its timetable");
                assert!(placed.meets.len() <= file.problem.events.len());
            }
            Err(fault) => {
                refused += 1;
                says_why(&fault.words, fault.line, bytes.len());
            }
        }
    }
    assert!(
        read > 150 && refused > 200,
        "{read} read, {refused} refused: too tame or too wild"
    );
}

#[test]
fn fet_files_as_drafts() {
    let school = fet_school::School::new().text();
    let small = include_str!("small.fet");
    let (mut read, mut refused) = (0, 0);
    for seed in seeds(1500) {
        let sample = if seed % 8 == 0 { &school } else { small };
        let bytes = bytes(seed + (1 << 32), sample);
        match timetable::fet::import(&bytes) {
            Ok(draft) => {
                read += 1;
                let board = draft.board().expect("a draft that is read makes a board");
                let cards = u32::try_from(board.cards().len()).unwrap();
                assert!(
                    board
                        .conflicts()
                        .iter()
                        .all(|p| p.card.is_none_or(|c| c.0 < cards))
                );
            }
            Err(fault) => {
                refused += 1;
                says_why(&fault.to_string(), fault.line, bytes.len());
            }
        }
    }
    assert!(read > 100 && refused > 300, "{read} read, {refused} refused");
}

#[test]
fn files_of_asc_timetables() {
    let sample = include_str!("small_asc.xml");
    let (mut read, mut refused) = (0, 0);
    for seed in seeds(2500) {
        let bytes = bytes(seed + (2 << 32), sample);
        match asc::read(&bytes) {
            Ok(file) => {
                read += 1;
                if seed % 3 == 0 {
                    use_it(&file.problem);
                }
                let text = file.write(&file.present);
                asc::read(text.as_bytes()).expect("what we write, we read");
            }
            Err(fault) => {
                refused += 1;
                says_why(&fault.reason.to_string(), fault.line, bytes.len());
            }
        }
    }
    assert!(read > 200 && refused > 300, "{read} read, {refused} refused");
}

/// All sixteen kinds of constraints, and a solution.
fn archive(seed: u64) -> String {
    let p = random_problem::problem(seed, false);
    let solution = Solution::empty(&p).completed(&p).unwrap();
    let solved = Solved {
        problem: 0,
        description: "x".to_owned(),
        running_time: "1".to_owned(),
        stated: Some(evaluate(&p, &solution)),
        solution,
    };
    xhstt::write(&Archive {
        id: "a".to_owned(),
        problems: vec![p],
        groups: vec![SolutionGroup {
            id: "g".to_owned(),
            solutions: vec![solved],
            ..SolutionGroup::default()
        }],
        ..Archive::default()
    })
}

#[test]
fn archives() {
    let samples: Vec<String> = (0..6).map(archive).collect();
    for sample in &samples {
        xhstt::read(sample.as_bytes()).expect("the sample itself");
    }
    let (mut read, mut refused) = (0, 0);
    for seed in seeds(1200) {
        let sample = &samples[below(&mut Random::new(seed), samples.len())];
        let bytes = bytes(seed + (3 << 32), sample);
        match xhstt::read(&bytes) {
            Ok(file) => {
                read += 1;
                for problem in file.problems.iter().filter(|_| seed % 3 == 0) {
                    use_it(problem);
                }
                for solved in file.groups.iter().flat_map(|g| &g.solutions) {
                    let problem = &file.problems[at(solved.problem)];
                    let report = breaches(problem, &solved.solution);
                    assert_eq!(report.cost, evaluate(problem, &solved.solution));
                }
                let again = xhstt::read(xhstt::write(&file).as_bytes()).expect("what we write, we read");
                assert_eq!(again.problems.len(), file.problems.len());
            }
            Err(fault) => {
                refused += 1;
                says_why(&fault.fault.to_string(), fault.line, bytes.len());
            }
        }
    }
    assert!(read > 100 && refused > 200, "{read} read, {refused} refused");
}

/// Weeks, lists and limits beyond all bounds: refused, not laid out.
#[test]
fn what_would_fill_the_memory_is_refused() {
    let school = fet_school::School::new().text();
    let more = |list: &str, piece: &str, times: usize| {
        let end = format!("</{list}>");
        school.replacen(&end, &(piece.repeat(times) + &end), 1)
    };
    let refused = |text: &str, word: &str| {
        let fault = fet::read(text.as_bytes()).expect_err(word);
        assert!(fault.words.contains(word), "{fault}");
        assert!(fault.line > 1, "{fault}");
    };
    // The number is not what counts, but what is listed.
    let many = school.replacen("<Number_of_Days>5<", "<Number_of_Days>1000000000<", 1);
    fet::read(many.as_bytes()).expect("five days are five");
    let days: String = (0..996)
        .map(|d| format!("<Day><Name>d{d}</Name></Day>"))
        .collect();
    refused(&more("Days_List", &days, 1), "more than 1000 hours");
    let filtered = "<ConstraintActivitiesPreferredTimeSlots><Weight_Percentage>100</Weight_Percentage><Subject_Name></Subject_Name></ConstraintActivitiesPreferredTimeSlots>";
    refused(
        &more("Time_Constraints_List", filtered, 60_000),
        "more than can be held",
    );
    let everybody = "<ConstraintStudentsMaxGapsPerWeek><Max_Gaps>4294967295</Max_Gaps></ConstraintStudentsMaxGapsPerWeek>";
    fet::read(more("Time_Constraints_List", everybody, 10).as_bytes()).expect("ten are few");
    refused(
        &more("Time_Constraints_List", everybody, 400_000),
        "more than can be held",
    );
    let windows: String = (1..999)
        .map(|most| format!("<ConstraintTeachersMaxHoursContinuously><Maximum_Hours_Continuously>{most}</Maximum_Hours_Continuously></ConstraintTeachersMaxHoursContinuously>"))
        .collect();
    let hours: String = (0..900)
        .map(|h| format!("<Hour><Name>h{h}</Name></Hour>"))
        .collect();
    let long = more("Time_Constraints_List", &windows, 1)
        .replace("<Day><Name>Вт</Name></Day><Day><Name>Ср</Name></Day><Day><Name>Чт</Name></Day><Day><Name>Пт</Name></Day>", "")
        .replacen("</Hours_List>", &(hours + "</Hours_List>"), 1);
    let without: String = long
        .lines()
        .filter(|l| !l.contains("Not_Available"))
        .map(|l| l.to_owned() + "\n")
        .collect();
    refused(&without, "more than can be held");
}

/// Real files under fresh damage: those of the folder `PARTA_FUZZ_FILES` and below it (Debian's `fet-data`, the archives, files of aSc).
/// Without that, of the samples here.
#[test]
fn files_of_a_folder_under_fresh_damage() {
    let mut files: Vec<std::path::PathBuf> = vec![];
    let mut folders: Vec<std::path::PathBuf> = std::env::var_os("PARTA_FUZZ_FILES")
        .map(Into::into)
        .into_iter()
        .collect();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let known = path
                .extension()
                .is_some_and(|e| e == "fet" || e == "xml" || e == "xhstt");
            if path.is_dir() {
                folders.push(path);
            } else if known {
                files.push(path);
            }
        }
    }
    files.sort();
    let mut samples: Vec<String> = files
        .iter()
        .map(|path| String::from_utf8_lossy(&std::fs::read(path).unwrap()).into_owned())
        .collect();
    if samples.is_empty() {
        samples = vec![
            include_str!("small.fet").to_owned(),
            include_str!("small_asc.xml").to_owned(),
        ];
    }
    let rounds = if files.is_empty() { 20 } else { 4 };
    for seed in seeds(rounds) {
        for (at, sample) in (0_u64..).zip(&samples) {
            let bytes = bytes(seed + (at << 32), sample);
            match fet::read(&bytes) {
                Ok(file) => use_it(&file.problem),
                Err(fault) => says_why(&fault.words, fault.line, bytes.len()),
            }
            match asc::read(&bytes) {
                Ok(file) => use_it(&file.problem),
                Err(fault) => says_why(&fault.reason.to_string(), fault.line, bytes.len()),
            }
            match xhstt::read(&bytes) {
                Ok(file) => file.problems.iter().for_each(use_it),
                Err(fault) => says_why(&fault.fault.to_string(), fault.line, bytes.len()),
            }
        }
    }
}
