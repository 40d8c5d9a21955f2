-- A family is told of what changes in the days ahead: days off, lessons from home, lessons that another teacher gives.

alter table notice
    -- the days it is about, where it is about no single lesson
    add column starts_on date,
    add column ends_on date,
    add constraint notice_days_plausible check (
        (starts_on is null) = (ends_on is null) and starts_on <= ends_on and (starts_on is null or lesson_id is null)),
    drop constraint notice_kind_known,
    add constraint notice_kind_known check (kind in
        ('mark_new', 'mark_changed', 'mark_removed', 'owed', 'absence', 'homework', 'dispute_answered', 'period_mark', 'cancellation',
         'work_changed', 'substitution', 'day_off', 'distance'));
alter table notice_choice
    drop constraint notice_choice_kind_known,
    add constraint notice_choice_kind_known check (kind in
        ('mark_new', 'mark_changed', 'mark_removed', 'owed', 'absence', 'homework', 'dispute_answered', 'period_mark', 'cancellation',
         'work_changed', 'substitution', 'day_off', 'distance'));

create or replace view told_notice with (security_invoker = true) as
    select n.school_id, n.id, n.pupil_id, n.person_id, n.kind, n.at, n.assignment_id, n.lesson_id, n.old, n.new,
        l.load_id, coalesce(l.held_on, n.starts_on) as date, h.first_name,
        case when n.pupil_id is null then concat_ws(', ', s.name, a.audience) else s.name end as subject,
        n.change, n.ends_on as until
    from notice n
    left join pupil p on p.school_id = n.school_id and p.id = n.pupil_id
    left join person h on h.id = p.person_id
    left join subject s on s.school_id = n.school_id and s.id = n.subject_id
    left join lesson l on l.school_id = n.school_id and l.id = n.lesson_id
    left join lateral audience_of(n.school_id, l.load_id) a on n.pupil_id is null;

-- A server before this takes such an entry and tells nothing of it, as it always did.
create trigger audit_event_keeps_schedule after insert on audit_event for each row
    when (new.entity in ('holiday', 'distance_span', 'lesson_format') and new.at > now() - interval '1 day')
    execute function keep_for_notices();
