use super::*;
use crate::draft::SchoolDraft;
use crate::ids::CardIx;
use proptest::prelude::*;

/// Two classes, two teachers, two rooms, four lessons of one hour; constraints as given.
fn text(time: &str, space: &str) -> String {
    let activity = |(id, teacher, class, tag): (u32, &str, &str, &str)| {
        format!(
            "<Activity><Teacher>{teacher}</Teacher><Subject>Maths</Subject>{tag}<Students>{class}</Students><Duration>1</Duration>\
             <Total_Duration>1</Total_Duration><Id>{id}</Id><Activity_Group_Id>0</Activity_Group_Id><Active>true</Active></Activity>\n"
        )
    };
    let tag = "<Activity_Tag>Lab</Activity_Tag>";
    let activities: String = [
        (11, "Ann & Co", "5A", tag),
        (12, "Ann & Co", "5B", ""),
        (23, "Bob", "5A", tag),
        (24, "Bob", "5B", ""),
    ]
    .into_iter()
    .map(activity)
    .collect();
    let named = |element: &str, names: &[&str]| -> String {
        names
            .iter()
            .map(|name| format!("<{element}><Name>{name}</Name></{element}>"))
            .collect()
    };
    format!(
        "<fet version=\"6.8.5\">\n<Days_List>{}</Days_List><Hours_List>{}</Hours_List><Subjects_List>{}</Subjects_List>\
         <Activity_Tags_List>{}</Activity_Tags_List><Teachers_List>{}</Teachers_List><Students_List>{}</Students_List>\
         <Activities_List>{activities}</Activities_List><Buildings_List></Buildings_List><Rooms_List>{}</Rooms_List>\n\
         <Time_Constraints_List>\n{time}</Time_Constraints_List>\n<Space_Constraints_List>\n{space}</Space_Constraints_List>\n</fet>",
        named("Day", &["Mo", "Tu", "We"]),
        named("Hour", &["1", "2", "3"]),
        named("Subject", &["Maths"]),
        named("Activity_Tag", &["Lab"]),
        named("Teacher", &["Ann &amp; Co", "Bob"]),
        named("Year", &["5A", "5B"]),
        named("Room", &["101", "102"]),
    )
    .replace("Ann & Co</Teacher>", "Ann &amp; Co</Teacher>")
}

fn said(kind: &str, weight: &str, fields: &str) -> String {
    format!(
        "<{kind}>\n<Weight_Percentage>{weight}</Weight_Percentage>{fields}<Active>true</Active><Comments></Comments></{kind}>\n"
    )
}

/// What a file keeps, and its draft.
fn kept(text: &str) -> (SchoolDraft, Keeping) {
    let file = crate::fet::read(text.as_bytes()).unwrap();
    let draft = crate::fet::draft(&file).unwrap();
    let mut lost = draft.ignored.clone();
    lost.extend(draft.bounds.iter().map(|b| Ignored::at(&b.kind, [b.line].into())));
    let keeping = keep(text.as_bytes(), &file, &lost, &[]).unwrap();
    (draft, keeping)
}

/// The file of a draft with what was kept, through the text that is stored.
fn back(draft: &SchoolDraft, keeping: &Keeping, meaning: &Meaning) -> (String, Written) {
    let written = crate::fet::name_kept(
        draft,
        &Kept {
            rules: from_text(&to_text(&keeping.rules)).unwrap(),
            meaning: meaning.clone(),
            cards: draft
                .card_list()
                .map(|(at, _, card)| (card.source_id, at))
                .collect(),
        },
    );
    (crate::fet::write_kept(draft, &written).0, written)
}

fn kinds(keeping: &Keeping) -> Vec<(&str, u32, u32)> {
    keeping
        .told
        .iter()
        .map(|t| (t.kind.as_str(), t.count, t.must))
        .collect()
}

