-- Homework for some pupils is told to their families as the class's is. That a lesson was cancelled or takes place again says nothing of its
-- homework: such an event would cut the story of a homework that is just being written in two.

drop trigger audit_event_keeps_for_notices on audit_event;
create trigger audit_event_keeps_for_notices after insert on audit_event for each row
    when (new.entity in ('mark', 'attendance', 'lesson', 'dispute', 'period_mark', 'individual_homework')
        and new.action not in ('lesson.cancelled', 'lesson.restored') and new.at > now() - interval '1 day')
    execute function keep_for_notices();
