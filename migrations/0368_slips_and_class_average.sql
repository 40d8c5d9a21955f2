-- Within how many hours a mark that is given anew is a slip that was mended and no rewriting: the school's to say, by its rules of marks, with
-- the day from which it holds (decision 40). Twelve hours, as it was, where nobody has said it.
alter table grading_rule
    add column slip_hours smallint not null default 12,
    add constraint grading_rule_slip_hours_plausible check (slip_hours between 0 and 168);
comment on column grading_rule.slip_hours is 'Столько часов после отметки её правка — исправление описки, а не переписанная отметка; 0 — любая правка считается переписанной';

-- By the rule that judges the period of the lesson (decision 15): the one in force on its last day, for the lowest grade of the audience. The school
-- comes with the row: who mends rows by hand has none of their own.
create function slip_hours_of(school bigint, assignment bigint) returns smallint language sql stable parallel safe
begin atomic
    select coalesce((
        select r.slip_hours
        from assignment a
        join lesson l on l.school_id = a.school_id and l.id = a.lesson_id
        join load_audience u on u.school_id = l.school_id and u.load_id = l.load_id
        join class c on c.school_id = u.school_id and c.id = u.class_id
        left join class_period d on d.school_id = c.school_id and d.class_id = c.id and l.held_on between d.starts_on and d.ends_on
        join grading_rule r on r.school_id = c.school_id and c.grade between r.grade_from and r.grade_to
            and r.valid_from <= coalesce(d.ends_on, l.held_on)
        where a.school_id = school and a.id = assignment
        order by c.grade, r.valid_from desc, r.id desc limit 1), 12::smallint);
end;
comment on function slip_hours_of(bigint, bigint) is 'Сколько часов правка отметки этой работы — исправление описки';

create or replace function mark_was_rewritten() returns trigger language plpgsql as $$
begin
    if new.code is null then
        new.replaced_code := null;
    elsif old.code is not null and new.code <> old.code
        and new.changed_at - old.changed_at > make_interval(hours => slip_hours_of(new.school_id, new.assignment_id)) then
        new.replaced_code := old.code;
    end if;
    return new;
end
$$;

-- How many pupils stand behind the average of a class: those whose marks it counts, and so what a mark counts is told here too. The one without
-- it stays for a server of before.
create function class_average_pupils(in_loads bigint[], in_from date, in_until date,
    in_scales bigint[], in_codes text[], in_values bigint[]) returns bigint
language sql stable set "app.pupils" = '' as $$
    select case when count(distinct m.pupil_id) >= 5 then count(distinct m.pupil_id) end
    from lesson l
    join assignment a on a.school_id = l.school_id and a.lesson_id = l.id and a.weight > 0
    join mark m on m.school_id = l.school_id and m.assignment_id = a.id
    join unnest(in_scales, in_codes, in_values) i (scale_id, code, value)
        on i.scale_id = m.scale_id and i.code = m.code and i.value is not null
    where l.school_id = (select current_school()) and l.load_id = any (in_loads) and l.held_on between in_from and in_until
$$;
comment on function class_average_pupils(bigint[], date, date, bigint[], text[], bigint[])
    is 'У скольких учеников есть отметки, из которых сложился средний балл класса; если их пять и больше';
