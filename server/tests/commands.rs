//! A school's beginning from the command line, as an operator types it: timetable, lists, first passwords. Each command is a
//! process of its own; its words, its exit status and what it left in the database are looked at.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "the helpers of tests fail as tests do"
)]

mod support;

use std::os::unix::fs::PermissionsExt as _;
use std::process::Output;

use server::commands::database::MIGRATIONS;
use server::postgres::testing::TestDatabase;
use sqlx::{Executor as _, Row as _};
use support::{Folder, output_on};

/// A region with one school that has nothing yet: no year, no class, nobody.
const SCHOOL: &str = "
    insert into organisation (id, parent_id, kind, name, short_name, path) values
        (1, null, 'region', 'Регион', 'Регион', '{1}'),
        (30, 1, 'school', 'Лицей № 3', 'Лицей 3', '{1,30}')";

const FET: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<fet version="6.0.0">
<Institution_Name>Лицей</Institution_Name>
<Days_List><Number_of_Days>2</Number_of_Days><Day><Name>Пн</Name></Day><Day><Name>Вт</Name></Day></Days_List>
<Hours_List><Number_of_Hours>2</Number_of_Hours><Hour><Name>1</Name></Hour><Hour><Name>2</Name></Hour></Hours_List>
<Subjects_List><Subject><Name>Математика</Name></Subject></Subjects_List>
<Activity_Tags_List></Activity_Tags_List>
<Teachers_List><Teacher><Name>Учителева Анна Ивановна</Name></Teacher></Teachers_List>
<Students_List><Year><Name>7А</Name><Number_of_Students>25</Number_of_Students></Year></Students_List>
<Activities_List>
<Activity><Teacher>Учителева Анна Ивановна</Teacher><Subject>Математика</Subject><Students>7А</Students><Duration>1</Duration><Total_Duration>1</Total_Duration><Id>1</Id><Activity_Group_Id>0</Activity_Group_Id><Active>true</Active></Activity>
</Activities_List>
<Buildings_List></Buildings_List>
<Rooms_List></Rooms_List>
<Time_Constraints_List></Time_Constraints_List>
<Space_Constraints_List></Space_Constraints_List>
</fet>"#;

const LIST: &str = "ФИО;Дата рождения;Класс;Мать;Телефон матери\n\
    Абрамов Артём Ильич;03.04.2013;7А;Абрамова Мария Сергеевна;+7 900 000-00-31\n\
    Белова Вера Ивановна;05.06.2013;7А;Белова Ольга Петровна;+7 900 000-00-32\n";

struct Operator {
    database: TestDatabase,
    folder: Folder,
}

impl Operator {
    async fn new(name: &str) -> Self {
        let scripts = [SCHOOL];
        Self {
            database: TestDatabase::filled(&MIGRATIONS, &scripts).await.unwrap(),
            folder: Folder::new(name),
        }
    }

    /// Writes a file and tells where it is.
    fn file(&self, name: &str, text: &str) -> String {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }

    async fn run(&self, arguments: &[&str]) -> Output {
        output_on(&self.database.url(), arguments).await
    }

    /// What a command that did its work said.
    async fn done(&self, arguments: &[&str]) -> String {
        let out = self.run(arguments).await;
        let complaint = String::from_utf8_lossy(&out.stderr).into_owned();
        assert!(out.status.success(), "{arguments:?}: {complaint}");
        String::from_utf8(out.stdout).unwrap()
    }

    /// What a command that refused complained of; it changed nothing.
    async fn refused(&self, arguments: &[&str]) -> String {
        let before = self.rows().await;
        let out = self.run(arguments).await;
        assert!(!out.status.success(), "{arguments:?} was accepted");
        assert_eq!(
            self.rows().await,
            before,
            "{arguments:?} was refused and left something"
        );
        String::from_utf8(out.stderr).unwrap()
    }

    /// How many classes, versions of the timetable, pupils, guardianships, accounts and audit events there are.
    async fn rows(&self) -> [i64; 6] {
        let tables = [
            "class",
            "timetable_version",
            "pupil",
            "guardianship",
            "account",
            "audit_event",
        ];
        let mut rows = [0; 6];
        for (n, table) in rows.iter_mut().zip(tables) {
            *n = self.number(&format!("select count(*) from {table}")).await;
        }
        rows
    }

    async fn number(&self, query: &str) -> i64 {
        let query = sqlx::AssertSqlSafe(query.to_owned());
        self.database.pool.fetch_one(query).await.unwrap().get(0)
    }

    async fn end(self) {
        self.database.remove().await.unwrap();
    }
}

