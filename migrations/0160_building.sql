-- Buildings of a school: on which floor a room lies, how long one walks from building to building, and what the school asks of
-- such ways.

alter table room
    add column floor smallint,
    add constraint room_floor_plausible check (floor between -5 and 60);

-- Minutes on foot from one building to another, there and back; no row: no time at all.
create table building_walk (
    school_id bigint not null,
    building_id bigint not null,
    other_id bigint not null,
    minutes smallint not null,
    primary key (school_id, building_id, other_id),
    constraint building_walk_ordered check (building_id < other_id),
    constraint building_walk_minutes_plausible check (minutes between 1 and 180),
    constraint building_walk_building_fk foreign key (school_id, building_id)
        references building (school_id, id) on delete cascade,
    constraint building_walk_other_fk foreign key (school_id, other_id)
        references building (school_id, id) on delete cascade
);
create index building_walk_other on building_walk (school_id, other_id);
comment on table building_walk is 'Сколько минут идти пешком от здания до здания';

alter table building_walk enable row level security;
alter table building_walk force row level security;
create policy school_wall on building_walk using (school_id = (select current_school()))
    with check (school_id = (select current_school()));
-- buildings and rooms are nothing that a family changes
do $$
declare
    t text;
begin
    foreach t in array array['building', 'building_walk', 'room'] loop
        execute format('create policy family_reads on %I as restrictive for insert '
            'with check ((select current_pupils()) is null)', t);
        execute format('create policy family_changes_nothing on %I as restrictive for update '
            'using ((select current_pupils()) is null) with check ((select current_pupils()) is null)', t);
        execute format('create policy family_deletes_nothing on %I as restrictive for delete '
            'using ((select current_pupils()) is null)', t);
    end loop;
end
$$;
grant select, insert, update, delete on building_walk to parta_app;

alter table requirement
    drop constraint requirement_kind_known,
    add constraint requirement_kind_known check (kind in (
        'teacher_lessons_a_day', 'teacher_windows_a_day', 'teacher_free_day', 'teacher_days_a_week', 'teacher_windows_a_week',
        'teacher_lessons_at_least', 'teacher_lessons_in_a_row', 'teacher_moves_a_day', 'class_lessons_a_day', 'class_windows_a_day',
        'class_moves_a_day', 'rooms', 'spread', 'subject_day', 'subject_lesson_from', 'subject_lesson_to', 'double_lessons',
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
                'teacher_windows_a_week', 'teacher_lessons_at_least', 'teacher_lessons_in_a_row', 'teacher_moves_a_day')
                then employee_id is not null
            when kind in ('class_lessons_a_day', 'class_windows_a_day', 'class_moves_a_day') then class_id is not null
            when kind in ('rooms', 'spread', 'subject_day', 'subject_lesson_from', 'subject_lesson_to', 'double_lessons')
                then num_nonnulls(subject_id, load_id) = 1
            when kind in ('teacher_window', 'class_window', 'late_start', 'first_room', 'no_room', 'series', 'hard_in_a_row',
                'walk', 'teachers_moves_a_day', 'classes_moves_a_day', 'rooms_near') then true
            else grade_from is not null end
        and (grade_from is null) = (grade_to is null));
