//! What the file of a version requires of single lessons, as it is stored with the rules that were kept of it.

use std::collections::HashMap;

use base::VersionId;
use base::sql::{Ctx, Done};
use timetable::CardIx;

use crate::timetable::board::LessonCards;
use crate::timetable::single::Single;

/// The rules, by numbers of activities. Who may see them is the caller's to ask.
pub(super) async fn of_file(ctx: &mut Ctx, version: VersionId) -> Done<Single<u32>> {
    let school = ctx.school();
    let row = sqlx::query_scalar!(
        "select k.single from timetable_version v
         join kept_rules k on k.school_id = v.school_id and k.id = v.kept_rules_id
         where v.school_id = $1 and v.id = $2",
        school.0,
        version.0,
    )
    .fetch_optional(ctx.db())
    .await?;
    // a newer server may know ways to lie that this one does not: rather none of them than no board
    Ok(row
        .flatten()
        .and_then(|rules| serde_json::from_value(rules).ok())
        .unwrap_or_default())
}

/// The lessons that it names together, by the cards of its activities. Who may see them is the caller's to ask.
pub(super) async fn lists(
    ctx: &mut Ctx,
    version: VersionId,
    activities: &HashMap<u32, CardIx>,
) -> Done<Vec<LessonCards>> {
    let lists = crate::requirement::sql::of_version(ctx, version).await?;
    let card = |activity: &i32| activities.get(&u32::try_from(*activity).ok()?).copied();
    let list = |(id, named): (_, Vec<i32>)| LessonCards {
        id,
        cards: named.iter().filter_map(card).collect(),
    };
    Ok(lists.into_iter().map(list).collect())
}
