//! The house plan (docs/architecture.md) against the tree: which crate may use which, and what a file may be.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "the helpers of tests fail as tests do"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// Departments, each with its rank: a core uses cores of a lower rank only.
const DEPARTMENTS: &[(&str, u8)] = &[
    ("access", 0),
    ("study", 1),
    ("classbook", 2),
    ("contact", 3),
    ("entry", 3),
    ("learning", 3),
    ("office", 4),
];

/// Which room a crate is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Room {
    Texts,
    Base,
    Timetable,
    Kit,
    Paper,
    Core(u8, &'static str),
    Ui(u8, &'static str),
    App,
    Frontend,
    Server,
}

impl Room {
    fn of(folder: &str) -> Self {
        match folder {
            "base/texts" => Self::Texts,
            "base" => Self::Base,
            "timetable" => Self::Timetable,
            "kit" => Self::Kit,
            "paper" => Self::Paper,
            "app" => Self::App,
            "frontend" => Self::Frontend,
            "server" => Self::Server,
            other => DEPARTMENTS
                .iter()
                .find_map(|(name, rank)| {
                    let place = other.strip_prefix("departments/")?.strip_prefix(name)?;
                    match place {
                        "/core" => Some(Self::Core(*rank, name)),
                        "/ui" => Some(Self::Ui(*rank, name)),
                        _ => None,
                    }
                })
                .unwrap_or_else(|| {
                    panic!("{other}: which room of docs/architecture.md is it? teach Room::of")
                }),
        }
    }

    fn may_use(self, other: Self) -> bool {
        use Room::{App, Base, Core, Frontend, Kit, Paper, Server, Texts, Timetable, Ui};
        match (self, other) {
            // makes functions of texts at build time
            (_, Texts) | (App | Frontend | Server | Core(..) | Ui(..) | Kit | Paper, Base) => true,
            (Core(..) | Ui(..) | Server, Timetable | Paper) => true,
            (Ui(..) | App | Frontend | Server, Kit) => true,
            (Core(mine, _), Core(theirs, _)) => theirs < mine,
            (Ui(mine, name), Core(theirs, other)) => theirs < mine || name == other,
            (App, Ui(..)) | (Frontend | Server, App) | (App | Server, Core(..)) => true,
            _ => false,
        }
    }

    fn may_have_sql(self) -> bool {
        matches!(self, Self::Base | Self::Core(..) | Self::Server)
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("..")
        .canonicalize()
        .unwrap()
}

fn packages() -> Vec<(Room, Value)> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap().clone();
    packages
        .into_iter()
        .map(|package| {
            let manifest = Path::new(package["manifest_path"].as_str().unwrap()).to_owned();
            let folder = manifest.parent().unwrap().strip_prefix(root()).unwrap();
            (Room::of(folder.to_str().unwrap()), package)
        })
        .collect()
}

#[test]
fn the_arrows_point_down() {
    let packages = packages();
    let room_of = |name: &str| {
        packages
            .iter()
            .find(|(_, p)| p["name"] == name)
            .map(|(room, _)| *room)
    };
    let mut wrong = Vec::new();
    for (room, package) in &packages {
        for dependency in package["dependencies"].as_array().unwrap() {
            let name = dependency["name"].as_str().unwrap();
            if let Some(other) = room_of(name)
                && other != *room
                && !room.may_use(other)
            {
                wrong.push(format!("{room:?} uses {other:?}"));
            }
            if name == "sqlx" && !room.may_have_sql() {
                wrong.push(format!(
                    "{room:?} has sqlx: only base, the cores and the server do"
                ));
            }
        }
        let cdylib = package["targets"].as_array().unwrap().iter().any(|target| {
            let kinds = target["crate_types"].as_array().unwrap();
            kinds.iter().any(|kind| kind == "cdylib")
        });
        if cdylib != (*room == Room::Frontend) {
            wrong.push(format!("{room:?}: frontend, and it alone, is a cdylib"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The rule itself, where Cargo cannot hold it: two departments without a dependency between them yet.
#[test]
fn the_rule_of_the_arrows() {
    let (access, study) = (
        Room::of("departments/access/core"),
        Room::of("departments/study/core"),
    );
    let (access_ui, study_ui) = (
        Room::of("departments/access/ui"),
        Room::of("departments/study/ui"),
    );
    assert!(study.may_use(access) && !access.may_use(study));
    assert!(!study_ui.may_use(access_ui) && !access_ui.may_use(study_ui));
    assert!(study_ui.may_use(study) && !study.may_use(study_ui));
    assert!(!Room::Base.may_use(Room::Kit) && !Room::Kit.may_use(access));
    assert!(!Room::Timetable.may_use(Room::Base) && !Room::Server.may_use(study_ui));
}

#[test]
fn every_crate_keeps_the_lints_of_the_workspace() {
    for (room, package) in packages() {
        let manifest = fs::read_to_string(package["manifest_path"].as_str().unwrap()).unwrap();
        assert!(manifest.contains("[lints]\nworkspace = true"), "{room:?}");
    }
}

/// Every file of ours, as a path from the root.
fn files() -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![root()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                let not_ours = [
                    "target",
                    "node_modules",
                    "data",
                    "test-results",
                    "playwright-report",
                ];
                // `.git`, `.sqlx` and the like; in `.parta` and `.ci` lie scripts
                if !not_ours.contains(&name.as_str())
                    && (!name.starts_with('.') || name == ".parta" || name == ".ci")
                {
                    folders.push(path);
                }
            } else {
                let place = path.strip_prefix(root()).unwrap();
                found.push(place.to_string_lossy().into_owned());
            }
        }
    }
    found.sort();
    found
}

#[test]
fn no_file_is_too_long_to_read() {
    let written = ["rs", "sql", "css", "js", "mjs", "ts", "sh"];
    let long: Vec<String> = files()
        .into_iter()
        .filter(|file| written.iter().any(|ending| file.ends_with(&format!(".{ending}"))))
        .filter_map(|file| {
            let lines = fs::read_to_string(root().join(&file)).unwrap().lines().count();
            (lines > 700).then(|| format!("{file}: {lines} lines, 700 are the limit"))
        })
        .collect();
    assert!(long.is_empty(), "{long:#?}");
}

/// A rule whose last part is anything at all («`* + *`», «`> :nth-child(3)`») makes the browser style anew what stands beside every element that
/// comes or goes, wherever that is: in a grid that scrolls, all of its cells in every frame.
#[test]
fn no_rule_of_style_is_about_whatever_stands_beside() {
    let anything = ["+ *", "~ *", "+ :", "~ :", "> :nth", " :nth", "*:nth"];
    let mut found = vec![];
    for file in files()
        .iter()
        .filter(|file| file.starts_with("style/") && file.ends_with(".css"))
    {
        let text = fs::read_to_string(root().join(file)).unwrap();
        let mut rules = String::new();
        for (n, part) in text.split("/*").enumerate() {
            rules.push_str(if n == 0 {
                part
            } else {
                part.split_once("*/").unwrap().1
            });
        }
        // what stands before a brace is a selector, or a condition
        for selector in rules.split('{').filter_map(|part| part.rsplit(['}', ';']).next()) {
            if anything.iter().any(|what| selector.contains(what)) {
                found.push(format!("{file}: {}", selector.trim()));
            }
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}

/// A folder is named by what it is about; these are names for «I do not know».
#[test]
fn no_room_is_called_anything() {
    let vague = [
        "utils", "util", "helpers", "helper", "common", "misc", "manager", "shared",
    ];
    let found: Vec<String> = files()
        .into_iter()
        .filter(|file| {
            file.split('/')
                .any(|part| vague.contains(&part.split('.').next().unwrap_or_default()))
        })
        .collect();
    assert!(found.is_empty(), "{found:#?}");
}

/// A feature's front page says what it is, which roles, which routes; and nothing else.
#[test]
fn the_front_page_of_a_feature_is_short() {
    let long: Vec<String> = files()
        .into_iter()
        .filter(|file| {
            let parts: Vec<_> = file.split('/').collect();
            matches!(parts[..], ["departments", _, "ui", "src", _, "mod.rs"])
        })
        .filter_map(|file| {
            let lines = fs::read_to_string(root().join(&file)).unwrap().lines().count();
            (lines > 40).then(|| format!("{file}: {lines} lines, 40 are the limit"))
        })
        .collect();
    assert!(long.is_empty(), "{long:#?}");
}

/// SQL lies in the `sql` folder of a feature, in `base` and in the server.
#[test]
fn queries_live_where_one_looks_for_them() {
    let astray: Vec<String> = files()
        .into_iter()
        .filter(|file| file.starts_with("departments/") && file.ends_with(".rs") && !file.contains("/tests/"))
        .filter(|file| {
            let text = fs::read_to_string(root().join(file)).unwrap();
            let asks = ["sqlx::query!", "sqlx::query_as!", "sqlx::query_scalar!"];
            asks.iter().any(|ask| text.contains(ask)) && !file.contains("/sql/") && !file.ends_with("/sql.rs")
        })
        .collect();
    assert!(astray.is_empty(), "{astray:#?}");
}
