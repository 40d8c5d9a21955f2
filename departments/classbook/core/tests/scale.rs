//! Scales of marks and types of work against a real database: what stays because it was given, what is refused, who may.
#![allow(clippy::unwrap_used, reason = "the helpers of tests fail as tests do")]

#[path = "school/mod.rs"]
mod school;

use classbook_core::attendance::Reason;
use classbook_core::scale::sql::{
    order_types, remove_letter, remove_scale, remove_type, save_letter, save_scale, save_type, scales,
};
use classbook_core::scale::{ItemTerms, LetterTerms, ScaleTerms, Scales, TypeTerms};
use school::*;

async fn look(store: &Store, actor: Actor) -> Result<Scales, AppError> {
    let mut ctx = open(store, actor).await;
    let out = scales(&mut ctx).await;
    ctx.close(out).await
}

async fn write_type(
    store: &Store,
    at: Option<(WorkTypeId, TypeTerms)>,
    terms: TypeTerms,
) -> Result<WorkTypeId, AppError> {
    let mut ctx = open(store, deputy()).await;
    let out = save_type(&mut ctx, at, terms).await;
    ctx.close(out).await
}

async fn write_scale(
    store: &Store,
    at: Option<(ScaleId, ScaleTerms)>,
    terms: ScaleTerms,
) -> Result<ScaleId, AppError> {
    let mut ctx = open(store, deputy()).await;
    let out = save_scale(&mut ctx, at, terms).await;
    ctx.close(out).await
}

fn kind(code: &str, title: &str, weight: i64) -> TypeTerms {
    TypeTerms {
        code: code.into(),
        title: title.into(),
        weight: Hundredths(weight),
        assessment: false,
    }
}

fn item(code: &str, value: Option<i64>) -> ItemTerms {
    ItemTerms {
        code: code.into(),
        value: value.map(Hundredths::whole),
        title: format!("отметка {code}"),
        counting: None,
    }
}

fn field(error: AppError) -> String {
    match error {
        AppError::Invalid { fields } => fields[0].field.clone(),
        other => panic!("not refused for a field: {other:?}"),
    }
}

async fn events(pool: &PgPool, entity: &str) -> Vec<String> {
    sqlx::query_scalar!(
        "select action from audit_event where entity = $1 order by id",
        entity
    )
    .fetch_all(pool)
    .await
    .unwrap()
}

async fn give(pool: &PgPool, code: &'static str) {
    sqlx::query!(
        "insert into mark (school_id, assignment_id, pupil_id, scale_id, code, changed_by, changed_at)
         values (10, 800, 1001, 1, $1, 2, '2026-11-16 12:00Z')",
        code
    )
    .execute(pool)
    .await
    .unwrap();
}

db_test!(
    types_are_added_renamed_ordered_and_taken_away_while_unused,
    pool,
    {
        let store = store(&pool).await;
        let first = look(&store, deputy()).await.unwrap();
        let seen: Vec<_> = first
            .types
            .iter()
            .map(|t| (t.id.0, t.terms.code.as_str(), t.used))
            .collect();
        assert_eq!(seen, [(1, "О", true), (2, "К", false)]);
        assert!(first.may_edit && !look(&store, teacher()).await.unwrap().may_edit);
        let lab = write_type(&store, None, kind(" ЛР ", "Лабораторная", 150))
            .await
            .unwrap();
        // one of a kind, in either case
        assert_eq!(
            field(
                write_type(&store, None, kind("Х", "лабораторная", 100))
                    .await
                    .unwrap_err()
            ),
            "title"
        );
        assert_eq!(
            field(
                write_type(&store, None, kind("лр", "Другая", 100))
                    .await
                    .unwrap_err()
            ),
            "code"
        );
        let at = |terms: TypeTerms| Some((lab, terms));
        let renamed = kind("ЛР", "Лабораторная работа", 0);
        assert_eq!(
            write_type(&store, at(kind("ЛР", "Лабораторная", 150)), renamed.clone()).await,
            Ok(lab)
        );
        // who still sees the old one changes nothing
        let stale = write_type(
            &store,
            at(kind("ЛР", "Лабораторная", 150)),
            kind("ЛР", "Иначе", 100),
        )
        .await;
        assert!(matches!(stale, Err(AppError::Conflict { .. })), "{stale:?}");
        let mut ctx = open(&store, deputy()).await;
        let out = order_types(
            &mut ctx,
            vec![WorkTypeId(1), WorkTypeId(2), lab],
            vec![lab, WorkTypeId(1), WorkTypeId(2)],
        )
        .await;
        ctx.close(out).await.unwrap();
        let now = look(&store, deputy()).await.unwrap();
        assert_eq!(
            now.types.iter().map(|t| t.id).collect::<Vec<_>>(),
            [lab, WorkTypeId(1), WorkTypeId(2)]
        );
        // a foreign one is not here, an order that lacks one is not the one that was seen
        let mut ctx = open(&store, deputy()).await;
        let out = order_types(&mut ctx, vec![WorkTypeId(3)], vec![WorkTypeId(3)]).await;
        assert_eq!(ctx.close(out).await, Err(AppError::NotFound));
        let mut ctx = open(&store, deputy()).await;
        let out = order_types(
            &mut ctx,
            vec![lab, WorkTypeId(1), WorkTypeId(2)],
            vec![lab, WorkTypeId(1)],
        )
        .await;
        assert!(matches!(ctx.close(out).await, Err(AppError::Conflict { .. })));
        for (id, seen, refused) in [
            (WorkTypeId(1), now.types[1].terms.clone(), true),
            (lab, renamed, false),
        ] {
            let mut ctx = open(&store, deputy()).await;
            let out = remove_type(&mut ctx, id, seen).await;
            assert_eq!(ctx.close(out).await.is_err(), refused, "{id}");
        }
        assert_eq!(
            events(&pool, "work_type").await,
            [
                "work_type.added",
                "work_type.changed",
                "work_type.ordered",
                "work_type.removed"
            ]
        );
    }
);

