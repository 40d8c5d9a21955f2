-- Works that are planned, beside the lessons that carry them (JRN-1, CUR-4).

-- What there is of a load on a day: 'there' (a lesson that takes place, or one that the published timetable will lay out), 'off' (its
-- lessons were cancelled, or the day was declared off), 'none' (the load has no lesson that day, as after a new timetable).
create function lesson_on(school bigint, load bigint, day date) returns text language sql stable parallel safe
begin atomic
    select case
        when x.there then 'there'
        when x.laid then 'off'
        -- within the days that are laid out a day without a lesson has none
        when day <= x.last then 'none'
        when exists (
            select from timetable_version v
            join academic_year y on y.school_id = v.school_id and y.id = v.year_id and lesson_on.day between y.starts_on and y.ends_on
            cross join lateral (
                select extract(isodow from lesson_on.day)::integer as weekday, cardinality(v.day_names) / v.cycle_weeks as days_a_week,
                    case when (lesson_on.day - date_trunc('week', y.starts_on)::date) / 7 % 2 = 0 then 'odd' else 'even' end as week) t
            join card c on c.school_id = v.school_id and c.version_id = v.id and c.load_id = load and t.weekday <= t.days_a_week
                and c.day = t.weekday - 1 + case when v.cycle_weeks = 2 and t.week = 'even' then t.days_a_week else 0 end
                and c.weeks in ('every', t.week)
            where v.school_id = school and v.state = 'published' and lesson_on.day >= v.valid_from and (v.valid_to is null or lesson_on.day <= v.valid_to)
              and exists (
                    select from load_audience u
                    join class_period d on d.school_id = u.school_id and d.class_id = u.class_id and lesson_on.day between d.starts_on and d.ends_on
                    where u.school_id = school and u.load_id = load
                      and not exists (select from class_holiday h where h.school_id = u.school_id and h.class_id = u.class_id
                            and lesson_on.day between h.starts_on and h.ends_on)))
        then 'there'
        else 'none' end
    from (
        select coalesce(bool_or(takes_place(l)) filter (where l.held_on = day), false) as there,
            coalesce(bool_or(l.held_on = day), false) as laid, coalesce(max(l.held_on), '-infinity') as last
        from lesson l where l.school_id = school and l.load_id = load and l.held_on >= day
    ) x;
end;
comment on function lesson_on(bigint, bigint, date) is 'Есть ли у нагрузки урок в этот день: there, off, none';
