-- Norms are matched by the kind of organisation too (course 2 of a college is no second grade), and some hold only in
-- certain months (the stepped regime of the first grade). The breaks and bells of a school, as rows like the others.
--
-- An older server goes on reading both tables; until it is replaced it may show a row of another kind of organisation.

alter table norm no force row level security;
alter table norm_difficulty no force row level security;

alter table norm
    -- `organisation.kind` that the row is for
    add column org_kind text not null default 'school',
    -- first and last month of the year in which it holds, both included, or the whole year; a row with months goes
    -- before one without
    add column month_from smallint,
    add column month_to smallint,
    add constraint norm_org_kind_known check (org_kind in ('kindergarten', 'school', 'college', 'extra')),
    add constraint norm_months_plausible check
        ((month_from is null) = (month_to is null) and month_from between 1 and 12 and month_to between 1 and 12),
    drop constraint norm_not_overlapping,
    add constraint norm_not_overlapping exclude using gist
        (org_kind with =, kind with =, int4range(grade_from, grade_to, '[]') with &&,
         coalesce(week_days, 0::smallint) with =, coalesce(month_from, 0::smallint) with =, level with =,
         daterange(valid_from, valid_to, '[]') with &&);

alter table norm_difficulty
    add column org_kind text not null default 'school',
    add constraint norm_difficulty_org_kind_known check (org_kind in ('kindergarten', 'school', 'college', 'extra')),
    drop constraint norm_difficulty_pkey,
    add constraint norm_difficulty_pkey primary key (org_kind, subject, grade, valid_from);

-- A college knows one figure; courses 1 to 6.
insert into norm (org_kind, kind, grade_from, grade_to, value, valid_from, level, clause, confirmed) values
    ('college', 'lessons_a_week', 1, 6, 36, '2021-03-01', 'federal', 'ФГОС СПО: учебная нагрузка не больше 36 часов в неделю', false);

-- The first grade: 35 minutes from September to December; three lessons a day in September and October.
insert into norm (kind, grade_from, grade_to, week_days, value, month_from, month_to, valid_from, level, clause, confirmed)
select kind, 1, 1, week_days, value, month_from, month_to, '2021-03-01', 'federal', clause, false
from (values
    ('lesson_minutes', null::smallint, 35, 9, 12, 'СП 2.4.3648-20, п. 3.4.16: 1 класс, сентябрь – декабрь: урок 35 минут'),
    ('lessons_a_day', null, 3, 9, 10, 'СП 2.4.3648-20, п. 3.4.16: 1 класс, сентябрь – октябрь: 3 урока в день'),
    ('lessons_one_day_with_pe', null, 3, 9, 10, 'СП 2.4.3648-20, п. 3.4.16: 1 класс, сентябрь – октябрь: 3 урока в день'),
    ('lessons_a_week', 5, 15, 9, 10, 'СП 2.4.3648-20, п. 3.4.16: 1 класс, сентябрь – октябрь: 15 часов в неделю')
) steps (kind, week_days, value, month_from, month_to, clause);

-- Bells: the long break after the second or third lesson (or two of them), at most two shifts.
insert into norm (kind, grade_from, grade_to, value, valid_from, level, clause, confirmed) values
    ('big_break_minutes', 1, 12, 20, '2021-03-01', 'federal', 'СП 2.4.3648-20, п. 3.4.16: большая перемена 20–30 минут после 2-го или 3-го урока либо две по 20', false),
    ('shifts_at_most', 0, 12, 2, '2021-03-01', 'federal', 'СП 2.4.3648-20, п. 3.4.15: не больше двух смен', false);

alter table norm force row level security;
alter table norm_difficulty force row level security;