#[tokio::test]
async fn a_school_begins_at_the_terminal() {
    let it = Operator::new("commands").await;
    let fet = it.file("school.fet", FET);
    let list = it.file("list.csv", LIST);

    // the timetable: told first, then done
    let before = it.rows().await;
    let told = it
        .done(&["import", "fet", &fet, "--school", "30", "--dry-run"])
        .await;
    assert!(
        told.contains("1 classes, 1 would be created") && told.contains("Nothing was written"),
        "{told}"
    );
    assert_eq!(it.rows().await, before, "a dry run writes nothing");
    let told = it.done(&["import", "fet", &fet, "--school", "Лицей 3"]).await;
    assert!(told.contains("1 classes, 1 were created"), "{told}");
    let version = it.number("select id from timetable_version").await;
    assert!(told.contains(&format!("/timetable/{version}.")), "{told}");
    assert_eq!(it.rows().await[..2], [1, 1]);

    // pupils and families: told, done, and a second time nothing new
    let told = it
        .done(&["import", "pupils", &list, "--school", "30", "--dry-run"])
        .await;
    assert!(
        told.contains("2 rows: 2 new pupils") && told.contains("Nothing was written"),
        "{told}"
    );
    assert_eq!(it.rows().await[2..4], [0, 0], "a dry run writes nothing");
    let told = it
        .done(&["import", "pupils", &list, "--school", "30", "--since", "today"])
        .await;
    assert!(told.contains("2 new guardians"), "{told}");
    assert_eq!(it.rows().await[2..5], [2, 2, 0]);
    let once = it.rows().await;
    let told = it
        .done(&["import", "pupils", &list, "--school", "30", "--since", "today"])
        .await;
    assert!(told.contains("0 new pupils, 2 known"), "{told}");
    assert_eq!(it.rows().await[..5], once[..5], "the same list twice");

    // first passwords of a class: in the file, nowhere else
    let out = it.folder.path().join("slips.csv");
    let path = out.to_str().unwrap();
    let told = it
        .done(&["account", "for", "--school", "30", "--class", "7А", "--out", path])
        .await;
    assert!(told.contains("4 slips"), "{told}");
    assert_eq!(
        std::fs::metadata(&out).unwrap().permissions().mode() & 0o777,
        0o600
    );
    let slips = std::fs::read_to_string(&out).unwrap();
    let lines: Vec<Vec<&str>> = slips.lines().skip(1).map(|l| l.split(';').collect()).collect();
    let names: Vec<&str> = lines.iter().map(|l| l[1]).collect();
    assert_eq!(lines.len(), 4, "{names:?}");
    for name in ["Абрамов", "Абрамова", "Белова Вера", "Белова Ольга"] {
        assert!(names.iter().any(|n| n.starts_with(name)), "{name} in {names:?}");
    }
    for line in &lines {
        assert!(!told.contains(line[3]), "a password in the terminal");
    }
    let waiting =
        "select count(*) from account where must_change_password and issued_password_expires_at > now()
                   and password_hash like '$argon2id$%'";
    assert_eq!(it.number(waiting).await, 4);

    // a file that is there is not written over, and no password is made that nobody would get
    let complaint = it
        .refused(&["account", "for", "--school", "30", "--staff", "--out", path])
        .await;
    assert!(complaint.contains("must not exist"), "{complaint}");
    assert_eq!(std::fs::read_to_string(&out).unwrap(), slips);
    // who has a slip keeps it; the staff gets theirs
    let rest = it.folder.path().join("rest.csv");
    let told = it
        .done(&[
            "account",
            "for",
            "--school",
            "30",
            "--all",
            "--out",
            rest.to_str().unwrap(),
        ])
        .await;
    assert!(told.contains("1 slips"), "{told}");
    assert!(std::fs::read_to_string(&rest).unwrap().contains("Учителева"));

    // the school reads of all of it in its own journal of changes, and nobody of the school is named as the doer
    let events = |what: &str| {
        format!(
            "select count(*) from audit_event where school_id = 30 and actor_id is null and action = '{what}'"
        )
    };
    assert_eq!(it.number(&events("account.password_issued")).await, 5);
    assert_eq!(
        it.number("select count(*) from audit_event where actor_id is not null")
            .await,
        0
    );
    it.end().await;
}

#[tokio::test]
async fn a_folder_without_a_database_is_the_wrong_folder() {
    let folder = Folder::new("commands-nowhere");
    let data = folder.path().join("data");
    let out = support::output(&[
        "import",
        "fet",
        "school.fet",
        "--school",
        "1",
        "--data",
        data.to_str().unwrap(),
    ])
    .await;
    assert!(!out.status.success());
    let complaint = String::from_utf8_lossy(&out.stderr);
    assert!(complaint.contains("there is no database in"), "{complaint}");
    assert!(!data.exists(), "and none is made there");
}

