-- A family asks about a mark of a period or a year as about any other. Servers before this read questions by their works and pass these over.

alter table dispute
    alter column assignment_id drop not null,
    add column period_mark_id bigint,
    add constraint dispute_about_plausible check (num_nonnulls(assignment_id, period_mark_id) = 1),
    add constraint dispute_period_mark_fk foreign key (school_id, period_mark_id) references period_mark (school_id, id);
create index dispute_period_mark on dispute (school_id, period_mark_id, pupil_id);
create unique index dispute_one_open_of_period_key on dispute (school_id, period_mark_id, pupil_id) where state <> 'closed';
comment on table dispute is 'Вопрос об отметке: за работу или за период';

alter table notice
    add column period_mark_id bigint,
    add constraint notice_period_mark_fk foreign key (school_id, period_mark_id) references period_mark (school_id, id) on delete cascade;
create index notice_period_mark on notice (school_id, period_mark_id);

create or replace view told_notice with (security_invoker = true) as
    select n.school_id, n.id, n.pupil_id, n.person_id, n.kind, n.at, n.assignment_id, n.lesson_id, n.old, n.new,
        coalesce(l.load_id, q.load_id) as load_id, coalesce(l.held_on, n.starts_on) as date,
        case when n.pupil_id is null then concat_ws(' ', h.last_name, h.first_name) else h.first_name end as first_name,
        case when n.pupil_id is null then nullif(concat_ws(', ', s.name, a.audience, c.name), '') else s.name end as subject,
        n.change, n.ends_on as until, n.about_pupil_id, q.class_id, n.period_mark_id
    from notice n
    left join pupil p on p.school_id = n.school_id and p.id = coalesce(n.pupil_id, n.about_pupil_id)
    left join person h on h.id = p.person_id
    left join lesson l on l.school_id = n.school_id and l.id = n.lesson_id
    left join period_request q on q.school_id = n.school_id and q.id = n.request_id
    left join period_mark v on v.school_id = n.school_id and v.id = n.period_mark_id
    left join teaching_load g on g.school_id = n.school_id and g.id = q.load_id
    left join subject s on s.school_id = n.school_id and s.id = coalesce(n.subject_id, g.subject_id)
    left join class c on c.school_id = n.school_id and c.id = q.class_id
    left join lateral audience_of(n.school_id, coalesce(l.load_id, q.load_id, v.load_id)) a on n.pupil_id is null;
