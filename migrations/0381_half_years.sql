-- A school of quarters may sum up its half-years, too (decision 46): whether it does is said by its rules of marking, for their grades and from
-- their day. The marks stand beside those of the year; an older server, which does not know these stages, passes them by.
alter table grading_rule add column half_years boolean not null default false;
comment on column grading_rule.half_years is 'Ставят ли отметки за полугодия там, где учатся по четвертям';

alter table period_mark drop constraint period_mark_stage_known;
alter table period_mark add constraint period_mark_stage_known check (
    stage in ('period', 'half_1', 'half_2', 'year', 'exam', 'final') and (stage = 'period') = (period_id is not null));

-- Are half-years that end on a day summed up in a grade, by the rule then in force?
create function half_years_given(in_grade smallint, in_on date) returns boolean language sql stable as $$
    select coalesce((select r.half_years from grading_rule r
        where r.school_id = (select current_school()) and in_grade between r.grade_from and r.grade_to and r.valid_from <= in_on
        order by r.valid_from desc, r.id desc limit 1), false)
$$;
comment on function half_years_given(smallint, date) is 'Ставят ли в классе отметки за полугодие, которое кончается в этот день';
