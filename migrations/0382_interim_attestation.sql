-- Interim attestation (промежуточная аттестация): a mark of a subject and year beside that of the year, in a form that is said for each journal
-- (decision 46). Whether it is given, and whether it enters the mark of the year as one more period, is said by the rules of marking.
alter table grading_rule
    add column interim text not null default 'none',
    add constraint grading_rule_interim_known check (interim in ('none', 'apart', 'period'));
comment on column grading_rule.interim is 'Промежуточная аттестация: не ставится, отдельно от годовой, входит в годовую как ещё один период';

alter table period_mark drop constraint period_mark_stage_known;
alter table period_mark add constraint period_mark_stage_known check (
    stage in ('period', 'half_1', 'half_2', 'interim', 'year', 'exam', 'final') and (stage = 'period') = (period_id is not null));

-- A journal without a form has no interim attestation: nobody is asked for its marks.
alter table teaching_load
    add column interim_form text,
    add constraint teaching_load_interim_form_text_length check (char_length(interim_form) between 2 and 60);
comment on column teaching_load.interim_form is 'Форма промежуточной аттестации: контрольная работа, зачёт, проект';

-- Is there interim attestation in a grade in a year that ends on a day, by the rule then in force?
create function interim_given(in_grade smallint, in_on date) returns boolean language sql stable as $$
    select coalesce((select r.interim <> 'none' from grading_rule r
        where r.school_id = (select current_school()) and in_grade between r.grade_from and r.grade_to and r.valid_from <= in_on
        order by r.valid_from desc, r.id desc limit 1), false)
$$;
comment on function interim_given(smallint, date) is 'Проводят ли в классе промежуточную аттестацию в году, который кончается в этот день';
