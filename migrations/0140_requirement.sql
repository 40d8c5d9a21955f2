-- More that a school asks of its timetable: days, runs and windows of a teacher's week, a subject's day and lessons, double
-- lessons, hard lessons in a row; and hours that are closed for a term only.

alter table requirement
    drop constraint requirement_kind_known,
    add constraint requirement_kind_known check (kind in (
        'teacher_lessons_a_day', 'teacher_windows_a_day', 'teacher_free_day', 'teacher_days_a_week', 'teacher_windows_a_week',
        'teacher_lessons_at_least', 'teacher_lessons_in_a_row', 'class_lessons_a_day', 'class_windows_a_day',
        'rooms', 'spread', 'subject_day', 'subject_lesson_from', 'subject_lesson_to', 'double_lessons',
        'teacher_window', 'class_window', 'late_start', 'first_room', 'no_room', 'series', 'hard_in_a_row',
        'lessons_a_day', 'lessons_one_day_with_pe', 'lessons_a_week', 'first_bell_not_before', 'last_bell_not_after',
        'hard_lessons', 'peak_days', 'subject_a_day', 'hard_points_from', 'lesson_minutes', 'break_minutes',
        'big_break_minutes')),
    drop constraint requirement_target_known,
    add constraint requirement_target_known check (
        num_nonnulls(employee_id, class_id, subject_id, load_id, grade_from) = case
            when kind in ('teacher_window', 'class_window', 'late_start', 'first_room', 'no_room', 'series', 'hard_in_a_row') then 0 else 1 end
        and case
            when kind in ('teacher_lessons_a_day', 'teacher_windows_a_day', 'teacher_free_day', 'teacher_days_a_week',
                'teacher_windows_a_week', 'teacher_lessons_at_least', 'teacher_lessons_in_a_row') then employee_id is not null
            when kind in ('class_lessons_a_day', 'class_windows_a_day') then class_id is not null
            when kind in ('rooms', 'spread', 'subject_day', 'subject_lesson_from', 'subject_lesson_to', 'double_lessons')
                then num_nonnulls(subject_id, load_id) = 1
            when kind in ('teacher_window', 'class_window', 'late_start', 'first_room', 'no_room', 'series', 'hard_in_a_row') then true
            else grade_from is not null end
        and (grade_from is null) = (grade_to is null));

-- In force from the first day to the last, both included; null: without an end. Of several terms of one hour the heaviest
-- counts. An older server takes every row for always, as it has.
alter table unavailability
    add column valid_from date,
    add column valid_to date,
    add constraint unavailability_dates_ordered check (valid_to >= valid_from),
    drop constraint unavailability_key,
    add constraint unavailability_key unique nulls not distinct
        (school_id, year_id, employee_id, class_id, subgroup_id, room_id, day, slot, valid_from, valid_to);
