//! Which journals are of groups, and of which.

use std::collections::HashMap;

use base::sql::{Ctx, Done};
use base::{ClassId, LoadId, SchoolId, SubgroupId};

use crate::assessment::part::{Part, settled};

/// The groups that journals of a year are kept to, by journal; nothing of one that is kept to whole classes.
pub(super) async fn parts(ctx: &mut Ctx, year: i64) -> Done<HashMap<LoadId, Vec<Part>>> {
    let SchoolId(school) = ctx.school();
    let rows = sqlx::query!(
        r#"with split as (
            select g.class_id, g.split, count(*)::int as groups
            from class c join subgroup g on g.school_id = $1 and g.class_id = c.id
            where c.school_id = $1 and c.year_id = $2 group by g.class_id, g.split
        )
        select u.load_id, u.class_id, g.id as "group!", g.split as "split!", s.groups as "groups!"
        from teaching_load l
        join load_audience u on u.school_id = $1 and u.load_id = l.id
        join subgroup g on g.school_id = $1 and g.id = u.subgroup_id
        join split s on s.class_id = g.class_id and s.split = g.split
        where l.school_id = $1 and l.year_id = $2
          and not exists (select from load_audience w where w.school_id = $1 and w.load_id = u.load_id and w.class_id = u.class_id
            and w.subgroup_id is null)
        order by u.load_id, u.class_id, g.id"#,
        school,
        year,
    )
    .fetch_all(ctx.db())
    .await?;
    let mut found: HashMap<LoadId, Vec<Part>> = HashMap::new();
    for r in rows {
        found.entry(LoadId(r.load_id)).or_default().push(Part {
            class: ClassId(r.class_id),
            group: SubgroupId(r.group),
            split: r.split,
            groups: r.groups,
        });
    }
    Ok(found
        .into_iter()
        .map(|(load, parts)| (load, settled(parts)))
        .collect())
}
