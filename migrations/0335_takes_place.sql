-- Does a lesson take place? Asked by whatever shows or counts lessons: not if it was cancelled, and not if its day was declared off after the
-- timetable had been laid out. What somebody has held or written a topic into took place, whatever the calendar says since.
-- A day off is one of a whole audience; `of_grade`: of that grade alone, for what is told to one pupil.
-- The cheap questions come first: most lessons lie in no holiday of anybody. (plpgsql, whose plans a connection keeps.)
create function takes_place(l lesson, of_grade smallint default null) returns boolean
language plpgsql stable parallel safe as $$
begin
    if l.state <> 'planned' then
        return l.state = 'held';
    end if;
    if l.topic is not null or not exists (
        select from holiday h where h.school_id = l.school_id and l.held_on between h.starts_on and h.ends_on)
    then
        return true;
    end if;
    return coalesce((
        select not bool_and(exists (
            select from holiday h where h.school_id = l.school_id and h.year_id = c.year_id
                and l.held_on between h.starts_on and h.ends_on and coalesce(h.grade, c.grade) = c.grade))
        from load_audience u join class c on c.school_id = u.school_id and c.id = u.class_id
        where u.school_id = l.school_id and u.load_id = l.load_id and (of_grade is null or c.grade = of_grade)), true);
end
$$;
comment on function takes_place(lesson, smallint) is 'Состоится ли урок: не отменён и не приходится на каникулы своей аудитории';