db_test!(a_mark_that_was_given_keeps_its_value, pool, {
    give(&pool, "5").await;
    let store = store(&pool).await;
    let line = look(&store, deputy()).await.unwrap().scales.remove(0);
    assert_eq!((line.given.clone(), line.used), (vec!["5".to_owned()], true));
    let at = || Some((line.id, line.terms.clone()));
    let mut valued = line.terms.clone();
    valued.items[0].value = Some(Hundredths::whole(6));
    assert_eq!(
        field(write_scale(&store, at(), valued).await.unwrap_err()),
        "items"
    );
    let mut gone = line.terms.clone();
    gone.items.remove(0);
    assert_eq!(field(write_scale(&store, at(), gone).await.unwrap_err()), "items");
    // what nobody has got may go, be revalued, be added; the given one may be renamed
    let mut other = line.terms.clone();
    other.items.retain(|i| i.code != "нз");
    other.items[0].title = "блестяще".into();
    other.items[3].value = Some(Hundredths(150));
    other.items.push(item("1", Some(1)));
    write_scale(&store, at(), other.clone()).await.unwrap();
    assert_eq!(look(&store, deputy()).await.unwrap().scales[0].terms, other);
    // a code of attendance would mean two things in a cell
    let mut both = other.clone();
    both.items.push(item("Н", None));
    assert_eq!(
        field(
            write_scale(&store, Some((line.id, other.clone())), both)
                .await
                .unwrap_err()
        ),
        "items"
    );
    let mut ctx = open(&store, deputy()).await;
    let out = remove_scale(&mut ctx, line.id, other).await;
    assert!(ctx.close(out).await.is_err(), "it is used");
    assert_eq!(events(&pool, "mark_scale").await, ["mark_scale.changed"]);
});

db_test!(
    a_work_is_marked_by_the_scale_that_was_chosen_until_a_mark_stands,
    pool,
    {
        let store = store(&pool).await;
        let ten = ScaleTerms {
            title: "Десятибалльная".into(),
            items: (1..=10).rev().map(|n| item(&n.to_string(), Some(n))).collect(),
        };
        let id = write_scale(&store, None, ten.clone()).await.unwrap();
        let edit = |scale, expected| AssignmentEdit {
            id: Some(AssignmentId(800)),
            lesson: LessonId(700),
            work_type: WorkTypeId(1),
            title: None,
            weight: Hundredths::whole(1),
            expected,
            scale,
            reason: None,
        };
        let put = async |scale, expected| {
            let mut ctx = open(&store, teacher()).await;
            let out = sql::save_work(&mut ctx, Uuid::new_v4(), edit(scale, expected)).await;
            ctx.close(out).await
        };
        // another school's scale is not here
        assert_eq!(put(Some(ScaleId(2)), 1).await, Err(AppError::NotFound));
        put(Some(id), 1).await.unwrap();
        let mut ctx = open(&store, teacher()).await;
        let out = sql::grid(&mut ctx, MATHS, Some(PeriodId(2))).await;
        let grid = ctx.close(out).await.unwrap();
        assert!(
            grid.assignments
                .iter()
                .any(|a| a.id == AssignmentId(800) && a.scale == id)
        );
        assert_eq!(grid.all_scales.len(), 2);
        assert!(grid.scales.iter().any(|s| s.id == id && s.items.len() == 10));
        // back, and once a mark stands, no more
        put(Some(ScaleId(1)), 2).await.unwrap();
        give(&pool, "5").await;
        assert_eq!(field(put(Some(id), 3).await.unwrap_err()), "scale");
        // unused, it may go
        let mut ctx = open(&store, deputy()).await;
        let out = remove_scale(&mut ctx, id, ten).await;
        ctx.close(out).await.unwrap();
        assert_eq!(look(&store, deputy()).await.unwrap().scales.len(), 1);
    }
);

