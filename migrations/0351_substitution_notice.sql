-- Whoever is to stand in is told so, and whoever need not any more. Families see it in the day and are told nothing.

alter table notice drop constraint notice_kind_known;
alter table notice add constraint notice_kind_known check (kind in
    ('mark_new', 'mark_changed', 'mark_removed', 'owed', 'absence', 'homework', 'dispute_answered', 'period_mark', 'cancellation',
     'work_changed', 'substitution'));
alter table notice_choice drop constraint notice_choice_kind_known;
alter table notice_choice add constraint notice_choice_kind_known check (kind in
    ('mark_new', 'mark_changed', 'mark_removed', 'owed', 'absence', 'homework', 'dispute_answered', 'period_mark', 'cancellation',
     'work_changed', 'substitution'));

-- a story of its own beside that of a lesson's topic and homework, as cancelling is
create or replace function keep_for_notices() returns trigger language plpgsql as $$
begin
    insert into notice_pending (school_id, entity, entity_key, first_event, last_event, at)
    values (new.school_id,
        case when new.action in ('lesson.cancelled', 'lesson.restored') then 'cancellation'
             when new.action in ('lesson.substituted', 'lesson.substitution_ended') then 'substitution'
             else new.entity end,
        new.entity_key, new.id, new.id, new.at)
    on conflict (school_id, entity, entity_key) do update set last_event = excluded.last_event, at = excluded.at;
    return null;
end
$$;
drop trigger audit_event_keeps_for_notices on audit_event;
create trigger audit_event_keeps_for_notices after insert on audit_event for each row
    when (new.entity in ('mark', 'attendance', 'lesson', 'dispute', 'period_mark', 'individual_homework')
        and new.action not in ('lesson.cancelled', 'lesson.restored', 'lesson.substituted', 'lesson.substitution_ended')
        and new.at > now() - interval '1 day')
    execute function keep_for_notices();
create trigger audit_event_keeps_substitutions after insert on audit_event for each row
    when (new.entity = 'lesson' and new.action in ('lesson.substituted', 'lesson.substitution_ended') and new.at > now() - interval '1 day')
    execute function keep_for_notices();
