//! The rules of 2.2, each by its case, and all of them over random schedules.

use chrono::Days;
use proptest::prelude::*;

use base::SubgroupId;

use super::*;

fn d(day: u64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 9, 1).unwrap() + Days::new(day)
}

fn norms() -> Vec<Norm> {
    [
        (COUNTED, 30),
        (GAP, 18),
        (SHARE, 10),
        (A_DAY, 1),
        (EDGE, 1),
        (WEEKS, 34),
    ]
    .into_iter()
    .map(|(kind, value)| Norm {
        kind: kind.into(),
        grade_from: 1,
        grade_to: 11,
        value,
        clause: format!("{kind}: письмо"),
        valid_from: d(0),
        confirmed: false,
    })
    .collect()
}

fn work(id: i64, subject: i64, class: i64, day: u64) -> Planned {
    Planned {
        id: Some(AssessmentId(id)),
        subject: SubjectId(subject),
        subject_name: format!("Предмет {subject}"),
        classes: vec![(ClassId(class), format!("7-{class}"))],
        grade: 7,
        date: d(day),
        slot: 2,
        kind: WorkTypeId(2),
        title: format!("Работа {id}"),
        minutes: 45,
        whole_class: true,
        parts: vec![],
    }
}

/// Of one of two groups of a class.
fn of_group(work: Planned, group: i64) -> Planned {
    let class = work.classes[0].0;
    let part = Part {
        class,
        group: SubgroupId(class.0 * 10 + group),
        split: "Англ".into(),
        groups: 2,
    };
    Planned {
        parts: vec![part],
        ..work
    }
}

fn asked(subject: i64, class: i64, day: u64) -> Planned {
    Planned {
        id: None,
        ..work(0, subject, class, day)
    }
}

fn known(others: Vec<Planned>) -> Known {
    let place = |day| Place {
        date: d(day),
        slot: 2,
        first: false,
        last: false,
    };
    Known {
        norms: norms(),
        others,
        week_hours: 500,
        places: (0..120).map(place).collect(),
    }
}

#[test]
fn two_and_a_half_weeks_of_one_subject_in_a_parallel() {
    let others = vec![work(1, 1, 1, 30)];
    let near = |class, day| {
        check(&asked(1, class, day), &known(others.clone()))
            .iter()
            .any(|r| matches!(r, Remark::Near { need: 18, .. }))
    };
    assert!(near(1, 47) && near(1, 13) && near(1, 31));
    assert!(!near(1, 48) && !near(1, 12));
    // another class of the parallel: the same work in the same week is one procedure, another work is not
    assert!(near(2, 32));
    let same = Planned {
        title: " работа 1 ".into(),
        ..asked(1, 2, 32)
    };
    assert!(check(&same, &known(others.clone())).is_empty());
    let late = Planned {
        date: d(38),
        ..same.clone()
    };
    assert!(!check(&late, &known(others.clone())).is_empty());
    // another subject
    assert!(
        !check(&asked(2, 1, 31), &known(others))
            .iter()
            .any(|r| matches!(r, Remark::Near { .. }))
    );
}

#[test]
fn a_tenth_of_the_hours_of_the_year() {
    // one hour a week: 34 hours, 3 works
    let others: Vec<Planned> = (0..3)
        .map(|n| work(i64::try_from(n).unwrap(), 1, 1, n * 20))
        .collect();
    let few = Known {
        week_hours: 100,
        ..known(others.clone())
    };
    let remarks = check(&asked(1, 1, 100), &few);
    assert_eq!(
        remarks,
        [Remark::Share {
            count: 4,
            most: 3,
            basis: Basis {
                clause: "assessment_year_percent: письмо".into(),
                since: Some(d(0)),
                confirmed: false,
            }
        }]
    );
    // of another class they are not counted together; with more hours there is room
    assert!(check(&asked(1, 2, 100), &few).is_empty());
    assert!(check(&asked(1, 1, 100), &known(others)).is_empty());
}

