-- «Внеурочное занятие»: a subject, or one load of it, that norms of lessons a day and hours a week do not count. An older server leaves
-- out rows of kinds that it does not know: it counts those hours, as before.

alter table requirement
    drop constraint requirement_kind_known,
    add constraint requirement_kind_known check (kind in (
        'teacher_lessons_a_day', 'teacher_windows_a_day', 'teacher_free_day', 'teacher_days_a_week', 'teacher_windows_a_week',
        'teacher_lessons_at_least', 'teacher_lessons_in_a_row', 'teacher_moves_a_day', 'class_lessons_a_day', 'class_windows_a_day',
        'teacher_days_at_least', 'class_lessons_at_least', 'class_days_at_least', 'class_moves_a_day', 'points_a_day', 'rooms', 'spread',
        'subject_day', 'subject_lesson_from', 'subject_lesson_to', 'subject_ends_day', 'double_lessons', 'much_homework', 'extracurricular',
        'loads_together', 'loads_in_order', 'loads_right_after', 'loads_next_to', 'loads_apart',
        'teacher_window', 'class_window', 'late_start', 'first_room', 'no_room', 'series', 'file_lessons', 'hard_in_a_row',
        'walk', 'teachers_moves_a_day', 'classes_moves_a_day', 'rooms_near',
        'lessons_a_day', 'lessons_one_day_with_pe', 'lessons_a_week', 'first_bell_not_before', 'last_bell_not_after',
        'hard_lessons', 'hard_lesson_from', 'hard_lesson_to', 'peak_days', 'light_days', 'lighter_edge_days', 'homework_lessons_a_day',
        'subject_a_day', 'hard_points_from', 'lesson_minutes', 'break_minutes', 'big_break_minutes')),
    drop constraint requirement_target_known,
    add constraint requirement_target_known check (
        case
            when kind in ('teacher_free_day', 'teacher_moves_a_day')
                then employee_id is not null and num_nonnulls(class_id, subject_id, load_id, grade_from) = 0
            -- of one teacher or of all
            when kind in ('teacher_lessons_a_day', 'teacher_windows_a_day', 'teacher_days_a_week', 'teacher_windows_a_week',
                'teacher_lessons_at_least', 'teacher_lessons_in_a_row', 'teacher_days_at_least')
                then num_nonnulls(class_id, subject_id, load_id, grade_from) = 0
            when kind = 'class_moves_a_day'
                then class_id is not null and num_nonnulls(employee_id, subject_id, load_id, grade_from) = 0
            -- of one class, of some grades or of all
            when kind in ('class_lessons_a_day', 'class_windows_a_day', 'points_a_day', 'class_lessons_at_least', 'class_days_at_least')
                then num_nonnulls(employee_id, subject_id, load_id) = 0 and num_nonnulls(class_id, grade_from) <= 1
            when kind in ('rooms', 'spread', 'subject_day', 'subject_lesson_from', 'subject_lesson_to', 'subject_ends_day', 'double_lessons',
                'much_homework', 'extracurricular')
                then num_nonnulls(subject_id, load_id) = 1 and num_nonnulls(employee_id, class_id, grade_from) = 0
            when kind in ('loads_together', 'loads_in_order', 'loads_right_after', 'loads_next_to', 'loads_apart')
                then num_nonnulls(load_id, other_load_id) = 2 and num_nonnulls(employee_id, class_id, subject_id, grade_from) = 0
            when kind in ('teacher_window', 'class_window', 'late_start', 'first_room', 'no_room', 'series', 'file_lessons', 'hard_in_a_row',
                'walk', 'teachers_moves_a_day', 'classes_moves_a_day', 'rooms_near')
                then num_nonnulls(employee_id, class_id, subject_id, load_id, grade_from) = 0
            else grade_from is not null and num_nonnulls(employee_id, class_id, subject_id, load_id) = 0 end
        and (grade_from is null) = (grade_to is null)
        and (other_load_id is null
            or kind in ('loads_together', 'loads_in_order', 'loads_right_after', 'loads_next_to', 'loads_apart')
                and other_load_id <> load_id));
