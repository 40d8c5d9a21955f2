-- A family is told of a homework that is due on another day, has other addresses, got or lost a file, or was withdrawn: not of another text alone.

-- what of it has changed (`classbook_core::notice::HomeworkChange`); null: its text, as servers before this told
alter table notice add column change jsonb;

create or replace view told_notice with (security_invoker = true) as
    select n.school_id, n.id, n.pupil_id, n.person_id, n.kind, n.at, n.assignment_id, n.lesson_id, n.old, n.new,
        l.load_id, l.held_on as date, h.first_name,
        case when n.pupil_id is null then concat_ws(', ', s.name, a.audience) else s.name end as subject,
        n.change
    from notice n
    left join pupil p on p.school_id = n.school_id and p.id = n.pupil_id
    left join person h on h.id = p.person_id
    left join subject s on s.school_id = n.school_id and s.id = n.subject_id
    left join lesson l on l.school_id = n.school_id and l.id = n.lesson_id
    left join lateral audience_of(n.school_id, l.load_id) a on n.pupil_id is null;

-- The files of a homework come and go under the number of the lesson, or of the homework for some pupils, so that they are told of once and beside
-- the words. Words and files that follow each other within the minute are one story: the one waits for the other. A server before this
-- takes such an entry and tells nothing of it, as it always did.
create function keep_homework_files_for_notices() returns trigger language plpgsql as $$
declare
    it jsonb := coalesce(new.new, new.old);
    for_some boolean := it ->> 'individual' is not null;
    named text := coalesce(it ->> 'individual', it ->> 'lesson');
begin
    if named is null then
        return null;
    end if;
    insert into notice_pending (school_id, entity, entity_key, first_event, last_event, at)
    values (new.school_id, case when for_some then 'individual_file' else 'homework_file' end, named, new.id, new.id, new.at)
    on conflict (school_id, entity, entity_key) do update set last_event = excluded.last_event, at = excluded.at;
    update notice_pending set at = new.at
    where school_id = new.school_id and entity = case when for_some then 'individual_homework' else 'lesson' end and entity_key = named;
    return null;
end
$$;
create trigger audit_event_keeps_homework_files after insert on audit_event for each row
    when (new.entity = 'homework_file' and new.at > now() - interval '1 day')
    execute function keep_homework_files_for_notices();

create function keep_homework_together() returns trigger language plpgsql as $$
begin
    update notice_pending set at = new.at
    where school_id = new.school_id and entity = case when new.entity = 'lesson' then 'homework_file' else 'individual_file' end
        and entity_key = new.entity_key;
    return null;
end
$$;
create trigger audit_event_keeps_homework_together after insert on audit_event for each row
    when (new.entity = 'individual_homework' or new.action = 'lesson.described')
    execute function keep_homework_together();
