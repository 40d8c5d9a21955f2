-- The sanitary norms of the timetable as dated rows, from domain facts 2.4. Nothing here is confirmed against the
-- legal text yet (`confirmed = false`) except the weekly caps; a screen that applies a row shows its clause and says
-- whether it is confirmed. The next edition of a norm closes the row (`valid_to`) and adds another.

-- the tables are forced to their walls, which let nobody write
alter table norm no force row level security;
alter table norm_difficulty no force row level security;

-- Weekly caps (the largest weekly load), by the length of the week.
insert into norm (kind, grade_from, grade_to, week_days, value, valid_from, level, clause, confirmed)
select 'lessons_a_week', grade_from, grade_to, week_days, value, '2021-03-01', 'federal',
    'СанПиН 1.2.3685-21, табл. 6.6: недельная образовательная нагрузка', true
from (values
    (1, 1, 5, 21), (2, 4, 5, 23), (5, 5, 5, 29), (6, 6, 5, 30), (7, 7, 5, 32), (8, 9, 5, 33), (10, 11, 5, 34),
    (2, 4, 6, 26), (5, 5, 6, 32), (6, 6, 6, 33), (7, 7, 6, 35), (8, 9, 6, 36), (10, 11, 6, 37)
) caps (grade_from, grade_to, week_days, value);

-- Lessons a day, and the one longer day with physical education.
insert into norm (kind, grade_from, grade_to, week_days, value, valid_from, level, clause, confirmed)
select kind, grade_from, grade_to, week_days, value, '2021-03-01', 'federal', clause, false
from (values
    ('lessons_a_day', 1, 1, null::smallint, 4, 'СанПиН 1.2.3685-21, табл. 6.6: уроков в день, 1 класс'),
    ('lessons_a_day', 2, 4, null, 5, 'СанПиН 1.2.3685-21, табл. 6.6: уроков в день, 2–4 классы'),
    ('lessons_a_day', 5, 6, null, 6, 'СанПиН 1.2.3685-21, табл. 6.6: уроков в день, 5–6 классы'),
    ('lessons_a_day', 7, 11, null, 7, 'СанПиН 1.2.3685-21, табл. 6.6: уроков в день, 7–11 классы'),
    ('lessons_one_day_with_pe', 1, 1, null, 5, 'СанПиН 1.2.3685-21, табл. 6.6: один день в неделю за счёт физкультуры, 1 класс'),
    ('lessons_one_day_with_pe', 2, 4, 6, 6, 'СанПиН 1.2.3685-21, табл. 6.6: один день за счёт физкультуры при шестидневке, 2–4 классы'),
    -- minutes after midnight
    ('first_bell_not_before', 0, 12, null, 480, 'СП 2.4.3648-20, п. 3.4.16: занятия не раньше 8:00, без нулевых уроков'),
    ('last_bell_not_after', 0, 12, null, 1140, 'СП 2.4.3648-20, п. 3.4.16: вторая смена до 19:00'),
    ('lesson_minutes', 1, 1, null, 40, 'СП 2.4.3648-20, п. 3.4.16: урок в 1 классе (35 минут с сентября по декабрь)'),
    ('lesson_minutes', 2, 12, null, 45, 'СП 2.4.3648-20, п. 3.4.16: урок не дольше 45 минут'),
    ('break_minutes', 1, 12, null, 10, 'СП 2.4.3648-20, п. 3.4.16: перемена не короче 10 минут'),
    ('first_shift_only', 1, 1, null, 1, 'СП 2.4.3648-20, п. 3.4.15: 1 классы учатся в первую смену'),
    ('first_shift_only', 5, 5, null, 1, 'СП 2.4.3648-20, п. 3.4.15: 5 классы учатся в первую смену'),
    ('first_shift_only', 9, 11, null, 1, 'СП 2.4.3648-20, п. 3.4.15: 9–11 классы учатся в первую смену'),
    -- the lessons of the day at which hard subjects belong
    ('hard_lesson_from', 1, 11, null, 2, 'СП 2.4.3648-20, п. 3.4.16: трудные предметы не на первом уроке'),
    ('hard_lesson_to', 1, 4, null, 3, 'СП 2.4.3648-20, п. 3.4.16: трудные предметы на 2–3 уроках (начальная школа)'),
    ('hard_lesson_to', 5, 11, null, 4, 'СП 2.4.3648-20, п. 3.4.16: трудные предметы на 2–4 уроках'),
    -- bit n is day n from Monday: Tuesday and Wednesday
    ('peak_days', 1, 11, null, 6, 'СП 2.4.3648-20, п. 3.4.16: наибольшая трудность во вторник или среду')
) norms (kind, grade_from, grade_to, week_days, value, clause);

