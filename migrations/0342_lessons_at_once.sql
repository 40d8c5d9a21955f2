-- A timetable is published as some thirty thousand lessons in one statement. That each lies inside its year was asked lesson by lesson, a
-- fifth of the whole time; of what is inserted it is asked once, of all of it.
create or replace function lesson_inside_year() returns trigger language plpgsql as $$
declare
    outside boolean;
begin
    if tg_op = 'INSERT' then
        select exists (
            select from added a
            left join teaching_load l on l.school_id = a.school_id and l.id = a.load_id
            left join academic_year y on y.school_id = l.school_id and y.id = l.year_id
            where (a.held_on between y.starts_on and y.ends_on) is not true) into outside;
    else
        select not exists (
            select from teaching_load l
            join academic_year y on y.school_id = l.school_id and y.id = l.year_id
            where l.school_id = new.school_id and l.id = new.load_id and new.held_on between y.starts_on and y.ends_on) into outside;
    end if;
    if outside then
        raise exception 'lesson outside its academic year'
            using errcode = 'check_violation', constraint = 'lesson_inside_year';
    end if;
    return new;
end
$$;
drop trigger lesson_inside_year on lesson;
create trigger lesson_inside_year before update of held_on, load_id on lesson
    for each row execute function lesson_inside_year();
create trigger lessons_inside_year after insert on lesson referencing new table as added
    for each statement execute function lesson_inside_year();