#[test]
fn what_is_not_understood_comes_back_with_the_names_of_the_new_file() {
    let interval = said(
        "ConstraintTeacherIntervalMaxDaysPerWeek",
        "100",
        "<Teacher>Ann &amp; Co</Teacher><Interval_Start_Hour>2</Interval_Start_Hour><Interval_End_Hour></Interval_End_Hour>\
         <Max_Days_Per_Week>1</Max_Days_Per_Week>",
    );
    let apart = said(
        "ConstraintActivitiesOccupyMaxTimeSlotsFromSelection",
        "90.5",
        "<Number_of_Activities>2</Number_of_Activities><Activity_Id>11</Activity_Id><Activity_Id>24</Activity_Id><Max_Number_of_Occupied_Time_Slots>1</Max_Number_of_Occupied_Time_Slots>",
    );
    let tagged = said(
        "ConstraintStudentsSetActivityTagMaxHoursDaily",
        "100",
        "<Maximum_Hours_Daily>1</Maximum_Hours_Daily><Students>5B</Students><Activity_Tag>Lab</Activity_Tag>",
    );
    let rooms = said(
        "ConstraintTeacherMinGapsBetweenBuildingChanges",
        "100",
        "<Teacher>Bob</Teacher><Min_Gaps_Between_Building_Changes>1</Min_Gaps_Between_Building_Changes>",
    );
    // understood: it must not stand twice
    let lessons = said(
        "ConstraintTeacherMaxHoursDaily",
        "100",
        "<Teacher>Bob</Teacher><Maximum_Hours_Daily>2</Maximum_Hours_Daily>",
    );
    let (mut draft, keeping) = kept(&text(&format!("{interval}{apart}{lessons}{tagged}"), &rooms));
    assert_eq!(
        kinds(&keeping),
        [
            ("ConstraintTeacherIntervalMaxDaysPerWeek", 1, 1),
            ("ConstraintActivitiesOccupyMaxTimeSlotsFromSelection", 1, 0),
            ("ConstraintStudentsSetActivityTagMaxHoursDaily", 1, 1),
            ("ConstraintTeacherMinGapsBetweenBuildingChanges", 1, 1),
        ]
    );
    // renamed since
    draft.teachers[0].name = "Anna <Smith>".to_owned();
    draft.classes[1].name = "6B".to_owned();
    let (file, written) = back(&draft, &keeping, &keeping.meaning);
    assert!(written.gone.is_empty(), "{:?}", written.gone);
    assert!(file.contains("<Teacher>Anna &lt;Smith&gt;</Teacher>"), "{file}");
    assert_eq!(
        file.matches("ConstraintTeacherMaxHoursDaily>").count(),
        2,
        "one element"
    );
    let (again, twice) = kept(&file);
    assert_eq!(kinds(&twice), kinds(&keeping));
    let (same, _) = back(&again, &twice, &twice.meaning);
    assert_eq!(same, file, "once more is the same");
    assert!(file.contains("<Students>6B</Students>") && file.contains("<Activity_Tag>Lab</Activity_Tag>"));
}

#[test]
fn what_speaks_of_something_that_is_gone_stays_behind() {
    let of = |teacher: &str| {
        said(
            "ConstraintTeacherMaxSpanPerDay",
            "100",
            &format!("<Teacher>{teacher}</Teacher><Max_Span>2</Max_Span>"),
        )
    };
    let odd = said(
        "ConstraintOfAYearToCome",
        "100",
        "<Colour>blue</Colour><Figure>3</Figure>",
    );
    let half = said(
        "ConstraintTeachersMaxAfternoonsPerWeek",
        "100",
        "<Max_Afternoons_Per_Week>2</Max_Afternoons_Per_Week>",
    );
    let (draft, keeping) = kept(&text(
        &format!("{}{}{odd}{half}", of("Ann &amp; Co"), of("Bob")),
        "",
    ));
    assert_eq!(keeping.rules.len(), 4);
    let without_bob = keeping
        .meaning
        .turned(|thing| Some(thing).filter(|t| *t != Thing::Teacher(1)));
    let (file, written) = back(&draft, &keeping, &without_bob);
    assert_eq!(file.matches("<ConstraintTeacherMaxSpanPerDay>").count(), 1);
    assert_eq!(written.gone.values().sum::<u32>(), 3, "{:?}", written.gone);
    assert!(!file.contains("blue") && !file.contains("Afternoons"));
}

#[test]
fn a_rule_is_not_kept_where_it_cannot_be_told_from_one_that_is_understood() {
    // both on one line, one of them with an empty day and not read as a limit
    let least = |empty: &str| {
        format!(
            "<ConstraintTeacherMinHoursDaily><Weight_Percentage>100</Weight_Percentage><Teacher>Bob</Teacher>\
             <Minimum_Hours_Daily>2</Minimum_Hours_Daily><Allow_Empty_Days>{empty}</Allow_Empty_Days><Active>true</Active></ConstraintTeacherMinHoursDaily>"
        )
    };
    let line = text(&format!("{}{}\n", least("true"), least("false")), "");
    let (_, keeping) = kept(&line);
    assert!(keeping.rules.is_empty());
    let apart = text(&format!("{}\n{}\n", least("true"), least("false")), "");
    assert_eq!(kept(&apart).1.rules.len(), 1);
}

