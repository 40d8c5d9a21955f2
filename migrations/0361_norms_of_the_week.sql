-- How the work of a week should be shared out, from domain facts 2.4. Known at second hand only, like the peak of the week
-- (`confirmed = false`): shown with its clause, and asked of nobody until a school says so (decision 37).

-- the table is forced to its walls, which let nobody write
alter table norm no force row level security;

insert into norm (kind, grade_from, grade_to, week_days, value, valid_from, level, clause, confirmed)
select kind, 1, 11, week_days, value, '2021-03-01', level, clause, false
from (values
    -- bit n is day n from Monday: Wednesday and Thursday; the first and the last day
    ('light_days', null::smallint, 12, 'federal', 'СП 2.4.3648-20, п. 3.4.16: облегчённый день в среду или четверг'),
    ('lighter_edge_days', 5, 17, 'federal', 'СП 2.4.3648-20, п. 3.4.16: понедельник и последний день недели легче'),
    ('lighter_edge_days', 6, 33, 'federal', 'СП 2.4.3648-20, п. 3.4.16: понедельник и последний день недели легче'),
    -- how many that is, no source says
    ('homework_lessons_a_day', null, 3, 'school',
        'Настройка: предметы с большой домашней подготовкой не собираются в один день (СП 2.4.3648-20, п. 3.4.16, числа не называет)')
) norms (kind, week_days, value, level, clause);

alter table norm force row level security;