fn letter(code: &str, title: &str, reason: Reason) -> LetterTerms {
    LetterTerms {
        code: code.into(),
        title: title.into(),
        reason,
    }
}

async fn write_letter(
    store: &Store,
    actor: Actor,
    seen: Option<LetterTerms>,
    terms: LetterTerms,
) -> Result<(), AppError> {
    let mut ctx = open(store, actor).await;
    let out = save_letter(&mut ctx, seen, terms).await;
    ctx.close(out).await
}

async fn drop_letter(store: &Store, seen: LetterTerms) -> Result<(), AppError> {
    let mut ctx = open(store, deputy()).await;
    let out = remove_letter(&mut ctx, seen).await;
    ctx.close(out).await
}

/// The field that was refused.
fn refused(out: &Result<(), AppError>) -> Option<String> {
    match out {
        Err(AppError::Invalid { fields }) => fields.first().map(|f| f.field.clone()),
        _ => None,
    }
}

db_test!(
    a_school_has_letters_of_its_own_and_figures_go_by_their_meaning,
    pool,
    {
        let store = store(&pool).await;
        let sport = letter("с", "на соревнованиях", Reason::Excused);
        let write = async |seen: Option<LetterTerms>, terms: LetterTerms| {
            write_letter(&store, deputy(), seen, terms).await
        };
        assert_eq!(
            write(None, letter(" С ", "на соревнованиях", Reason::Excused)).await,
            Ok(())
        );
        // a repeated send, and what is taken: another absence's letter, a mark's
        assert_eq!(write(None, sport.clone()).await, Ok(()));
        let taken = write(None, letter("б", "в бассейне", Reason::Excused)).await;
        assert_eq!(refused(&taken).as_deref(), Some("code"));
        sqlx::query!(
        "insert into mark_scale_item (school_id, scale_id, code, title, position) values (10, 1, 'Я', 'явка', 9)"
    )
    .execute(&pool)
    .await
    .unwrap();
        let is_mark = write(None, letter("я", "ярмарка", Reason::Excused)).await;
        assert_eq!(refused(&is_mark).as_deref(), Some("code"));
        // by its meaning it is an absence; typed into the journal it is known there
        let kept =
            sqlx::query!("select absent, reason from attendance_code where school_id = 10 and code = 'с'")
                .fetch_one(&pool)
                .await
                .unwrap();
        assert_eq!((kept.absent, kept.reason.as_deref()), (true, Some("excused")));
        let letters = look(&store, deputy()).await.unwrap().letters;
        assert_eq!(
            letters.last().map(|l| (l.terms.clone(), l.used)),
            Some((sport.clone(), false))
        );
        // while it stands nowhere it may become another one
        let late = letter("с", "опоздал на автобус", Reason::Late);
        assert_eq!(write(Some(sport.clone()), late.clone()).await, Ok(()));
        let stale = write(Some(sport.clone()), letter("с", "x", Reason::Late)).await;
        assert!(matches!(stale, Err(AppError::Conflict { .. })), "{stale:?}");
        sqlx::query!(
            "insert into attendance (school_id, lesson_id, pupil_id, code, changed_by, changed_at)
         values (10, 700, 1003, 'с', 2, '2026-11-16 12:00Z')"
        )
        .execute(&pool)
        .await
        .unwrap();
        let moved = write(
            Some(late.clone()),
            letter("с", "опоздал на автобус", Reason::Excused),
        )
        .await;
        assert_eq!(
            refused(&moved).as_deref(),
            Some("code"),
            "figures of the past stay"
        );
        let named = letter("с", "опоздал из-за автобуса", Reason::Late);
        assert_eq!(write(Some(late), named.clone()).await, Ok(()));
        assert!(drop_letter(&store, named).await.is_err());
        // the only letter of a meaning stays, and keeps it
        let ill = letter("б", "болел", Reason::Ill);
        assert_eq!(
            refused(&write(Some(ill.clone()), letter("б", "болел", Reason::Excused)).await).as_deref(),
            Some("reason")
        );
        assert!(drop_letter(&store, ill.clone()).await.is_err());
        let other = letter("м", "на больничном", Reason::Ill);
        assert_eq!(write(None, other.clone()).await, Ok(()));
        assert_eq!(drop_letter(&store, other).await, Ok(()));
        // who teaches is told that it is not theirs
        assert_eq!(
            write_letter(&store, teacher(), None, letter("т", "т", Reason::Excused)).await,
            Err(AppError::Forbidden)
        );
        let events = sqlx::query_scalar!(
        r#"select entity_key || ' ' || action as "told!" from audit_event where entity = 'attendance_code' order by id"#
    )
    .fetch_all(&pool)
    .await
    .unwrap();
        assert_eq!(
            events,
            [
                "с attendance_code.added",
                "с attendance_code.changed",
                "с attendance_code.changed",
                "м attendance_code.added",
                "м attendance_code.removed"
            ]
        );
    }
);
