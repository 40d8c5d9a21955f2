//! Sentences of the judge.

use super::super::norms::tests::row;
use super::super::samples::{class, data, placed};
use super::*;

#[test]
fn what_stands_against_a_place_is_said_with_names_and_the_clause() {
    let mut school = data(vec![class("7А", 7)]);
    placed(&mut school, 0, Some(2));
    school.norms = vec![row("first_bell_not_before", 0, 12, None, 480)];
    let time = |h, m| NaiveTime::from_hms_opt(h, m, 0);
    school.classes[0].starts = vec![time(7, 30), time(8, 20)];
    let near = |days, least| Reason::TooClose {
        card: CardIx(0),
        days,
        least,
        hard: false,
    };
    let limit = |kind, found, limit, card| Reason::Limit {
        class: ClassIx(0),
        kind,
        found,
        limit,
        norm: NormId(0),
        hard: false,
        card,
    };
    assert_eq!(
        full(
            Lang::Ru,
            &school,
            &limit(LimitKind::SubjectPerDay, 2, 1, Some(CardIx(0)))
        ),
        "7А: Алгебра в этот день уже есть (Пн, 3 урок) — будет 2 раза за день"
    );
    assert_eq!(
        full(Lang::Ru, &school, &limit(LimitKind::HardAtEdge, 1, 2, None)),
        "7А: трудный предмет 1-м уроком, лучше не раньше 2-го"
    );
    assert_eq!(
        full(Lang::Ru, &school, &limit(LimitKind::HardAtEdge, 6, 4, None)),
        "7А: трудный предмет 6-м уроком, лучше не позже 4-го"
    );
    assert_eq!(
        full(Lang::Ru, &school, &near(0, 1)),
        "В этот день уже стоит Алгебра, 7А, Пн, 3 урок"
    );
    assert_eq!(
        full(Lang::Ru, &school, &near(1, 3)),
        "Слишком близко к уроку Алгебра, 7А (Пн, 3 урок): между ними нужны хотя бы 2 дня"
    );
    let early = limit(LimitKind::EarliestSlot, 0, 1, None);
    assert_eq!(
        full(Lang::Ru, &school, &early),
        "7А: урок начинается в 7:30, а раньше 8:00 начинать нельзя"
    );
    let norm = norm_of(&school, &early).unwrap();
    assert_eq!(
        clause(Lang::Ru, norm),
        "п. 1, с 01.03.2021 (не сверено с законом)"
    );
}

#[test]
fn faults_of_bells_are_sentences_with_grades_and_figures() {
    let mut school = data(vec![class("7А", 7)]);
    school.rings = vec![crate::timetable::RingRow {
        title: "Обычные".into(),
        shift: 1,
        times: vec![],
        uses: vec![],
    }];
    let told = |fault: Fault, limit| {
        remark(
            Lang::Ru,
            &school,
            &Remark {
                norm: NormId(0),
                limit,
                fault,
            },
        )
    };
    let bells = |grades: &[i16], found: &[(i16, i32)]| Bells {
        ring: 0,
        grades: grades.to_vec(),
        found: found.to_vec(),
    };
    assert_eq!(
        told(Fault::ShortBreak(bells(&[1, 2, 3, 5], &[(1, 5), (4, 8)])), 10),
        "Звонки «Обычные», 1–3, 5 кл.: перемена после 1-го урока 5 мин, перемена после 4-го урока 8 мин — норма не меньше 10 мин"
    );
    assert_eq!(
        told(Fault::Early(bells(&[7], &[(1, 465)])), 480),
        "Звонки «Обычные», 7 кл.: уроки начинаются в 7:45, раньше 8:00 начинать нельзя"
    );
    assert_eq!(
        told(
            Fault::Shift {
                class: ClassIx(0),
                shift: 2
            },
            1
        ),
        "7А учится в 2-ю смену, а этим классам положена только первая"
    );
    assert_eq!(
        told(
            Fault::Week {
                class: ClassIx(0),
                days: 6
            },
            5
        ),
        "7А учится 6 дней в неделю, а этим классам положено не больше 5"
    );
    assert_eq!(
        told(Fault::Long(bells(&[0], &[(2, 50)])), 45),
        "Звонки «Обычные», классы без параллели: 2-й урок 50 мин — норма не больше 45 мин"
    );
}
