-- Fewest lessons a day and fewest days a week, of a class; fewest days a week of a teacher. An older server leaves out rows of kinds that it
-- does not know.

alter table requirement
    drop constraint requirement_kind_known,
    add constraint requirement_kind_known check (kind in (
        'teacher_lessons_a_day', 'teacher_windows_a_day', 'teacher_free_day', 'teacher_days_a_week', 'teacher_windows_a_week',
        'teacher_lessons_at_least', 'teacher_lessons_in_a_row', 'teacher_moves_a_day', 'class_lessons_a_day', 'class_windows_a_day',
        'class_moves_a_day', 'teacher_days_at_least', 'class_lessons_at_least', 'class_days_at_least', 'rooms', 'spread', 'subject_day', 'subject_lesson_from', 'subject_lesson_to', 'double_lessons',
        'loads_together', 'loads_in_order', 'loads_right_after', 'loads_next_to',
        'teacher_window', 'class_window', 'late_start', 'first_room', 'no_room', 'series', 'hard_in_a_row',
        'walk', 'teachers_moves_a_day', 'classes_moves_a_day', 'rooms_near',
        'lessons_a_day', 'lessons_one_day_with_pe', 'lessons_a_week', 'first_bell_not_before', 'last_bell_not_after',
        'hard_lessons', 'peak_days', 'subject_a_day', 'hard_points_from', 'lesson_minutes', 'break_minutes',
        'big_break_minutes')),
    drop constraint requirement_target_known,
    add constraint requirement_target_known check (
        num_nonnulls(employee_id, class_id, subject_id, load_id, grade_from) = case
            when kind in ('teacher_window', 'class_window', 'late_start', 'first_room', 'no_room', 'series', 'hard_in_a_row',
                'walk', 'teachers_moves_a_day', 'classes_moves_a_day', 'rooms_near') then 0 else 1 end
        and case
            when kind in ('teacher_lessons_a_day', 'teacher_windows_a_day', 'teacher_free_day', 'teacher_days_a_week',
                'teacher_windows_a_week', 'teacher_lessons_at_least', 'teacher_lessons_in_a_row', 'teacher_moves_a_day', 'teacher_days_at_least')
                then employee_id is not null
            when kind in ('class_lessons_a_day', 'class_windows_a_day', 'class_moves_a_day', 'class_lessons_at_least',
                'class_days_at_least') then class_id is not null
            when kind in ('rooms', 'spread', 'subject_day', 'subject_lesson_from', 'subject_lesson_to', 'double_lessons')
                then num_nonnulls(subject_id, load_id) = 1
            when kind in ('loads_together', 'loads_in_order', 'loads_right_after', 'loads_next_to')
                then load_id is not null and other_load_id is not null
            when kind in ('teacher_window', 'class_window', 'late_start', 'first_room', 'no_room', 'series', 'hard_in_a_row',
                'walk', 'teachers_moves_a_day', 'classes_moves_a_day', 'rooms_near') then true
            else grade_from is not null end
        and (grade_from is null) = (grade_to is null)
        and (other_load_id is null
            or kind in ('loads_together', 'loads_in_order', 'loads_right_after', 'loads_next_to') and other_load_id <> load_id));
