-- A work's weight moves averages: where it does, the families of those who have a mark in it are told. And how many pupils stand behind the
-- average of a class.

alter table notice drop constraint notice_kind_known;
alter table notice add constraint notice_kind_known check (kind in
    ('mark_new', 'mark_changed', 'mark_removed', 'owed', 'absence', 'homework', 'dispute_answered', 'period_mark', 'cancellation',
     'work_changed'));
alter table notice_choice drop constraint notice_choice_kind_known;
alter table notice_choice add constraint notice_choice_kind_known check (kind in
    ('mark_new', 'mark_changed', 'mark_removed', 'owed', 'absence', 'homework', 'dispute_answered', 'period_mark', 'cancellation',
     'work_changed'));

create trigger audit_event_keeps_works after insert on audit_event for each row
    when (new.entity = 'assignment' and new.action = 'assignment.changed' and new.at > now() - interval '1 day'
        and new.old ->> 'weight' is distinct from new.new ->> 'weight')
    execute function keep_for_notices();

-- Looks past the family's wall as class_average does, and says one number.
create function class_average_pupils(in_loads bigint[], in_from date, in_until date) returns bigint
language sql stable set "app.pupils" = '' as $$
    select case when count(distinct m.pupil_id) >= 5 then count(distinct m.pupil_id) end
    from lesson l
    join assignment a on a.school_id = l.school_id and a.lesson_id = l.id and a.weight > 0
    join mark m on m.school_id = l.school_id and m.assignment_id = a.id
    join mark_scale_item i on i.school_id = l.school_id and i.scale_id = m.scale_id and i.code = m.code and i.value is not null
    where l.school_id = (select current_school()) and l.load_id = any (in_loads) and l.held_on between in_from and in_until
$$;
comment on function class_average_pupils(bigint[], date, date) is 'У скольких учеников есть отметки, из которых сложился средний балл класса; если их пять и больше';
