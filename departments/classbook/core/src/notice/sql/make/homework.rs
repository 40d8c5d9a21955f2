//! What a family is told of homework: a new one, what has changed of one that is known, and one that is no more while it was still to be done. Words
//! and files make one story (migration 0396): what was before is told by its first events, what is now by the tables.

use base::SchoolId;
use sqlx::PgConnection;

use super::Taken;

/// To everybody who is taught it on that day.
pub(super) async fn of_class(
    db: &mut PgConnection,
    school: SchoolId,
    words: &Taken,
    files: &Taken,
) -> sqlx::Result<u64> {
    let done = sqlx::query!(
        "with told as materialized (
            select notice_key(coalesce(w.key, x.key), 1) as lesson, w.first, x.first as first_file, x.last as last_file,
                greatest(w.last, x.last) as last
            from unnest($2::text[], $3::bigint[], $4::bigint[]) w (key, first, last)
            full join unnest($5::text[], $6::bigint[], $7::bigint[]) x (key, first, last) on x.key = w.key
        ),
        moved as materialized ( -- a file that came and went meanwhile is nothing
            select t.lesson, coalesce(array_agg(v.name order by e.id) filter (where v.came and not v.other), '{}') as added,
                coalesce(array_agg(v.name order by e.id) filter (where not v.came and not v.other), '{}') as removed
            from told t
            join audit_event e on e.school_id = $1 and e.id between t.first_file and t.last_file and e.entity = 'homework_file'
            cross join lateral (select coalesce(e.new, e.old) as it, e.new is not null as came) k
            cross join lateral (select k.it ->> 'name' as name, k.came, exists (
                select from audit_event o where o.school_id = $1 and o.entity = 'homework_file' and o.entity_key = e.entity_key
                    and o.id between t.first_file and t.last_file and (o.new is not null) <> k.came) as other) v
            where notice_key(k.it ->> 'lesson', 1) = t.lesson and k.it ->> 'individual' is null
            group by t.lesson
        ),
        state as materialized (
            select t.lesson, t.last, n.load_id, n.held_on, n.slot, h.id is not null as there,
                h.text, h.due_on, coalesce(h.links, '{}') as links,
                coalesce(m.added, '{}') as added, coalesce(m.removed, '{}') as removed,
                case when t.first is null then h.text else f.old -> 'homework' ->> 'text' end as old_text,
                case when t.first is null then h.due_on else (f.old -> 'homework' ->> 'due_on')::date end as old_due,
                -- events of before there were addresses name none
                case when t.first is null or not coalesce(f.old -> 'homework' ? 'links', false) then coalesce(h.links, '{}')
                     else array(select jsonb_array_elements_text(f.old -> 'homework' -> 'links')) end as old_links,
                (select count(*) from homework_file x where x.school_id = $1 and x.homework_id = h.id)
                    - cardinality(coalesce(m.added, '{}')) + cardinality(coalesce(m.removed, '{}')) as old_files,
                case when t.first is null then h.id is not null
                     else jsonb_typeof(f.old -> 'homework') is not distinct from 'object' end as named
            from told t
            join lesson n on n.school_id = $1 and n.id = t.lesson
            left join homework h on h.school_id = $1 and h.lesson_id = t.lesson
            left join audit_event f on f.school_id = $1 and f.id = t.first
            left join moved m on m.lesson = t.lesson
        ),
        news as materialized (
            select s.*, l.at, b.was, coalesce(s.old_text, '') <> coalesce(s.text, '') as retold, s.old_due is distinct from s.due_on as redated,
                s.old_links <> s.links as relinked
            from state s
            join audit_event l on l.school_id = $1 and l.id = s.last
            join organisation o on o.id = $1
            cross join lateral (select s.old_files > 0 or s.named and (coalesce(s.old_text, '') <> '' or s.old_links <> '{}') as was) b
            where case when not b.was then s.there
                when s.there then coalesce(s.old_text, '') <> coalesce(s.text, '') or s.old_due is distinct from s.due_on
                    or s.old_links <> s.links or s.added <> '{}' or s.removed <> '{}'
                -- it was to be done by a day that has not passed
                else coalesce(s.old_due, (
                    select b.held_on from lesson b
                    where b.school_id = $1 and b.load_id = s.load_id and (b.held_on, b.slot) > (s.held_on, s.slot) and takes_place(b)
                    order by b.held_on, b.slot limit 1), 'infinity') >= (l.at at time zone o.time_zone)::date end
        )
        insert into notice (school_id, pupil_id, kind, at, subject_id, lesson_id, old, new, change)
        select distinct on (s.last, e.pupil_id) $1, e.pupil_id, 'homework', s.at, g.subject_id, s.lesson,
            case when s.was then left(coalesce(s.old_text, ''), 500) end, case when s.there then left(s.text, 500) end,
            jsonb_build_object('text', s.was and s.retold, 'moved', s.was and s.redated, 'due', s.due_on, 'links', s.was and s.relinked,
                'linked', case when s.there then s.links else s.old_links end <> '{}', 'added', s.added, 'removed', s.removed)
        from news s
        join teaching_load g on g.school_id = $1 and g.id = s.load_id
        cross join lateral taught_on($1, s.load_id, s.held_on) e
        order by s.last, e.pupil_id",
        school.0,
        &words.keys,
        &words.first,
        &words.last,
        &files.keys,
        &files.first,
        &files.last,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected())
}

