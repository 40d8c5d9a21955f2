-- A class may go by another system of periods than its parallel: a profile in trimesters beside a parallel in half-years. Null: as the
-- parallel, as it was; an older server, which knows parallels alone, reads the same while nothing is set (decision 39).
alter table class
    add column period_system_id bigint,
    add constraint class_period_system_fk foreign key (school_id, period_system_id) references period_system (school_id, id);
create index class_period_system on class (school_id, period_system_id);
comment on column class.period_system_id is 'Своя система учебных периодов; пусто — как у параллели';

create function class_period_system_same_year() returns trigger language plpgsql as $$
begin
    if new.period_system_id is not null and not exists (
        select from period_system s where s.school_id = new.school_id and s.id = new.period_system_id and s.year_id = new.year_id)
    then
        raise exception 'system of another year'
            using errcode = 'check_violation', constraint = 'class_period_system_same_year';
    end if;
    return new;
end
$$;
create trigger class_period_system_same_year before insert or update of period_system_id, year_id on class
    for each row execute function class_period_system_same_year();

-- Holidays of those alone who go by one system: between its modules others learn.
alter table holiday
    add column system_id bigint,
    add constraint holiday_system_fk foreign key (school_id, system_id) references period_system (school_id, id),
    add constraint holiday_audience_plausible check (grade is null or system_id is null);
create index holiday_system on holiday (school_id, system_id);
comment on column holiday.system_id is 'Только для классов с этой системой периодов';

create function holiday_system_same_year() returns trigger language plpgsql as $$
begin
    if new.system_id is not null and not exists (
        select from period_system s where s.school_id = new.school_id and s.id = new.system_id and s.year_id = new.year_id)
    then
        raise exception 'system of another year'
            using errcode = 'check_violation', constraint = 'holiday_system_same_year';
    end if;
    return new;
end
$$;
create trigger holiday_system_same_year before insert or update of system_id, year_id on holiday
    for each row execute function holiday_system_same_year();

-- The one place that knows by which system a class goes.
create view class_system with (security_invoker = true) as
    select c.school_id, c.id as class_id, c.year_id, c.grade, p.week_days, coalesce(c.period_system_id, p.period_system_id) as system_id
    from class c
    join parallel p on p.school_id = c.school_id and p.year_id = c.year_id and p.grade = c.grade;
comment on view class_system is 'По какой системе периодов учится класс: по своей или своей параллели';

-- The periods of a class; of a load: those of the classes of its audience.
create view class_period with (security_invoker = true) as
    select k.school_id, k.class_id, k.year_id, k.grade, k.system_id, d.id as period_id, d.number, d.starts_on, d.ends_on, d.locked_at
    from class_system k
    join period d on d.school_id = k.school_id and d.system_id = k.system_id;
comment on view class_period is 'Учебные периоды класса';

-- And its days off: of the whole school, of its grade, of its system.
create view class_holiday with (security_invoker = true) as
    select k.school_id, k.class_id, k.year_id, k.grade, h.id as holiday_id, h.title, h.starts_on, h.ends_on
    from class_system k
    join holiday h on h.school_id = k.school_id and h.year_id = k.year_id
        and (h.grade is null or h.grade = k.grade) and (h.system_id is null or h.system_id = k.system_id);
comment on view class_holiday is 'Каникулы и выходные дни класса';
grant select on class_system, class_period, class_holiday to parta_app;

-- As it was, by the days off of a class in place of those of a grade.
create or replace function takes_place(l lesson, of_grade smallint default null) returns boolean
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
            select from class_holiday h where h.school_id = l.school_id and h.class_id = c.id
                and l.held_on between h.starts_on and h.ends_on))
        from load_audience u join class c on c.school_id = u.school_id and c.id = u.class_id
        where u.school_id = l.school_id and u.load_id = l.load_id and (of_grade is null or c.grade = of_grade)), true);
end
$$;
-- For what is told to one pupil: two classes of a load may have their days off at other times.
create function takes_place_for(l lesson, of_class bigint) returns boolean
language plpgsql stable parallel safe as $$
begin
    if l.state <> 'planned' then
        return l.state = 'held';
    end if;
    return l.topic is not null or not exists (
        select from class_holiday h where h.school_id = l.school_id and h.class_id = of_class
            and l.held_on between h.starts_on and h.ends_on);
end
$$;
comment on function takes_place_for(lesson, bigint) is 'Состоится ли урок для одного класса';

create or replace function marks_given(in_load bigint, in_on date) returns boolean language sql stable as $$
    select x.grade <> 1 or not exists (select from organisation o where o.id = (select current_school()) and o.kind = 'school')
        or first_grade_marked(coalesce(x.ends_on, in_on))
    from (
        select min(c.grade) as grade, max(d.ends_on) as ends_on
        from load_audience u
        join class c on c.school_id = u.school_id and c.id = u.class_id
        left join class_period d on d.school_id = c.school_id and d.class_id = c.id and in_on between d.starts_on and d.ends_on
        where u.school_id = (select current_school()) and u.load_id = in_load
    ) x
$$;

create or replace function closed_on(school bigint, load bigint, day date, employee bigint, at timestamptz) returns table (locked boolean)
language sql stable parallel safe
begin atomic
    select exists (
            select from load_audience u
            join class_period d on d.school_id = u.school_id and d.class_id = u.class_id
            where u.school_id = school and u.load_id = load and day between d.starts_on and d.ends_on and d.locked_at <= at
              and not exists (
                    select from period_request q
                    where q.school_id = school and q.load_id = load and q.period_id = d.period_id and q.employee_id = employee and q.open_until > at))
        or exists (
            select from teaching_load t
            join academic_year y on y.school_id = t.school_id and y.id = t.year_id
            where t.school_id = school and t.id = load and y.closed_at <= at) as locked;
end;

-- The diary remembers days off, and which works are ahead: both hang on systems and periods.
create trigger parallel_tells_diary after insert or update or delete on parallel for each statement execute function tell_diary();
create trigger period_tells_diary after insert or update or delete on period for each statement execute function tell_diary();