#[test]
fn a_work_of_two_lessons_takes_two_of_the_year() {
    // one hour a week: 3 lessons of 34
    let year = |minutes: &[i16]| {
        let works = minutes.iter().zip(0..).map(|(minutes, n)| Planned {
            minutes: *minutes,
            ..work(n, 1, 1, u64::try_from(n).unwrap() * 20)
        });
        let few = Known {
            week_hours: 100,
            ..known(works.collect())
        };
        let long = |minutes| Planned {
            minutes,
            ..asked(1, 1, 100)
        };
        [40, 45, 46, 80, 90].map(|minutes| match &*check(&long(minutes), &few) {
            [] => 0,
            [Remark::Share { count, most: 3, .. }] => *count,
            other => panic!("{other:?}"),
        })
    };
    // two are taken: one lesson more fits, also where the bell rings after 40 minutes, two do not
    assert_eq!(year(&[45, 40]), [0, 0, 4, 4, 4]);
    assert_eq!(year(&[90]), [0, 0, 4, 4, 4]);
    assert_eq!(year(&[90, 45]), [4, 4, 5, 5, 5]);
    // what the law does not count takes nothing
    assert_eq!(year(&[90, 20]), [0, 0, 4, 4, 4]);
}

#[test]
fn one_a_day_and_not_at_the_edges() {
    let others = vec![work(1, 2, 1, 40)];
    assert!(
        matches!(&*check(&asked(1, 1, 40), &known(others.clone())), [Remark::SameDay { class, subject, .. }] if class == "7-1" && subject == "Предмет 2")
    );
    assert!(check(&asked(1, 2, 40), &known(others)).is_empty());
    let mut edges = known(vec![]);
    edges.places[40].first = true;
    edges.places[41].last = true;
    assert!(matches!(
        &*check(&asked(1, 1, 40), &edges),
        [Remark::Edge { first: true, .. }]
    ));
    assert!(matches!(
        &*check(&asked(1, 1, 41), &edges),
        [Remark::Edge { first: false, .. }]
    ));
    assert!(check(&asked(1, 1, 42), &edges).is_empty());
    // one hour a week, and only there
    let mut only = Known {
        week_hours: 100,
        ..known(vec![])
    };
    only.places.iter_mut().for_each(|p| p.last = true);
    assert!(check(&asked(1, 1, 41), &only).is_empty());
    only.places[0].last = false;
    assert!(!check(&asked(1, 1, 41), &only).is_empty());
}

#[test]
fn short_works_and_those_of_a_group_do_not_count() {
    let others = vec![work(1, 1, 1, 30)];
    for quiet in [
        Planned {
            minutes: 29,
            ..asked(1, 1, 30)
        },
        Planned {
            whole_class: false,
            ..asked(1, 1, 30)
        },
    ] {
        assert!(check(&quiet, &known(others.clone())).is_empty());
        let before = known(vec![Planned {
            id: Some(AssessmentId(9)),
            ..quiet
        }]);
        assert!(check(&asked(1, 1, 31), &before).is_empty());
    }
    let away = Known {
        places: vec![],
        ..known(others)
    };
    assert!(!check(&asked(1, 1, 31), &away).contains(&Remark::NoLesson));
    let mut none = known(vec![]);
    none.places.remove(31);
    assert_eq!(check(&asked(1, 1, 31), &none), [Remark::NoLesson]);
}

fn is_near(remarks: &[Remark]) -> bool {
    remarks.iter().any(|r| matches!(r, Remark::Near { .. }))
}

