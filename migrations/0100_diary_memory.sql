-- Servers keep what a week of the diary is made of, apart from a pupil's own marks and absences, in memory: it is the same for
-- a whole class and changes a few times a day. Whatever changes it says so here, once a statement; the payload is the
-- school's number, or nothing for «forget every school».
create function tell_diary() returns trigger language plpgsql as $$
begin
    perform pg_notify('diary_changed', coalesce(current_setting('app.school', true), ''));
    return null;
end
$$;
create function tell_diary_of_all() returns trigger language plpgsql as $$
begin
    perform pg_notify('diary_changed', '');
    return null;
end
$$;
do $$
declare
    t text;
begin
    foreach t in array array['academic_year', 'assignment', 'attendance_code', 'bell', 'bell_schedule', 'bell_use', 'card', 'class', 'employee',
        'enrolment', 'holiday', 'homework', 'lesson', 'load_audience', 'load_teacher', 'mark_scale_item', 'pupil', 'room', 'subgroup',
        'subgroup_member', 'subject', 'teaching_load', 'timetable_version', 'work_type'] loop
        execute format('create trigger %I after insert or update or delete on %I for each statement execute function tell_diary()', t || '_tells_diary', t);
    end loop;
end
$$;
-- a name is known in every school that holds the person's card
create trigger person_tells_diary after update on person for each statement execute function tell_diary_of_all();
