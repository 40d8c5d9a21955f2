//! All scales of the school with what their marks say, in one statement.

use base::number::Hundredths;
use base::sql::{Ctx, Done};
use base::{ScaleId, SubjectId};

use crate::scale::counting::{Book, Counting, Entry};

/// The scales of the school, the oldest first, and by which of them results are given. It is no secret: the right is the caller's to ask
/// for what it is read for.
pub(crate) async fn book(ctx: &mut Ctx) -> Done<Book> {
    let school = ctx.school();
    let rows = sqlx::query!(
        r#"select s.id, i.code as "code?", i.title as "title?", (i.value * 100)::bigint as value, i.level as "level?",
            (i.counts_as * 100)::bigint as counts_as, coalesce((max(i.value) over (partition by s.id) * 100)::bigint, 0) as "best!",
            (select array_agg(coalesce(r.subject_id, 0)) from results_scale r where r.school_id = $1 and r.scale_id = s.id) as results
           from mark_scale s left join mark_scale_item i on i.school_id = s.school_id and i.scale_id = s.id
           where s.school_id = $1 order by s.id, i.position, i.code"#,
        school.0,
    )
    .fetch_all(ctx.db())
    .await?;
    let mut book = Book::default();
    for r in rows {
        let id = ScaleId(r.id);
        if book.scales.last().is_none_or(|(last, _)| *last != id) {
            book.scales.push((id, vec![]));
            let of = |subject: i64| ((subject != 0).then_some(SubjectId(subject)), id);
            book.results
                .extend(r.results.unwrap_or_default().into_iter().map(of));
        }
        if let (Some((_, entries)), Some(code), Some(title)) = (book.scales.last_mut(), r.code, r.title) {
            let counting = Counting::read(&code, r.value, r.best, r.level.as_deref(), r.counts_as);
            entries.push(Entry {
                code,
                title,
                value: r.value.map(Hundredths),
                counting,
            });
        }
    }
    Ok(book)
}