#[test]
fn a_group_is_no_class_and_its_pupils_write_one_work_a_day() {
    // the first group writes on day 30, the second on the next: no pupil has both, and the class never writes at once
    let first = of_group(work(1, 1, 1, 30), 1);
    assert!(check(&of_group(asked(1, 1, 31), 2), &known(vec![first.clone()])).is_empty());
    // both on one day, under whatever name: parts of one work
    assert!(check(&of_group(asked(1, 1, 30), 2), &known(vec![first.clone()])).is_empty());
    // the same pupils, another subject, the same day
    let same = |work: Planned| check(&work, &known(vec![first.clone()]));
    assert!(matches!(
        &*same(of_group(asked(2, 1, 30), 1)),
        [Remark::SameDay { .. }]
    ));
    assert!(same(of_group(asked(2, 1, 30), 2)).is_empty());
    // of another split nothing is known, and a class has all of its pupils
    let mut other = of_group(asked(2, 1, 30), 2);
    other.parts[0].split = "Труд".into();
    assert!(matches!(&*same(other), [Remark::SameDay { .. }]));
    assert!(matches!(&*same(asked(2, 1, 30)), [Remark::SameDay { .. }]));
    // another class of the parallel is not told of a group
    assert!(same(asked(1, 2, 31)).is_empty());
    // first and last lessons are the law's, which means the whole class
    let mut edges = known(vec![]);
    edges.places[40].last = true;
    assert!(check(&of_group(asked(1, 1, 40), 1), &edges).is_empty());
    edges.others = vec![of_group(work(2, 1, 1, 40), 2)];
    assert!(matches!(
        &*check(&of_group(asked(1, 1, 40), 1), &edges),
        [Remark::Edge { .. }]
    ));
}

#[test]
fn all_groups_on_one_day_are_the_class() {
    let both = |day| vec![of_group(work(1, 1, 1, day), 1), of_group(work(2, 1, 1, day), 2)];
    // the class wrote on day 30: a work of the class, or of the groups at once, comes too early
    assert!(is_near(&check(&asked(1, 1, 40), &known(both(30)))));
    let mut others = both(30);
    others.push(of_group(work(3, 1, 1, 40), 1));
    assert!(is_near(&check(
        &of_group(asked(1, 1, 40), 2),
        &known(others.clone())
    )));
    // of one group alone it does not
    assert!(check(&of_group(asked(1, 1, 41), 2), &known(others)).is_empty());
    // a split of three is not covered by two
    let mut three = both(30);
    three.iter_mut().for_each(|w| w.parts[0].groups = 3);
    assert!(!is_near(&check(&asked(1, 1, 40), &known(three))));
    // one hour a week, three works of the year: two groups on one day are one of them
    let days = [0, 20, 40];
    let others: Vec<Planned> = days.into_iter().flat_map(both).collect();
    let ids = others.into_iter().zip(1..).map(|(w, id)| Planned {
        id: Some(AssessmentId(id)),
        ..w
    });
    let few = Known {
        week_hours: 100,
        ..known(ids.collect())
    };
    assert!(matches!(
        &*check(&asked(1, 1, 100), &few),
        [Remark::Share {
            count: 4,
            most: 3,
            ..
        }]
    ));
}

#[test]
fn a_journal_of_all_groups_is_one_of_the_class() {
    let part = |class, group| Part {
        class: ClassId(class),
        group: SubgroupId(group),
        split: "Англ".into(),
        groups: 2,
    };
    assert_eq!(crate::assessment::settled(vec![part(1, 1), part(1, 2)]), []);
    let half = vec![part(1, 1), part(2, 3)];
    assert_eq!(crate::assessment::settled(half.clone()), half);
    let mixed = vec![part(1, 1), part(1, 2), part(2, 3)];
    assert_eq!(crate::assessment::settled(mixed), [part(2, 3)]);
    // a split with a single group leaves the rest of the class out
    let alone = Part {
        groups: 1,
        ..part(1, 1)
    };
    assert_eq!(crate::assessment::settled(vec![alone.clone()]), [alone]);
}

