-- A lesson on a day that no period of its classes holds does not take place: its periods were moved after the timetable had been laid out. No page
-- of the journal shows such a day, and no lock closes it; families saw the lesson all the same (decision 43). What was held stays. A class whose
-- system has no periods, or that has no system, goes on as before: who has not said when it learns has said nothing.

-- Is a day off for a class: declared so, or outside of its periods?
create function class_is_off(school bigint, class bigint, day date) returns boolean language sql stable parallel safe
    return exists (
            select from class_holiday h where h.school_id = school and h.class_id = class and day between h.starts_on and h.ends_on)
        or (exists (select from class_period d where d.school_id = school and d.class_id = class)
            and not exists (select from class_period d
                where d.school_id = school and d.class_id = class and day between d.starts_on and d.ends_on));
comment on function class_is_off(bigint, bigint, date) is 'Не учится ли класс в этот день: каникулы или вне учебных периодов';

create or replace function takes_place(l lesson, of_grade smallint default null) returns boolean
language plpgsql stable parallel safe as $$
begin
    if l.state <> 'planned' then
        return l.state = 'held';
    end if;
    -- the cheap questions first: most lessons lie in no holiday of anybody, and in a period of every system
    if not exists (
            select from holiday h where h.school_id = l.school_id and l.held_on between h.starts_on and h.ends_on)
        and not exists (
            select from academic_year y
            join period_system s on s.school_id = y.school_id and s.year_id = y.id
            where y.school_id = l.school_id and l.held_on between y.starts_on and y.ends_on
              and exists (select from period d where d.school_id = s.school_id and d.system_id = s.id)
              and not exists (select from period d
                    where d.school_id = s.school_id and d.system_id = s.id and l.held_on between d.starts_on and d.ends_on))
    then
        return true;
    end if;
    return coalesce((
        select not bool_and(class_is_off(l.school_id, c.id, l.held_on))
        from load_audience u join class c on c.school_id = u.school_id and c.id = u.class_id
        where u.school_id = l.school_id and u.load_id = l.load_id and (of_grade is null or c.grade = of_grade)), true);
end
$$;
create or replace function takes_place_for(l lesson, of_class bigint) returns boolean
language plpgsql stable parallel safe as $$
begin
    if l.state <> 'planned' then
        return l.state = 'held';
    end if;
    return not class_is_off(l.school_id, of_class, l.held_on);
end
$$;

-- What lies outside already and is proved by marks, absences, or a topic of a day that has passed, was held.
do $$
declare
    t text;
    walled text[] := array(
        select c.relname::text from pg_class c
        where c.relnamespace = current_schema()::regnamespace and c.relforcerowsecurity and c.relname in (
            'lesson', 'holiday', 'academic_year', 'period_system', 'period', 'class', 'parallel', 'load_audience', 'attendance', 'assignment', 'mark'));
begin
    foreach t in array walled loop
        execute format('alter table %I no force row level security', t);
    end loop;
    -- first the days in question, which are few: the tables are shut for others while this runs
    with days as materialized (
        select y.school_id, g.day::date as day
        from academic_year y
        cross join lateral generate_series(y.starts_on, y.ends_on, interval '1 day') g (day)
        where exists (select from holiday h where h.school_id = y.school_id and g.day::date between h.starts_on and h.ends_on)
           or exists (select from period_system s where s.school_id = y.school_id and s.year_id = y.id
                and exists (select from period d where d.school_id = s.school_id and d.system_id = s.id)
                and not exists (select from period d
                    where d.school_id = s.school_id and d.system_id = s.id and g.day::date between d.starts_on and d.ends_on))
    )
    update lesson l set state = 'held' from days
        where l.school_id = days.school_id and l.held_on = days.day and l.state = 'planned'
          and (l.topic is not null and l.held_on < current_date
            or exists (select from attendance a where a.school_id = l.school_id and a.lesson_id = l.id and a.code is not null)
            or exists (select from assignment w
                join mark m on m.school_id = w.school_id and m.assignment_id = w.id and (m.code is not null or m.owed)
                where w.school_id = l.school_id and w.lesson_id = l.id))
          and not takes_place(l);
    foreach t in array walled loop
        execute format('alter table %I force row level security', t);
    end loop;
end
$$;
