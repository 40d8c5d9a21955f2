-- A guardian signs a week with its marks and its absences: five «н» that were entered after the word are a change as a corrected mark is. One function
-- for the three places that ask, so that they cannot differ again.
create function week_changed(school bigint, pupil bigint, first_day date, since timestamptz) returns boolean language sql stable parallel safe
    return exists (
            select from mark m
            join assignment a on a.school_id = school and a.id = m.assignment_id
            join lesson l on l.school_id = school and l.id = a.lesson_id and l.held_on between first_day and first_day + 6
            where m.school_id = school and m.pupil_id = pupil and m.changed_at > since)
        or exists (
            -- who was noted as there from the first was never told otherwise; a lesson that fell out shows no absence
            select from attendance t
            join lesson l on l.school_id = school and l.id = t.lesson_id and l.held_on between first_day and first_day + 6 and l.state <> 'cancelled'
            where t.school_id = school and t.pupil_id = pupil and t.changed_at > since and (t.code is not null or t.version > 1));
comment on function week_changed(bigint, bigint, date, timestamptz) is 'Изменились ли отметки или посещаемость недели после того, как её видели';