proptest! {
    #[test]
    fn what_is_offered_is_free_and_what_is_free_is_offered(
        rows in proptest::collection::vec((1i64..4, 1i64..4, 0u64..120, 20i16..60, 0i64..3), 0..25),
        subject in 1i64..4, class in 1i64..4, group in 0i64..3, day in 0u64..120, hours in 1i64..6, edges in proptest::collection::vec(0usize..120, 0..20),
    ) {
        // of the class, of its first group, of its second one
        let part = |work: Planned, group| if group == 0 { work } else { of_group(work, group) };
        let others = rows.iter().enumerate().map(|(n, (s, c, day, minutes, group))| part(Planned {
            minutes: *minutes, ..work(i64::try_from(n).unwrap() + 1, *s, *c, *day) }, *group)).collect();
        let mut known = Known { week_hours: hours * 100, ..known(others) };
        for n in edges { known.places[n].first = true; }
        let asked = part(asked(subject, class, day), group);
        let offered = free(&asked, &known, 4);
        prop_assert!(offered.len() <= 4);
        for place in &offered {
            let there = Planned { date: place.date, slot: place.slot, ..asked.clone() };
            prop_assert!(check(&there, &known).is_empty());
        }
        // none was passed over that lies nearer
        let far = |date: NaiveDate| date.signed_duration_since(asked.date).num_days().abs();
        if let (4, Some(farthest)) = (offered.len(), offered.iter().map(|p| far(p.date)).max()) {
            for place in known.places.iter().filter(|p| far(p.date) < farthest) {
                let there = Planned { date: place.date, ..asked.clone() };
                prop_assert_eq!(check(&there, &known).is_empty(), offered.iter().any(|p| p.date == place.date));
            }
        }
        // a remark is mutual: what is too near to this is near from there, too
        for other in known.others.clone() {
            let near = |work: &Planned, to: &Planned| {
                let alone = Known { others: vec![to.clone()], ..known.clone() };
                check(work, &alone).iter().any(|r| matches!(r, Remark::Near { .. } | Remark::SameDay { .. }))
            };
            prop_assert_eq!(near(&asked, &other), near(&other, &Planned { id: Some(AssessmentId(99)), ..asked.clone() }));
        }
        // no pupil has two works on a day unheard: either nothing of the day has their group, or it is said
        let theirs = |o: &&Planned| {
            o.date == asked.date && o.minutes >= 30 && o.classes == asked.classes
                && (o.parts.is_empty() || asked.parts.is_empty() || o.parts == asked.parts)
        };
        let said = check(&asked, &known).iter().any(|r| matches!(r, Remark::SameDay { .. }));
        prop_assert_eq!(said, known.others.iter().any(|o| theirs(&o)));
        // a work more never takes a remark away
        if let Some(extra) = known.others.pop() {
            let before = check(&asked, &known).len();
            known.others.push(extra);
            prop_assert!(check(&asked, &known).len() >= before);
        }
    }
}

#[test]
fn a_remark_of_an_older_server_is_read() {
    let remark = Remark::Edge {
        first: true,
        basis: Basis {
            clause: "Письмо".into(),
            since: Some(d(0)),
            confirmed: true,
        },
    };
    let text = serde_json::to_string(&remark).unwrap();
    assert_eq!(serde_json::from_str::<Remark>(&text).unwrap(), remark);
    assert!(
        text.contains(r#""clause":"Письмо""#),
        "an older page reads the clause: {text}"
    );
    let old: Remark = serde_json::from_str(r#"{"is":"edge","first":true,"clause":"Письмо"}"#).unwrap();
    let basis = old.basis().unwrap();
    assert_eq!(
        (basis.clause.as_str(), basis.since, basis.confirmed),
        ("Письмо", None, false)
    );
    let near = r#"{"is":"near","date":"2026-09-05","classes":"7А","days":4,"need":18,"clause":"Письмо"}"#;
    assert!(matches!(
        serde_json::from_str(near).unwrap(),
        Remark::Near {
            days: 4,
            need: 18,
            ..
        }
    ));
}
