use proptest::prelude::*;

use super::*;

fn staff(school: i64, appointment: i64) -> StaffFact {
    StaffFact {
        school,
        school_name: format!("Школа {school}"),
        utc_offset: 7 * 3600,
        appointment,
        employee: 1200,
        title: "Учитель".to_owned(),
        template: Some("teacher".to_owned()),
        grants: vec![
            ("journal".to_owned(), "edit".to_owned(), "own".to_owned()),
            ("rocket".to_owned(), "edit".to_owned(), "school".to_owned()),
        ],
    }
}

fn child(school: i64, pupil: i64) -> PupilFact {
    PupilFact {
        school,
        school_name: format!("Школа {school}"),
        utc_offset: 3 * 3600,
        pupil,
        first_name: "Аня".to_owned(),
        last_name: "Орлова".to_owned(),
        class: Some("7А".to_owned()),
    }
}

fn facts(staff: Vec<StaffFact>, children: Vec<PupilFact>) -> Facts {
    Facts {
        account: AccountId(1),
        person: PersonId(2),
        name: (
            "Орлова".to_owned(),
            "Мария".to_owned(),
            Some("Сергеевна".to_owned()),
        ),
        login: "orlova".to_owned(),
        must_change_password: false,
        staff,
        children,
        pupils: Vec::new(),
    }
}

#[test]
fn a_teacher_who_is_a_mother_switches_between_schools_and_children() {
    let facts = facts(
        vec![staff(10, 5), staff(20, 6)],
        vec![child(10, 1001), child(20, 2001), child(10, 1002)],
    );
    let keys: Vec<String> = facts.keys().iter().map(ToString::to_string).collect();
    assert_eq!(keys, ["staff:10:5", "staff:20:6", "guardian:10", "guardian:20"]);

    let first = facts.active(None);
    assert_eq!(first.map(|a| a.to_string()).as_deref(), Some("staff:10:5"));
    let actor = facts.actor(first);
    assert_eq!((actor.school, actor.utc_offset), (SchoolId(10), 7 * 3600));
    // a right in words of another version is no right
    assert_eq!(actor.grants.len(), 1);

    let mother = facts.active(Some("guardian:10/1002"));
    assert_eq!(mother.and_then(|a| a.child), Some(PupilId(1002)));
    let actor = facts.actor(mother);
    assert_eq!(
        actor.role,
        Role::Guardian {
            pupils: vec![PupilId(1001), PupilId(1002)]
        }
    );
    assert!(actor.grants.is_empty());

    let me = facts.me(mother, Uuid::nil(), Lang::En);
    assert_eq!(
        (me.short_name.as_str(), me.initials.as_str()),
        ("М. С. Орлова", "МО")
    );
    assert_eq!(me.positions.len(), 4);
    assert_eq!(me.positions[0].title, "Teacher");
    assert_eq!(me.positions[2].children.len(), 2);
    assert!(me.may.contains(&(Kind::Diary, Action::View)));
    assert!(!me.may.contains(&(Kind::Journal, Action::Edit)));
}

#[test]
fn what_is_not_ones_own_cannot_be_held() {
    let facts = facts(vec![staff(10, 5)], vec![child(10, 1001), child(20, 2001)]);
    let holds = |text: &str| facts.holds(text.parse().unwrap());
    assert!(holds("staff:10:5") && holds("guardian:10/1001") && holds("guardian:20"));
    assert!(!holds("staff:10:6"));
    assert!(!holds("staff:20:5"));
    assert!(!holds("guardian:10/2001"));
    assert!(!holds("guardian:30"));
    assert!(!holds("pupil:10:1001"));
    assert!(!holds("staff:10:5/1001"));
    // a foreign or ended position in the session falls back to the first
    for stale in ["staff:10:6", "guardian:30", "nonsense", ""] {
        assert_eq!(facts.active(Some(stale)), facts.active(None));
    }
    assert_eq!(
        facts.active(Some("guardian:10/9")).and_then(|a| a.child),
        Some(PupilId(1001))
    );
}

#[test]
fn a_person_without_positions_sees_their_own_account_only() {
    let facts = facts(Vec::new(), Vec::new());
    assert_eq!(facts.active(Some("staff:10:5")), None);
    let actor = facts.actor(None);
    assert_eq!((actor.role, actor.school), (Role::Person, SchoolId(0)));
    let me = facts.me(None, Uuid::nil(), Lang::Ru);
    assert_eq!(
        me.may,
        [(Kind::Account, Action::View), (Kind::Account, Action::Edit)]
    );
}

proptest! {
    #[test]
    fn keys_survive_their_text(school in 1i64.., id in 1i64.., kind in 0..3u8, c in proptest::option::of(1i64..)) {
        let key = match kind {
            0 => PositionKey::Staff(SchoolId(school), AppointmentId(id)),
            1 => PositionKey::Guardian(SchoolId(school)),
            _ => PositionKey::Pupil(SchoolId(school), PupilId(id)),
        };
        let active = Active { key, child: c.map(PupilId) };
        prop_assert_eq!(active.to_string().parse::<Active>(), Ok(active));
    }

    #[test]
    fn any_text_is_a_key_or_refused(s in ".{0,40}") {
        let _ = s.parse::<Active>();
    }

    #[test]
    fn whatever_a_session_says_the_actor_is_ones_own(s in "(staff|guardian|pupil):[0-9]{1,2}(:[0-9]{1,2})?(/[0-9]{1,2})?") {
        let facts = facts(vec![staff(10, 5)], vec![child(20, 21)]);
        let active = facts.active(Some(&s));
        prop_assert!(active.is_some_and(|a| facts.holds(a)));
    }
}