#[tokio::test]
async fn what_cannot_be_is_said_and_changes_nothing() {
    let it = Operator::new("commands-refused").await;
    let fet = it.file("school.fet", FET);

    let broken = it.file("broken.fet", &FET.replace("</Teachers_List>", "</Teachers>"));
    let complaint = it.refused(&["import", "fet", &broken, "--school", "30"]).await;
    assert!(
        complaint.contains("broken.fet: Line 8"),
        "file and line are named: {complaint}"
    );
    let complaint = it.refused(&["import", "fet", &fet, "--school", "Лицей 4"]).await;
    assert!(complaint.contains("there is no school «Лицей 4»"), "{complaint}");
    let complaint = it
        .refused(&["import", "fet", "no-such.fet", "--school", "30"])
        .await;
    assert!(complaint.contains("cannot read no-such.fet"), "{complaint}");

    it.done(&["import", "fet", &fet, "--school", "30"]).await;
    // one wrong row, and nothing is imported; unless it is to be left out
    let list = it.file("list.csv", &LIST.replace("05.06.2013", "35.06.2013"));
    let complaint = it.refused(&["import", "pupils", &list, "--school", "30"]).await;
    assert!(complaint.contains("list.csv"), "{complaint}");
    let told = it
        .done(&["import", "pupils", &list, "--school", "30", "--without-bad"])
        .await;
    assert!(told.contains("1 new pupils") && told.contains("row 3:"), "{told}");
    let nonsense = it.file("nonsense.csv", "раз;два\nтри;четыре\n");
    let complaint = it
        .refused(&["import", "pupils", &nonsense, "--school", "30"])
        .await;
    assert!(complaint.contains("nonsense.csv"), "{complaint}");

    let out = it.folder.path().join("slips.csv");
    let path = out.to_str().unwrap();
    let complaint = it
        .refused(&["account", "for", "--school", "30", "--class", "9Я", "--out", path])
        .await;
    assert!(
        complaint.contains("there is no class «9Я» in Лицей № 3"),
        "{complaint}"
    );
    assert!(!out.exists(), "no file without a password in it");
    let complaint = it.refused(&["account", "reset", "--login", "nobody"]).await;
    assert!(complaint.contains("nobody has the login «nobody»"), "{complaint}");
    let complaint = it
        .refused(&[
            "account",
            "create",
            "--name",
            "Один",
            "--school",
            "30",
            "--position",
            "director",
        ])
        .await;
    assert!(complaint.contains("--name"), "{complaint}");
    it.end().await;
}

#[tokio::test]
async fn the_first_director_is_made_and_reset_at_the_terminal() {
    let it = Operator::new("commands-account").await;
    // a school of one's own under the region, and its number
    let told = it
        .done(&[
            "organisation",
            "create",
            "--kind",
            "school",
            "--name",
            "Гимназия № 7",
            "--short",
            "Гимназия 7",
        ])
        .await;
    let number = it.number("select id from organisation where name = 'Гимназия № 7' and path = array[1, id] and parent_id = 1").await;
    assert!(told.starts_with(&format!("organisation {number}:")), "{told}");
    let told = it.done(&["organisation", "list"]).await;
    assert!(
        told.contains("Лицей № 3") && told.contains("Гимназия № 7"),
        "{told}"
    );
    let again = [
        "organisation",
        "create",
        "--kind",
        "school",
        "--name",
        "Гимназия № 7",
    ];
    assert!(it.refused(&again).await.contains("already"));
    let wrong = [&again[..4], &["--name", "Другая", "--under", "30"]].concat();
    assert!(
        it.refused(&wrong)
            .await
            .contains("only a region or a municipality")
    );
    let told = it
        .done(&[
            "account",
            "create",
            "--name",
            "Первая Анна Ивановна",
            "--school",
            "Гимназия 7",
            "--position",
            "director",
        ])
        .await;
    assert!(told.contains("login:"), "{told}");
    let events = format!(
        "select count(*) from audit_event where school_id = {number} and action = 'organisation.created'"
    );
    assert_eq!(it.number(&events).await, 1);
    let create = [
        "account",
        "create",
        "--name",
        "Директорова Нина Львовна",
        "--school",
        "30",
    ];
    let told = it
        .done(&[&create[..], &["--position", "director"]].concat())
        .await;
    let after = |what: &str, text: &str| {
        let line = text
            .lines()
            .find(|l| l.starts_with(what))
            .expect("the line is said");
        line.split_whitespace().last().unwrap().to_owned()
    };
    let login = after("login:", &told);
    let reset = it.done(&["account", "reset", "--login", &login]).await;
    assert_eq!(after("login:", &reset), login);
    assert_ne!(after("password:", &reset), after("password:", &told));
    // both acts are in the school's journal of changes, without the password
    assert_eq!(
        it.number(
            "select count(*) from audit_event where school_id = 30 and action = 'account.password_issued'"
        )
        .await,
        2
    );
    for password in [after("password:", &told), after("password:", &reset)] {
        let leaked = format!("select count(*) from audit_event where new::text like '%{password}%'");
        assert_eq!(it.number(&leaked).await, 0);
    }
    it.end().await;
}
