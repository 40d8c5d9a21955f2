//! Two versions side by side: figures, rules, teachers, and the lessons that lie elsewhere.

use base::rights::{Action, Kind, Resource};
use base::sql::{Ctx, Done};
use base::{AppError, EmployeeId, Lang, VersionId};
use timetable::compose::Score;
use timetable::unmet::Tally;

use crate::compose::compare::{Compared, Difference, Moved, Pair, Titled};
use crate::compose::{Change, Counted, Figures, Wishes};
use crate::t;
use crate::timetable::{BoardData, Seat, words};

/// So many lessons that lie elsewhere are named.
const NAMED: usize = 300;

/// What can be compared; and, where two are named, those two, each judged as its own editor judges it.
///
/// # Errors
/// Forbidden without the right to change the timetable; not found for a foreign version; invalid for one that is too large to be judged.
pub async fn weigh(ctx: &mut Ctx, first: Option<VersionId>, second: Option<VersionId>) -> Done<Compared> {
    ctx.must(Action::Edit, &Resource::of_school(Kind::Timetable, ctx.school()))?;
    let known = crate::timetable::sql::versions(ctx).await?;
    let versions = known.versions.into_iter().map(|v| Titled {
        id: v.id,
        title: v.title,
    });
    let versions = versions.collect();
    let pair = match (first, second) {
        (Some(first), Some(second)) if first != second => Some(Box::pin(pair(ctx, first, second)).await?),
        _ => None,
    };
    Ok(Compared { versions, pair })
}

async fn pair(ctx: &mut Ctx, first: VersionId, second: VersionId) -> Done<Pair> {
    let lang = ctx.lang();
    let moved = super::compare(ctx, first, second).await?;
    let (one, other) = (
        Box::pin(crate::timetable::sql::board(ctx, first)).await?,
        Box::pin(crate::timetable::sql::board(ctx, second)).await?,
    );
    let too_large = || AppError::invalid("", t::publish_too_large(lang));
    let judged = |data: &BoardData| {
        let board = data.board().map_err(|_| too_large())?;
        let teachers: Vec<_> = data.teachers.iter().map(|t| t.id).collect();
        Ok::<_, AppError>((Figures::from(Score::of(&board)), Tally::of(&board), teachers))
    };
    let ((before, had, had_ids), (after, has, has_ids)) = (judged(&one)?, judged(&other)?);
    let change = Change::between(
        Counted {
            tally: &had,
            teachers: &had_ids,
        },
        Counted {
            tally: &has,
            teachers: &has_ids,
        },
    );
    let name = |id: EmployeeId| {
        let mut all = other.teachers.iter().chain(&one.teachers);
        all.find(|t| t.id == id)
            .map_or_else(|| "—".to_owned(), |t| t.name.clone())
    };
    let titled = |data: &BoardData| Titled {
        id: data.version.id,
        title: data.version.title.clone(),
    };
    Ok(Pair {
        first: titled(&one),
        second: titled(&other),
        before,
        after,
        cards: u32::try_from(one.cards.len()).unwrap_or(u32::MAX),
        teachers: change.teachers.iter().map(|t| name(t.teacher)).collect(),
        change,
        elsewhere: u32::try_from(moved.len()).unwrap_or(u32::MAX),
        moved: moved
            .iter()
            .take(NAMED)
            .map(|d| line(lang, &one, &other, d))
            .collect(),
        composed: composed(ctx, first, second).await?,
    })
}

/// A lesson that lies elsewhere, in words.
fn line(lang: Lang, one: &BoardData, other: &BoardData, of: &Difference) -> Moved {
    let place = |data: &BoardData, seat: Seat| {
        let (day, slot) = (u16::try_from(seat.day), u16::try_from(seat.slot));
        let place = words::place(lang, data, day.unwrap_or(0), slot.unwrap_or(0));
        match seat
            .room
            .and_then(|room| data.rooms.get(data.room_ix(room)?.ix()))
        {
            Some(room) => t::compose_place(lang, place, &room.name),
            None => place,
        }
    };
    let card = one.card_ix(of.card);
    Moved {
        lesson: card.map_or_else(|| "—".to_owned(), |card| words::lesson(one, card)),
        from: of.from.map(|seat| place(one, seat)),
        to: of.to.map(|seat| place(other, seat)),
    }
}

/// Where the second was composed from the first: with what wishes.
async fn composed(ctx: &mut Ctx, first: VersionId, second: VersionId) -> Done<Option<Wishes>> {
    let school = ctx.school();
    let wishes = sqlx::query_scalar!(
        "select wishes from compose_run where school_id = $1 and version_id = $2 and result_id = $3 order by id desc limit 1",
        school.0,
        first.0,
        second.0,
    )
    .fetch_optional(ctx.db())
    .await?;
    Ok(wishes.map(|wishes| serde_json::from_value(wishes).unwrap_or_default()))
}
