-- Who hears a load, whom its marks are asked of, and which pupils get a mark of a period in it: three statements had put this together each by itself
-- (what is due, marks of the year, coursework), and closing a period asks it, too.
create view load_heard with (security_invoker = true) as
    select u.school_id, c.year_id, u.load_id, min(c.grade) as grade, (array_agg(c.id order by c.grade, c.name, c.id))[1] as class_id,
        array_agg(distinct c.id) as classes,
        string_agg(c.name || coalesce(' (' || g.name || ')', ''), ', ' order by c.grade, c.name, g.name) as audience
    from load_audience u
    join class c on c.school_id = u.school_id and c.id = u.class_id
    left join subgroup g on g.school_id = u.school_id and g.id = u.subgroup_id
    group by u.school_id, c.year_id, u.load_id;
comment on view load_heard is 'Кто слушает нагрузку: классы, подгруппы, младшая параллель';

create function teacher_asked(in_school bigint, in_load bigint, in_employee bigint) returns table (employee_id bigint, teacher_name text)
language sql stable as $$
    select t.employee_id, coalesce(short_name(p.last_name, p.first_name, p.middle_name), '')
    from (select min(k.employee_id) as employee_id from load_teacher k
        where k.school_id = in_school and k.load_id = in_load and (in_employee is null or k.employee_id = in_employee)) t
    left join employee e on e.school_id = in_school and e.id = t.employee_id
    left join person p on p.id = e.person_id
$$;
comment on function teacher_asked(bigint, bigint, bigint) is 'С кого спрашивают итоговые отметки нагрузки: один из учителей или названный';

-- A load without a lesson in the period owes none, nor does a first grade that gets no marks; whoever has left before its last day gets none.
create view period_owes with (security_invoker = true) as
    select k.school_id, k.year_id, k.id as load_id, k.subject_id, k.week_hours, a.grade, a.classes, a.audience,
        d.period_id, d.starts_on, d.ends_on, d.locked_at, i.pupil_id
    from teaching_load k
    join load_heard a on a.school_id = k.school_id and a.load_id = k.id and a.year_id = k.year_id
    join load_audience u on u.school_id = k.school_id and u.load_id = k.id
    -- the pupils of each class by its own periods
    join class_period d on d.school_id = u.school_id and d.class_id = u.class_id
    join enrolment i on i.school_id = u.school_id and i.class_id = u.class_id and d.ends_on between i.starts_on and coalesce(i.ends_on, 'infinity')
    where (u.subgroup_id is null or exists (select from subgroup_member m where m.school_id = u.school_id and m.subgroup_id = u.subgroup_id
            and m.pupil_id = i.pupil_id and d.ends_on between m.starts_on and coalesce(m.ends_on, 'infinity')))
        and exists (select from organisation o where o.id = k.school_id and (o.kind = 'college' or (o.kind = 'school'
            and (a.grade >= 2 or (a.grade = 1 and first_grade_marked(d.ends_on))))))
        and exists (select from lesson l where l.school_id = k.school_id and l.load_id = k.id and l.state <> 'cancelled'
            and l.held_on between d.starts_on and d.ends_on);
comment on view period_owes is 'Кому и в каком журнале ставят отметку за период';
grant select on load_heard, period_owes to parta_app;