/// To those for whom it is. Whoever was added is told of it as of a new one, whoever was taken off as of one that was withdrawn; of what was taken back
/// at once nobody hears.
pub(super) async fn of_some(
    db: &mut PgConnection,
    school: SchoolId,
    words: &Taken,
    files: &Taken,
) -> sqlx::Result<u64> {
    let done = sqlx::query!(
        "with told as materialized (
            select notice_key(coalesce(w.key, x.key), 1) as homework, w.first, x.first as first_file, x.last as last_file,
                greatest(w.last, x.last) as last
            from unnest($2::text[], $3::bigint[], $4::bigint[]) w (key, first, last)
            full join unnest($5::text[], $6::bigint[], $7::bigint[]) x (key, first, last) on x.key = w.key
        ),
        moved as materialized (
            select t.homework, coalesce(array_agg(v.name order by e.id) filter (where v.came and not v.other), '{}') as added,
                coalesce(array_agg(v.name order by e.id) filter (where not v.came and not v.other), '{}') as removed
            from told t
            join audit_event e on e.school_id = $1 and e.id between t.first_file and t.last_file and e.entity = 'homework_file'
            cross join lateral (select coalesce(e.new, e.old) as it, e.new is not null as came) k
            cross join lateral (select k.it ->> 'name' as name, k.came, exists (
                select from audit_event o where o.school_id = $1 and o.entity = 'homework_file' and o.entity_key = e.entity_key
                    and o.id between t.first_file and t.last_file and (o.new is not null) <> k.came) as other) v
            where notice_key(k.it ->> 'individual', 1) = t.homework
            group by t.homework
        ),
        state as materialized (
            select t.homework, t.last, coalesce(i.lesson_id, notice_key(f.old ->> 'lesson', 1)) as lesson, i.id is not null as there,
                i.text, i.due_on, coalesce(i.links, '{}') as links,
                coalesce(m.added, '{}') as added, coalesce(m.removed, '{}') as removed,
                case when t.first is null then i.text else f.old ->> 'text' end as old_text,
                case when t.first is null then i.due_on else (f.old ->> 'due_on')::date end as old_due,
                case when t.first is null or not coalesce(f.old ? 'links', false) then coalesce(i.links, '{}')
                     else array(select jsonb_array_elements_text(f.old -> 'links')) end as old_links,
                a.pupils, case when t.first is null then a.pupils
                     when jsonb_typeof(f.old -> 'pupils') = 'array' then array(select notice_key(x, 1) from jsonb_array_elements_text(f.old -> 'pupils') x)
                     else '{}' end as old_pupils
            from told t
            left join individual_homework i on i.school_id = $1 and i.id = t.homework
            left join audit_event f on f.school_id = $1 and f.id = t.first
            left join moved m on m.homework = t.homework
            cross join lateral (select array(
                select p.pupil_id from individual_homework_pupil p where p.school_id = $1 and p.homework_id = i.id) as pupils) a
        )
        insert into notice (school_id, pupil_id, kind, at, subject_id, lesson_id, old, new, change)
        select $1, p.id, 'homework', l.at, g.subject_id, n.id,
            case when h.had then left(coalesce(s.old_text, ''), 500) end, case when h.has then left(s.text, 500) end,
            jsonb_build_object('text', h.had and s.old_text is distinct from s.text, 'moved', h.had and s.old_due is distinct from s.due_on, 'due', s.due_on,
                'links', h.had and s.old_links <> s.links, 'linked', s.links <> '{}', 'added', s.added, 'removed', s.removed)
        from state s
        join audit_event l on l.school_id = $1 and l.id = s.last
        join organisation o on o.id = $1
        join lesson n on n.school_id = $1 and n.id = s.lesson
        join teaching_load g on g.school_id = $1 and g.id = n.load_id
        cross join lateral (select unnest(s.pupils) as id union select unnest(s.old_pupils)) p
        join pupil r on r.school_id = $1 and r.id = p.id
        cross join lateral (select p.id = any (s.old_pupils) as had, s.there and p.id = any (s.pupils) as has) h
        where case when not h.had then h.has
            when h.has then s.old_text is distinct from s.text or s.old_due is distinct from s.due_on or s.old_links <> s.links
                or s.added <> '{}' or s.removed <> '{}'
            else coalesce(s.old_due, (
                select b.held_on from lesson b
                where b.school_id = $1 and b.load_id = n.load_id and (b.held_on, b.slot) > (n.held_on, n.slot) and takes_place(b)
                order by b.held_on, b.slot limit 1), 'infinity') >= (l.at at time zone o.time_zone)::date end
        order by s.last, p.id",
        school.0,
        &words.keys,
        &words.first,
        &words.last,
        &files.keys,
        &files.first,
        &files.last,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected())
}
