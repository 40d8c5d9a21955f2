-- The school's side is told, too: of a family's question about a mark who teaches the load, of a future absence the class teacher, of a request for a
-- change in a closed period whoever closes periods, of its answer whoever asked.

alter table notice
    -- of which pupil it is told to a person at work; a family's own stands in pupil_id
    add column about_pupil_id bigint,
    add column request_id bigint,
    add constraint notice_about_pupil_fk foreign key (school_id, about_pupil_id) references pupil (school_id, id),
    add constraint notice_request_fk foreign key (school_id, request_id) references period_request (school_id, id) on delete cascade,
    -- what a school writes to its staff about a child is not for the child's page
    add constraint notice_about_plausible check (about_pupil_id is null or person_id is not null),
    drop constraint notice_kind_known,
    add constraint notice_kind_known check (kind in
        ('mark_new', 'mark_changed', 'mark_removed', 'owed', 'absence', 'homework', 'dispute_answered', 'period_mark', 'cancellation',
         'work_changed', 'substitution', 'day_off', 'distance', 'dispute_asked', 'absence_told', 'request_asked', 'request_answered'));
create index notice_about_pupil on notice (school_id, about_pupil_id);
create index notice_request on notice (school_id, request_id);
alter table notice_choice
    drop constraint notice_choice_kind_known,
    add constraint notice_choice_kind_known check (kind in
        ('mark_new', 'mark_changed', 'mark_removed', 'owed', 'absence', 'homework', 'dispute_answered', 'period_mark', 'cancellation',
         'work_changed', 'substitution', 'day_off', 'distance', 'dispute_asked', 'absence_told', 'request_asked', 'request_answered'));

-- Of a person's own: the child that it is about by its full name, the journal or the class.
create or replace view told_notice with (security_invoker = true) as
    select n.school_id, n.id, n.pupil_id, n.person_id, n.kind, n.at, n.assignment_id, n.lesson_id, n.old, n.new,
        coalesce(l.load_id, q.load_id) as load_id, coalesce(l.held_on, n.starts_on) as date,
        case when n.pupil_id is null then concat_ws(' ', h.last_name, h.first_name) else h.first_name end as first_name,
        case when n.pupil_id is null then nullif(concat_ws(', ', s.name, a.audience, c.name), '') else s.name end as subject,
        n.change, n.ends_on as until, n.about_pupil_id, q.class_id
    from notice n
    left join pupil p on p.school_id = n.school_id and p.id = coalesce(n.pupil_id, n.about_pupil_id)
    left join person h on h.id = p.person_id
    left join lesson l on l.school_id = n.school_id and l.id = n.lesson_id
    left join period_request q on q.school_id = n.school_id and q.id = n.request_id
    left join teaching_load g on g.school_id = n.school_id and g.id = q.load_id
    left join subject s on s.school_id = n.school_id and s.id = coalesce(n.subject_id, g.subject_id)
    left join class c on c.school_id = n.school_id and c.id = q.class_id
    left join lateral audience_of(n.school_id, coalesce(l.load_id, q.load_id)) a on n.pupil_id is null;

-- A server before this takes such an entry and tells nothing of it, as it always did.
create trigger audit_event_keeps_school_side after insert on audit_event for each row
    when (new.entity in ('absence_note', 'period_request') and new.at > now() - interval '1 day')
    execute function keep_for_notices();
