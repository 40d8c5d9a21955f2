-- A family and a teacher are told when their lessons will lie otherwise: once, not lesson by lesson.

alter table notice
    drop constraint notice_kind_known,
    add constraint notice_kind_known check (kind in
        ('mark_new', 'mark_changed', 'mark_removed', 'owed', 'absence', 'homework', 'dispute_answered', 'period_mark', 'cancellation',
         'work_changed', 'substitution', 'day_off', 'distance', 'dispute_asked', 'absence_told', 'request_asked', 'request_answered',
         'timetable'));
alter table notice_choice
    drop constraint notice_choice_kind_known,
    add constraint notice_choice_kind_known check (kind in
        ('mark_new', 'mark_changed', 'mark_removed', 'owed', 'absence', 'homework', 'dispute_answered', 'period_mark', 'cancellation',
         'work_changed', 'substitution', 'day_off', 'distance', 'dispute_asked', 'absence_told', 'request_asked', 'request_answered',
         'timetable'));

-- A server before this takes such an entry and tells nothing of it, as it always did.
create trigger audit_event_keeps_timetables after insert on audit_event for each row
    when (new.entity = 'timetable_version' and new.action in ('timetable.published', 'timetable.withdrawn') and new.at > now() - interval '1 day')
    execute function keep_for_notices();