#[test]
fn what_is_out_of_force_stays_so_and_ours_comes_back() {
    let off = said("ConstraintTeachersMaxSpanPerDay", "100", "<Max_Span>2</Max_Span>")
        .replace("<Active>true", "<Active>false");
    let (draft, keeping) = kept(&text(&off, ""));
    assert_eq!(
        (keeping.rules.len(), keeping.told.len()),
        (1, 0),
        "no rule of the file is lost"
    );
    let (file, written) = back(&draft, &keeping, &keeping.meaning);
    assert_eq!((written.rules.len(), written.on()), (1, 0));
    assert!(file.contains("<ConstraintTeachersMaxSpanPerDay>"));
    let on = off.replace("<Active>false", "<Active>true");
    let (draft, keeping) = kept(&text(&on, ""));
    let (_, mut written) = back(&draft, &keeping, &keeping.meaning);
    written.switch_off(&[true]);
    let (file, lines) = crate::fet::write_kept(&draft, &written);
    let line = file.lines().nth(crate::ids::wide(lines[0]) - 1).unwrap();
    assert_eq!(line.trim(), "<ConstraintTeachersMaxSpanPerDay>");
    let (_, again) = kept(&file);
    assert_eq!(kinds(&again), [("ConstraintTeachersMaxSpanPerDay", 1, 1)]);
}

/// A must that is taken into account lesson by lesson is written back, and nobody is told that it is left out.
#[test]
fn what_is_heeded_all_the_same_is_kept_and_not_told() {
    const HOUR: &str = "ConstraintActivitiesSameStartingHour";
    let hour = |weight: &str, ids: [u32; 2]| {
        let ids = ids.map(|id| format!("<Activity_Id>{id}</Activity_Id>")).concat();
        said(HOUR, weight, &ids)
    };
    let text = text(&[hour("100", [11, 24]), hour("90", [12, 23])].concat(), "");
    let kept = |text: &str| {
        let file = crate::fet::read(text.as_bytes()).unwrap();
        let draft = crate::fet::draft(&file).unwrap();
        let mut lost = Ignored::of(HOUR, u32::MAX);
        draft.ties.iter().for_each(|tie| lost.add(tie.line));
        let must = draft.ties.iter().filter(|tie| tie.weight >= 100_000);
        let heeded = Ignored::at(HOUR, must.map(|tie| tie.line).collect());
        keep(text.as_bytes(), &file, &[lost], &[heeded]).unwrap()
    };
    let keeping = kept(&text);
    assert_eq!(keeping.rules.len(), 2);
    assert_eq!(kinds(&keeping), [(HOUR, 1, 0)]);
    let taken: Vec<_> = keeping.heeded.iter().map(|t| (t.count, t.must)).collect();
    assert_eq!(taken, [(1, 1)]);
    let all = joined(keeping.told, keeping.heeded);
    let all: Vec<_> = all.iter().map(|t| (t.kind.as_str(), t.count, t.must)).collect();
    assert_eq!(all, [(HOUR, 2, 1)]);
    // of two on one line nobody knows which is meant
    let keeping = kept(&text.replace('\n', " "));
    assert_eq!(keeping.rules.len(), 2);
    assert_eq!(kinds(&keeping), [(HOUR, 2, 1)]);
    assert_eq!(keeping.heeded, []);
}

proptest! {
    /// Whatever a constraint holds: it is kept whole or not at all, and what is written is a file that can be read, as often as one likes.
    #[test]
    fn anything_is_kept_whole_or_not_at_all(
        kind in "[A-Za-z0-9_.]{0,90}",
        fields in prop::collection::vec(("(Teacher|Students|Activity_Id|Hour|Day|X1|Comments|Preferred_Room|Activity_Tag)", "[ -~а-яё\t]{0,12}"), 0..5),
        names in prop::sample::select(vec!["Bob", "5A", "11", "2", "Mo", "101", "Lab"]),
    ) {
        let leaf = |(element, text): &(String, String)| {
            let text = quick_xml::escape::escape(text.as_str()).into_owned();
            format!("<{element}>{text}</{element}>")
        };
        let fields: String = fields.iter().map(leaf).chain([format!("<Hour>{names}</Hour>")]).collect();
        let text = text(&said(&format!("Constraint{kind}"), "100", &fields), "");
        let Ok(file) = crate::fet::read(text.as_bytes()) else { return Ok(()); };
        let Ok(draft) = crate::fet::draft(&file) else { return Ok(()); };
        let keeping = keep(text.as_bytes(), &file, &draft.ignored, &[]).unwrap();
        let cards: HashMap<u32, CardIx> = HashMap::new();
        prop_assert!(cards.is_empty());
        let (file, written) = back(&draft, &keeping, &keeping.meaning);
        let read = crate::fet::import(file.as_bytes());
        prop_assert!(read.is_ok(), "{:?}\n{}", read, file);
        let (_, again) = kept(&file);
        prop_assert_eq!(again.rules.len(), written.rules.len());
        let lost: u32 = written.gone.values().sum();
        prop_assert!(usize::try_from(lost).unwrap() + written.rules.len() <= keeping.rules.len());
    }
}
