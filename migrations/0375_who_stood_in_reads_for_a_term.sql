-- Who stood in at one lesson read the journal of the class for ever (decision 43). Now until so many days after the last of these lessons, and
-- longer only while something of one of them is owed that can still be written. The function without a term stays for a server of before.
create function stands_in(school bigint, load bigint, employee bigint, today date, days integer, at timestamptz) returns boolean
language sql stable parallel safe
begin atomic
    select exists (
        select from lesson l
        where l.school_id = school and l.load_id = load and l.substitute_id = employee and l.held_on >= today - days)
    or exists (
        select from lesson l
        cross join lateral closed_on(school, load, l.held_on, employee, at) k
        join teaching_load t on t.school_id = school and t.id = load
        -- the deadlines speak of the running year alone
        join academic_year y on y.school_id = school and y.id = t.year_id and today <= y.ends_on
        where l.school_id = school and l.load_id = load and l.substitute_id = employee and l.held_on < today - days
          and takes_place(l) and not k.locked
          and (l.topic is null
            or exists (select from assignment a where a.school_id = school and a.lesson_id = l.id
                and not exists (select from mark m where m.school_id = school and m.assignment_id = a.id and (m.code is not null or m.owed)))
            or (coalesce((select r.homework_each from deadline_rule r where r.school_id = school and r.valid_from <= l.held_on
                    order by r.valid_from desc limit 1), false)
                and (select min(c.grade) from load_audience u join class c on c.school_id = school and c.id = u.class_id
                    where u.school_id = school and u.load_id = load) >= 2
                and not exists (select from homework h where h.school_id = school and h.lesson_id = l.id))));
end;
comment on function stands_in(bigint, bigint, bigint, date, integer, timestamptz)
    is 'Читает ли заменяющий журнал: столько дней после последней замены или пока за ним что-то не записано';
