//! What is kept of a file, in the database.

use base::rights::{Action, Kind, Resource};
use base::sql::{Ctx, Done};
use base::{AppError, VersionId};
use serde::Deserialize;
use serde_json::json;
use timetable::fet::kept::{Keeping, Meaning, Rule, Thing, Told, from_text, joined, to_text};

use super::write::Ids;
use crate::import::keeping::{LeftOut, left_out};
use crate::timetable::single::{Person, Single};

/// Writes it; `None`: the file lost nothing that is kept or told, and names no lessons together (`listed`).
pub(super) async fn write(
    ctx: &mut Ctx,
    (keeping, single): (&Keeping, &Single<u32>),
    listed: bool,
    of: &Ids,
) -> Done<Option<i64>> {
    if keeping.rules.is_empty() && keeping.told.is_empty() && !listed {
        return Ok(None);
    }
    let id = |list: &[i64], n: i64| list.get(usize::try_from(n).ok()?).copied();
    let names = keeping.meaning.turned(|thing| {
        Some(match thing {
            // days and hours are the version's own, activities are told by their cards
            Thing::Day(_) | Thing::Hour(_) | Thing::Activity(_) => thing,
            Thing::Subject(n) => Thing::Subject(id(&of.subjects, n)?),
            Thing::Teacher(n) => Thing::Teacher(id(&of.teachers, n)?),
            Thing::Room(n) => Thing::Room(id(&of.rooms, n)?),
            Thing::Class(n) => Thing::Class(id(&of.classes, n)?),
            Thing::Group(n) => Thing::Group(id(&of.groups, n)?),
            // no rule of FET names one
            Thing::Building(_) => return None,
        })
    });
    let single = single.turned(
        |activity| Some(*activity),
        |person| {
            Some(match person {
                Person::Teacher(n) => Person::Teacher(id(&of.teachers, n)?),
                Person::Class(n) => Person::Class(id(&of.classes, n)?),
                Person::Group(n) => Person::Group(id(&of.groups, n)?),
            })
        },
    );
    let school = ctx.school();
    let id = sqlx::query_scalar!(
        "insert into kept_rules (school_id, rules, names, told, single) values ($1, $2, $3, $4, $5) returning id",
        school.0,
        to_text(&keeping.rules),
        json!(names),
        json!(keeping.told),
        (!single.is_empty())
.then(|| json!({ "ties": single.ties, "hours": single.hours, "bounds": single.bounds, "told": keeping.heeded })),
    )
    .fetch_one(ctx.db())
    .await?;
    Ok(Some(id))
}

/// Beside the rules of single lessons: what they are in the file, by kind.
#[derive(Default, Deserialize)]
struct Taken {
    #[serde(default)]
    told: Vec<Told>,
}

/// What of the file of a version is not taken into account.
///
/// # Errors
/// Not found for a version of another school and for who sees no timetable; forbidden for who sees it and may not change it.
pub async fn kept(ctx: &mut Ctx, version: VersionId) -> Done<LeftOut> {
    let school = ctx.school();
    ctx.must(Action::Edit, &Resource::of_school(Kind::Timetable, school))?;
    let today = ctx.today();
    let row = sqlx::query!(
        r#"select k.told as "told?", k.single as "single?", exists (
            select from requirement r
            where r.school_id = v.school_id and r.kind = 'file_lessons' and r.weight = 'off'
                and daterange(r.valid_from, r.valid_to, '[]') @> greatest(
                    least($3::date, coalesce(v.valid_to, y.ends_on)), coalesce(v.valid_from, y.starts_on))
         ) as "off!"
         from timetable_version v
         join academic_year y on y.school_id = v.school_id and y.id = v.year_id
         left join kept_rules k on k.school_id = v.school_id and k.id = v.kept_rules_id
         where v.school_id = $1 and v.id = $2"#,
        school.0,
        version.0,
        today,
    )
    .fetch_optional(ctx.db())
    .await?
    .ok_or(AppError::NotFound)?;
    let told: Vec<Told> = row
        .told
        .and_then(|told| serde_json::from_value(told).ok())
        .unwrap_or_default();
    // what the school has switched off is left out like the rest
    let single = row.single.filter(|_| row.off);
    let taken = single.and_then(|rules| serde_json::from_value::<Taken>(rules).ok());
    let told = joined(told, taken.unwrap_or_default().told);
    Ok(left_out(ctx.lang(), &told))
}

/// Rules as they were kept, and the numbers that their cards had in the file.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stored {
    /// The rules.
    pub rules: Vec<Rule>,
    /// What their names stand for, by ids.
    pub names: Meaning,
    /// Card and activity.
    pub cards: Vec<(i64, u32)>,
}

/// The rules of a version. Who may see them is the caller's to ask.
pub(crate) async fn stored(ctx: &mut Ctx, version: VersionId) -> Done<Stored> {
    let school = ctx.school();
    let row = sqlx::query!(
        "select k.rules, k.names from timetable_version v
         join kept_rules k on k.school_id = v.school_id and k.id = v.kept_rules_id
         where v.school_id = $1 and v.id = $2",
        school.0,
        version.0,
    )
    .fetch_optional(ctx.db())
    .await?;
    let Some(row) = row else {
        return Ok(Stored::default());
    };
    let cards = sqlx::query!(
        r#"select id, activity as "activity!" from card where school_id = $1 and version_id = $2 and activity is not null"#,
        school.0,
        version.0,
    )
    .fetch_all(ctx.db())
    .await?;
    let cards = cards
        .into_iter()
        .filter_map(|c| Some((c.id, u32::try_from(c.activity).ok()?)));
    Ok(Stored {
        // what was written by us is read by us; if not, it is better left out than the whole file refused
        rules: from_text(&row.rules).unwrap_or_default(),
        names: serde_json::from_value(row.names).unwrap_or_default(),
        cards: cards.collect(),
    })
}
