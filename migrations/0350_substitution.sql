-- Another teacher gives a lesson («замена»). Whose the journal is does not change by it: `employee_id` stays who gives it by the timetable, and
-- taking the substitution back is one null. The reason is the school's own, as that of a cancellation.

alter table lesson
    add column substitute_id bigint,
    add column substitute_reason text,
    add constraint lesson_substitute_fk foreign key (school_id, substitute_id) references employee (school_id, id),
    add constraint lesson_substitute_reason_text_length check (char_length(substitute_reason) between 3 and 200),
    add constraint lesson_substitute_reason_plausible check (substitute_reason is null or substitute_id is not null);
create index lesson_substitute on lesson (school_id, substitute_id);
comment on column lesson.substitute_id is 'Замена: кто ведёт урок вместо учителя нагрузки';
comment on column lesson.substitute_reason is 'Почему замена; видит школа, не семья';

-- Is a lesson an employee's own: do they teach its load, or stand in at this lesson?
create function whose_lesson(school bigint, load bigint, substitute bigint, employee bigint) returns table (own boolean, own_class boolean)
language sql stable parallel safe
begin atomic
    select w.own or coalesce(substitute = employee, false) as own, w.own_class from whose_load(school, load, employee) w;
end;

-- Does an employee stand in at some lesson of a load? They read its journal.
create function stands_in(school bigint, load bigint, employee bigint) returns boolean language sql stable parallel safe
    return exists (
        select from lesson l where l.school_id = school and l.load_id = load and l.substitute_id = employee);
