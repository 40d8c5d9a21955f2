-- A topic that was written ahead does not say that a lesson took place: a day declared off afterwards takes it with it. What was held, or has marks
-- or absences, stays (they are proof); so does a lesson with a topic whose day had passed, which is written down now.
create or replace function takes_place(l lesson, of_grade smallint default null) returns boolean
language plpgsql stable parallel safe as $$
begin
    if l.state <> 'planned' then
        return l.state = 'held';
    end if;
    if not exists (
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
create or replace function takes_place_for(l lesson, of_class bigint) returns boolean
language plpgsql stable parallel safe as $$
begin
    if l.state <> 'planned' then
        return l.state = 'held';
    end if;
    return not exists (
        select from class_holiday h where h.school_id = l.school_id and h.class_id = of_class
            and l.held_on between h.starts_on and h.ends_on);
end
$$;
alter table lesson no force row level security;
alter table holiday no force row level security;
update lesson l set state = 'held'
    where l.state = 'planned' and l.topic is not null and l.held_on < current_date
      and exists (select from holiday h where h.school_id = l.school_id and l.held_on between h.starts_on and h.ends_on);
alter table lesson force row level security;
alter table holiday force row level security;

-- A class teacher asks to change reasons of absences in a closed period: of their class, whoever teaches the lessons. A question is about a journal
-- or about a class.
alter table period_request
    alter column load_id drop not null,
    add column class_id bigint,
    add constraint period_request_about_known check (num_nonnulls(load_id, class_id) = 1),
    add constraint period_request_class_fk foreign key (school_id, class_id) references class (school_id, id);
create index period_request_class on period_request (school_id, class_id);
create unique index period_request_open_class_key on period_request (school_id, period_id, class_id, employee_id)
    where answer is null and class_id is not null;
comment on column period_request.class_id is 'Класс, причины пропусков которого нужно исправить; тогда журнал не назван';

-- Are the reasons of a pupil's absences at a lesson closed to an employee? As the journal is to everybody (`closed_on`), but for whom an answered
-- question about the pupil's class lets in.
create function reasons_closed(school bigint, load bigint, day date, pupil bigint, employee bigint, at timestamptz) returns table (locked boolean)
language sql stable parallel safe
begin atomic
    select exists (
            select from load_audience u
            join class_period d on d.school_id = u.school_id and d.class_id = u.class_id
            where u.school_id = school and u.load_id = load and day between d.starts_on and d.ends_on and d.locked_at <= at
              and not exists (
                    select from period_request q
                    join enrolment e on e.school_id = q.school_id and e.class_id = q.class_id and e.pupil_id = pupil
                        and day between e.starts_on and coalesce(e.ends_on, 'infinity')
                    where q.school_id = school and q.period_id = d.period_id and q.employee_id = employee and q.open_until > at))
        or exists (
            select from teaching_load t
            join academic_year y on y.school_id = t.school_id and y.id = t.year_id
            where t.school_id = school and t.id = load and y.closed_at <= at) as locked;
end;
