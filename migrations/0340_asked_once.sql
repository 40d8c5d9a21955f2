-- Questions that many statements ask, each asked in one place. The planner puts them into the statement that asks (a single select, stable,
-- not strict): they cost what the same words in the statement would.

-- To whom a load is taught: «7А (Англ 1), 7Б», and the lowest grade among them; one row always, of nulls where it has no class.
create function audience_of(school bigint, load bigint) returns table (audience text, grade smallint) language sql stable parallel safe
begin atomic
    select string_agg(c.name || coalesce(' (' || g.name || ')', ''), ', ' order by c.grade, c.name, g.name), min(c.grade)
    from load_audience u
    join class c on c.school_id = u.school_id and c.id = u.class_id
    left join subgroup g on g.school_id = u.school_id and g.id = u.subgroup_id
    where u.school_id = school and u.load_id = load;
end;

-- Who is taught a load on a day; a pupil may come twice, of a class and of its subgroup.
create function taught_on(school bigint, load bigint, day date) returns table (pupil_id bigint) language sql stable parallel safe
begin atomic
    select e.pupil_id
    from load_audience u
    join enrolment e on e.school_id = u.school_id and e.class_id = u.class_id
        and day between e.starts_on and coalesce(e.ends_on, 'infinity')
    where u.school_id = school and u.load_id = load
      and (u.subgroup_id is null or exists (
            select from subgroup_member m
            where m.school_id = u.school_id and m.subgroup_id = u.subgroup_id and m.pupil_id = e.pupil_id
              and day between m.starts_on and coalesce(m.ends_on, 'infinity')));
end;

-- Is a day of a journal closed to an employee: its period is, for a class of the load, and no answered question lets them in; or the year is?
create function closed_on(school bigint, load bigint, day date, employee bigint, at timestamptz) returns table (locked boolean)
language sql stable parallel safe
begin atomic
    select exists (
            select from load_audience u
            join class c on c.school_id = u.school_id and c.id = u.class_id
            join parallel p on p.school_id = c.school_id and p.year_id = c.year_id and p.grade = c.grade
            join period d on d.school_id = p.school_id and d.system_id = p.period_system_id
            where u.school_id = school and u.load_id = load and day between d.starts_on and d.ends_on and d.locked_at <= at
              and not exists (
                    select from period_request q
                    where q.school_id = school and q.load_id = load and q.period_id = d.id and q.employee_id = employee and q.open_until > at))
        or exists (
            select from teaching_load t
            join academic_year y on y.school_id = t.school_id and y.id = t.year_id
            where t.school_id = school and t.id = load and y.closed_at <= at) as locked;
end;

-- Is a journal an employee's own: do they teach it, do they lead a class of it?
create function whose_load(school bigint, load bigint, employee bigint) returns table (own boolean, own_class boolean)
language sql stable parallel safe
begin atomic
    select exists (
            select from load_teacher t where t.school_id = school and t.load_id = load and t.employee_id = employee) as own,
        exists (
            select from load_audience u join class c on c.school_id = u.school_id and c.id = u.class_id
            where u.school_id = school and u.load_id = load and c.class_teacher_id = employee) as own_class;
end;

-- «Иванова А. С.», «Иванова Анна Сергеевна». A dash stands where a first name is not known (`base::name`): it is shown to nobody.
create function short_name(family text, given text, middle text) returns text language sql stable parallel safe
    return concat_ws(' ', family, nullif(nullif(left(given, 1), '—'), '') || '.', nullif(left(middle, 1), '') || '.');
create function full_name(family text, given text, middle text) returns text language sql stable parallel safe
    return concat_ws(' ', family, nullif(given, '—'), nullif(middle, ''));

-- Who teaches a load: «Иванова А. С., Петров Б. В.»; nulls as above.
create function teachers_of(school bigint, load bigint) returns table (names text) language sql stable parallel safe
begin atomic
    select string_agg(short_name(p.last_name, p.first_name, p.middle_name), ', ' order by p.last_name, p.first_name)
    from load_teacher t
    join employee e on e.school_id = t.school_id and e.id = t.employee_id
    join person p on p.id = e.person_id
    where t.school_id = school and t.load_id = load;
end;

-- Does an employee lead a class in which the pupil is on one of these days?
create function leads_pupil(school bigint, pupil bigint, employee bigint, first date, last date) returns table (leads boolean)
language sql stable parallel safe
begin atomic
    select exists (
        select from enrolment e join class c on c.school_id = e.school_id and c.id = e.class_id
        where e.school_id = school and e.pupil_id = pupil and c.class_teacher_id = employee
          and e.starts_on <= last and coalesce(e.ends_on, 'infinity') >= first) as leads;
end;
