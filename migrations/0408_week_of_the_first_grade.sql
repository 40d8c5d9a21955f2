-- The first grade has a week of five days; in a school of six its caps are the same, and a week of six days is a fault of its own.
alter table norm no force row level security;
insert into norm (kind, grade_from, grade_to, week_days, value, month_from, month_to, valid_from, level, clause, confirmed)
select kind, 1, 1, week_days, value, month_from, month_to, '2021-03-01', 'federal', clause, false
from (values
    ('week_days_at_most', null::smallint, 5, null::smallint, null::smallint, 'СП 2.4.3648-20, п. 3.4.16: 1 классы учатся пять дней в неделю'),
    ('lessons_a_week', 6, 21, null, null, 'СанПиН 1.2.3685-21, табл. 6.6: недельная образовательная нагрузка, 1 класс (только пятидневка)'),
    ('lessons_a_week', 6, 15, 9, 10, 'СП 2.4.3648-20, п. 3.4.16: 1 класс, сентябрь – октябрь: 15 часов в неделю')
) rows (kind, week_days, value, month_from, month_to, clause);
alter table norm force row level security;