-- Not the law but usual settings of schools: shown as such, a school changes them with rows of its level.
insert into norm (kind, grade_from, grade_to, week_days, value, valid_from, level, clause, confirmed)
select kind, grade_from, grade_to, null, value, '2021-03-01', 'school', clause, false
from (values
    ('hard_points_from', 1, 4, 7, 'Настройка: трудный предмет — от 7 баллов (1–4 классы)'),
    ('hard_points_from', 5, 11, 8, 'Настройка: трудный предмет — от 8 баллов (5–11 классы)'),
    ('subject_a_day', 1, 12, 1, 'Настройка: один предмет не повторяется в течение дня')
) norms (kind, grade_from, grade_to, value, clause);

-- Difficulty, points of a lesson. Keys are those of `subject.template`.
insert into norm_difficulty (subject, grade, points, valid_from, clause)
select subject, grade, points, '2021-03-01', 'СанПиН 1.2.3685-21, табл. 6.9: шкала трудности, 1–4 классы'
from (values
    ('математика', 8), ('русский', 7), ('иностранный', 7), ('природоведение', 6), ('информатика', 6), ('литература', 5),
    ('история', 4), ('изо', 3), ('музыка', 3), ('труд', 2), ('физкультура', 1)
) points (subject, points)
cross join generate_series(1, 4) grade;

-- null: the scale has no figure for the grade
insert into norm_difficulty (subject, grade, points, valid_from, clause)
select subject, grade, points, '2021-03-01', 'СанПиН 1.2.3685-21, табл. 6.10: шкала трудности, 5–9 классы'
from (values
    ('химия', null, null, 13, 10, 12), ('геометрия', null, null, 12, 10, 8), ('физика', null, null, 8, 9, 13),
    ('алгебра', null, null, 10, 9, 7), ('экономика', null, null, null, null, 11), ('черчение', null, null, null, 5, 4),
    ('мхк', null, null, 8, 5, 5), ('биология', 10, 8, 7, 7, 7), ('математика', 10, 13, null, null, null),
    ('иностранный', 9, 11, 10, 8, 9), ('русский', 8, 12, 11, 7, 6), ('краеведение', 7, 9, 5, 5, null),
    ('природоведение', 7, 8, null, null, null), ('география', null, 7, 6, 6, 5), ('обществознание', 6, 9, 9, 5, null),
    ('история', 5, 8, 6, 8, 10), ('ритмика', 4, 4, null, null, null), ('труд', 4, 3, 2, 1, 4),
    ('литература', 4, 6, 4, 4, 7), ('изо', 3, 3, 1, 3, null), ('физкультура', 3, 4, 2, 2, 2),
    ('экология', 3, 3, 3, 6, 1), ('музыка', 2, 1, 1, 1, null), ('информатика', 4, 10, 4, 7, 7), ('обж', 1, 2, 3, 3, 3)
) scale (subject, g5, g6, g7, g8, g9)
cross join lateral (values (5, g5), (6, g6), (7, g7), (8, g8), (9, g9)) by_grade (grade, points)
where points is not null;

insert into norm_difficulty (subject, grade, points, valid_from, clause)
select subject, grade, points, '2021-03-01', 'СанПиН 1.2.3685-21, табл. 6.11: шкала трудности, 10–11 классы'
from (values
    ('физика', 12), ('геометрия', 11), ('химия', 11), ('алгебра', 10), ('русский', 9), ('литература', 8),
    ('иностранный', 8), ('биология', 7), ('информатика', 6), ('экономика', 6), ('история', 5), ('обществознание', 5),
    ('мхк', 5), ('астрономия', 4), ('география', 3), ('экология', 3), ('обж', 2), ('краеведение', 2), ('физкультура', 1)
) points (subject, points)
cross join generate_series(10, 11) grade;

alter table norm force row level security;
alter table norm_difficulty force row level security;
