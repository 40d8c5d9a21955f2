//! What the database refuses whatever the code asks: one statement of nonsense for each constraint that means more than
//! the shape of a value, with the name it is refused by and the words that a person reads.
//!
//! A new constraint gets its line in [`NONSENSE`], or [`every_constraint_that_means_something_is_tried`] names it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "the helpers of tests fail as tests do"
)]

use base::sql::{Failure, to_app};
use base::{AppError, Lang};
use server::commands::database::MIGRATIONS;
use server::postgres::testing::TestDatabase;
use sqlx::{Executor as _, Row as _};

/// A constraint, what breaks it in the school of `base/fixtures/small.sql`, and what a person reads: field and text.
type Line = (&'static str, &'static str, &'static str, &'static str);

const ORDER: &str = "Конец раньше начала.";
const OUTSIDE: &str = "Даты выходят за учебный год.";
const YEARS: &str = "Записи относятся к разным учебным годам.";
const OVERLAP: &str = "Даты пересекаются с другой записью.";
const MISSING: &str = "Запись, на которую вы ссылаетесь, удалена или недоступна. Обновите страницу.";

/// The year before, with a class and a load of its own, and a draft: what the fixture has no two of.
const MORE: &str = "
    insert into academic_year (school_id, id, title, starts_on, ends_on) values (10, 7, '2025/26', '2025-09-01', '2026-08-31');
    insert into period_system (school_id, id, year_id, kind, title) values (10, 7, 7, 'quarter', 'Четверти');
    insert into parallel (school_id, year_id, grade, period_system_id) values (10, 7, 6, 7);
    insert into class (school_id, id, year_id, grade, name) values (10, 107, 7, 6, '6А');
    insert into teaching_load (school_id, id, year_id, subject_id, week_hours) values (10, 507, 7, 400, 5);
    insert into subgroup (school_id, id, class_id, name, split) values (10, 152, 101, 'Англ 1', 'Англ');
    insert into account (person_id, login, phone, password_hash, created_at, password_changed_at) values
        (1, 'zavuch', '79000000001', 'x', '2026-09-01Z', '2026-09-01Z')";

const NONSENSE: &[Line] = &[
    // only a lesson that is cancelled has a reason for it
    (
        "lesson_cancel_reason_plausible",
        "update lesson set cancel_reason = 'Мороз' where school_id = 10 and id = 701",
        "",
        "Значение вне допустимых пределов.",
    ),
    // only where somebody stands in there is a reason for it, and nobody of another school does
    (
        "lesson_substitute_reason_plausible",
        "update lesson set substitute_reason = 'Болезнь' where school_id = 10 and id = 701",
        "",
        "Значение вне допустимых пределов.",
    ),
    // a notice is of a child, or a person's own
    (
        "notice_whose_plausible",
        "insert into notice (school_id, kind, at, new) values (10, 'cancellation', '2026-11-16Z', 'cancelled')",
        "",
        "Значение вне допустимых пределов.",
    ),
    // the year is closed by somebody, for a reason
    (
        "period_system_year_lock_plausible",
        "update period_system set year_locked_at = '2027-05-25Z' where school_id = 10 and id = 5",
        "",
        "Значение вне допустимых пределов.",
    ),
    // a class learns from home in one way at a time
    (
        "distance_span_dates_ordered",
        "insert into distance_span (school_id, class_id, starts_on, ends_on, format, changed_by, changed_at)
         values (10, 100, '2026-11-20', '2026-11-19', 'distance', 1, '2026-11-16Z')",
        "",
        ORDER,
    ),
    (
        "distance_span_not_overlapping",
        "insert into distance_span (school_id, class_id, starts_on, ends_on, format, changed_by, changed_at)
         values (10, 100, '2026-11-19', '2026-11-20', 'distance', 1, '2026-11-16Z'), (10, 100, '2026-11-20', '2026-11-27', 'mixed', 1, '2026-11-16Z')",
        "",
        OVERLAP,
    ),
    // a pupil is exempt from a subject by one paper at a time
    (
        "exemption_dates_ordered",
        "insert into exemption (school_id, pupil_id, subject_id, starts_on, ends_on, attends, document_kind, made_by, made_at)
         values (10, 1001, 400, '2026-11-20', '2026-11-19', false, 'certificate', 2, '2026-11-16Z')",
        "",
        ORDER,
    ),
    (
        "exemption_not_overlapping",
        "insert into exemption (school_id, pupil_id, subject_id, starts_on, ends_on, attends, document_kind, made_by, made_at)
         values (10, 1001, 400, '2026-11-16', '2026-11-20', false, 'certificate', 2, '2026-11-16Z'),
            (10, 1001, 400, '2026-11-20', '2026-11-27', true, 'certificate', 2, '2026-11-16Z')",
        "",
        OVERLAP,
    ),
    // a pupil is in one place
    (
        "enrolment_one_class_at_a_time",
        "insert into enrolment (school_id, pupil_id, class_id, starts_on) values (10, 1001, 101, '2026-12-01')",
        "class",
        "Ученик в эти даты уже числится в классе.",
    ),
    (
        "subgroup_member_one_of_split",
        "insert into subgroup_member (school_id, subgroup_id, pupil_id, starts_on) values (10, 151, 1001, '2026-12-01')",
        "subgroup",
        "Ученик уже в другой подгруппе этого деления.",
    ),
    (
        "subgroup_member_one_of_split",
        "update subgroup_member set subgroup_id = 151 where pupil_id = 1001;
         insert into subgroup_member (school_id, subgroup_id, pupil_id, starts_on) values (10, 150, 1001, '2026-12-01')",
        "subgroup",
        "Ученик уже в другой подгруппе этого деления.",
    ),
    (
        "subgroup_member_not_twice",
        "insert into subgroup_member (school_id, subgroup_id, pupil_id, starts_on) values (10, 150, 1001, '2026-12-01')",
        "subgroup",
        "Ученик уже в этой подгруппе.",
    ),
    // everything lies in its year
    (
        "lesson_inside_year",
        "insert into lesson (school_id, load_id, held_on, slot) values (10, 500, '2027-09-01', 0)",
        "date",
        "Дата урока — за пределами учебного года.",
    ),
    (
        "lesson_inside_year",
        "update lesson set held_on = '2026-08-31' where school_id = 10 and id = 700",
        "date",
        "Дата урока — за пределами учебного года.",
    ),
    (
        "lesson_inside_year",
        "update lesson set load_id = 507 where school_id = 10 and id = 701",
        "date",
        "Дата урока — за пределами учебного года.",
    ),
    (
        "period_inside_year",
        "insert into period (school_id, system_id, number, starts_on, ends_on) values (10, 5, 5, '2027-08-30', '2027-09-01')",
        "",
        OUTSIDE,
    ),
    (
        "period_inside_year",
        "update period set starts_on = '2026-08-31' where school_id = 10 and id = 1",
        "",
        OUTSIDE,
    ),
    (
        "holiday_inside_year",
        "insert into holiday (school_id, year_id, title, starts_on, ends_on) values (10, 5, 'Летние', '2027-08-01', '2027-09-01')",
        "",
        OUTSIDE,
    ),
    (
        "holiday_inside_year",
        "insert into holiday (school_id, year_id, title, starts_on, ends_on) values (10, 6, 'Осенние', '2026-10-26', '2026-11-01')",
        "",
        OUTSIDE,
    ),
    (
        "load_audience_same_year",
        "insert into load_audience (school_id, load_id, class_id) values (10, 500, 107)",
        "",
        YEARS,
    ),
    (
        "load_audience_same_year",
        "update load_audience set load_id = 507 where school_id = 10 and load_id = 500",
        "",
        YEARS,
    ),
    (
        "card_same_year",
        "insert into card (school_id, version_id, load_id) values (10, 600, 507)",
        "",
        YEARS,
    ),
    (
        "card_same_year",
        "update card set load_id = 507 where school_id = 10 and id = 1",
        "",
        YEARS,
    ),
    // a class, and days off, go by a system of their year; days off are of a grade or of a system
    (
        "class_period_system_same_year",
        "update class set period_system_id = 7 where school_id = 10 and id = 100",
        "",
        YEARS,
    ),
    (
        "holiday_system_same_year",
        "insert into holiday (school_id, year_id, title, starts_on, ends_on, system_id) values (10, 5, 'Модули', '2026-10-26', '2026-11-01', 7)",
        "",
        YEARS,
    ),
    (
        "holiday_audience_plausible",
        "insert into holiday (school_id, year_id, title, starts_on, ends_on, system_id, grade)
         values (10, 5, 'Модули', '2026-10-26', '2026-11-01', 5, 7)",
        "",
        "Значение вне допустимых пределов.",
    ),
    // rules of marking: from one day one for a grade
    (
        "grading_rule_grades_ordered",
        "insert into grading_rule (school_id, grade_from, grade_to, valid_from, weighted, five_from, four_from, three_from, year_up,
             first_grade, class_average, rewritten, act_number, act_date, changed_by, changed_at)
         values (10, 9, 5, '2026-09-01', true, 450, 350, 250, 50, false, false, 'new', '1', '2026-08-30', 1, '2026-08-30 12:00Z')",
        "",
        ORDER,
    ),
    (
        "grading_rule_one_a_day",
        "insert into grading_rule (school_id, grade_from, grade_to, valid_from, weighted, five_from, four_from, three_from, year_up,
             first_grade, class_average, rewritten, act_number, act_date, changed_by, changed_at)
         select 10, g, g + 2, '2026-09-01', true, 450, 350, 250, 50, false, false, 'new', '1', '2026-08-30', 1, '2026-08-30 12:00Z'
         from generate_series(5, 7, 2) g",
        "valid_from",
        "С этой даты для этих классов уже есть правило. Выберите другую дату или другие классы.",
    ),
    (
        "mark_scale_item_counts_as_plausible",
        "update mark_scale_item set counts_as = 5 where school_id = 10 and scale_id = 1 and code = 'зч'",
        "",
        "Значение вне допустимых пределов.",
    ),
    (
        "results_scale_scale_fk",
        "insert into results_scale (school_id, scale_id) values (10, 2)",
        "",
        MISSING,
    ),
    // marks and absences are what the school knows, of its own lessons and pupils
    (
        "mark_on_scale",
        "insert into mark (school_id, assignment_id, pupil_id, scale_id, code, changed_by, changed_at)
         values (10, 800, 1001, 1, '6', 2, '2026-11-16 12:00Z')",
        "mark",
        "Такой отметки нет в шкале.",
    ),
    (
        "mark_assignment_fk",
        "insert into mark (school_id, assignment_id, pupil_id, scale_id, code, changed_by, changed_at)
         values (10, 810, 1001, 1, '5', 2, '2026-11-16 12:00Z')",
        "",
        MISSING,
    ),
    (
        "mark_pupil_fk",
        "insert into mark (school_id, assignment_id, pupil_id, scale_id, code, changed_by, changed_at)
         values (10, 800, 2001, 1, '5', 2, '2026-11-16 12:00Z')",
        "",
        MISSING,
    ),
    (
        "mark_pkey",
        "insert into mark (school_id, assignment_id, pupil_id, scale_id, code, changed_by, changed_at)
         select 10, 800, 1001, 1, code, 2, '2026-11-16 12:00Z' from unnest(array['5', '4']) c (code)",
        "",
        "Такая запись уже есть.",
    ),
    (
        "mark_owed_until_of_a_debt",
        "insert into mark (school_id, assignment_id, pupil_id, scale_id, owed_until, changed_by, changed_at)
         values (10, 800, 1001, 1, '2026-11-27', 2, '2026-11-16 12:00Z')",
        "until",
        "Срок сдачи бывает только у работы с точкой.",
    ),
    (
        "mark_handed_in_with_a_mark",
        "insert into mark (school_id, assignment_id, pupil_id, scale_id, owed, handed_in, changed_by, changed_at)
         values (10, 800, 1001, 1, true, '2026-11-18', 2, '2026-11-16 12:00Z')",
        "handed_in",
        "Работа с точкой сдана, когда за неё стоит отметка.",
    ),
    (
        "grading_rule_owed_days_plausible",
        "insert into grading_rule (school_id, grade_from, grade_to, valid_from, weighted, five_from, four_from, three_from, year_up,
             first_grade, class_average, rewritten, act_number, act_date, changed_by, changed_at, owed_days)
         values (10, 5, 9, '2026-09-01', true, 450, 350, 250, 50, false, false, 'new', '1', '2026-08-30', 1, '2026-08-30 12:00Z', 0)",
        "",
        "Значение вне допустимых пределов.",
    ),
    (
        "grading_rule_slip_hours_plausible",
        "insert into grading_rule (school_id, grade_from, grade_to, valid_from, weighted, five_from, four_from, three_from, year_up,
             first_grade, class_average, rewritten, act_number, act_date, changed_by, changed_at, slip_hours)
         values (10, 5, 9, '2026-09-01', true, 450, 350, 250, 50, false, false, 'new', '1', '2026-08-30', 1, '2026-08-30 12:00Z', 169)",
        "",
        "Значение вне допустимых пределов.",
    ),
    (
        "attendance_known_code",
        "insert into attendance (school_id, lesson_id, pupil_id, code, changed_by, changed_at)
         values (10, 700, 1001, 'я', 2, '2026-11-16 12:00Z')",
        "mark",
        "Такого кода посещаемости нет.",
    ),
    (
        "attendance_lesson_fk",
        "insert into attendance (school_id, lesson_id, pupil_id, code, changed_by, changed_at)
         values (10, 710, 1001, 'н', 2, '2026-11-16 12:00Z')",
        "",
        MISSING,
    ),
    (
        "assignment_lesson_fk",
        "insert into assignment (school_id, lesson_id, work_type_id, scale_id, weight) values (10, 710, 1, 1, 1)",
        "",
        MISSING,
    ),
    (
        "homework_lesson_fk",
        "insert into homework (school_id, load_id, lesson_id, text) values (10, 501, 700, '§ 7')",
        "",
        MISSING,
    ),
    (
        "lesson_place_key",
        "insert into lesson (school_id, load_id, held_on, slot) values (10, 500, '2026-11-16', 0)",
        "date",
        "На это время такой урок уже есть.",
    ),
    // the timetable
    (
        "load_audience_subgroup_of_class_fk",
        "insert into load_audience (school_id, load_id, class_id, subgroup_id) values (10, 501, 100, 152)",
        "",
        MISSING,
    ),
    (
        "card_place_whole",
        "update card set slot = null where school_id = 10 and id = 1",
        "",
        "У карточки должны быть и день, и урок.",
    ),
    (
        "timetable_version_one_in_force",
        "insert into timetable_version (school_id, year_id, title, state, valid_from, day_names, slot_names, changed_at)
         values (10, 5, 'Ещё одно', 'published', '2026-12-01', '{Пн}', '{1}', '2026-11-16 12:00Z')",
        "valid_from",
        "На эти даты уже действует другая опубликованная версия расписания.",
    ),
    (
        "timetable_version_published_has_date",
        "insert into timetable_version (school_id, year_id, title, state, day_names, slot_names, changed_at)
         values (10, 5, 'Без даты', 'published', '{Пн}', '{1}', '2026-11-16 12:00Z')",
        "valid_from",
        "Укажите, с какой даты действует расписание.",
    ),
    (
        "timetable_version_dates_ordered",
        "update timetable_version set valid_to = '2026-08-31' where school_id = 10 and id = 600",
        "",
        ORDER,
    ),
    (
        "unavailability_of_one_thing",
        "insert into unavailability (school_id, year_id, employee_id, room_id, day, slot) values (10, 5, 1200, 300, 0, 0)",
        "",
        "Недоступное время указывается для одного: учителя, класса, кабинета или предмета.",
    ),
    (
        "unavailability_of_one_thing",
        "insert into unavailability (school_id, year_id, subject_id, load_id, day, slot) values (10, 5, 400, 500, 0, 0)",
        "",
        "Недоступное время указывается для одного: учителя, класса, кабинета или предмета.",
    ),
    (
        "unavailability_dates_ordered",
        "insert into unavailability (school_id, year_id, employee_id, day, slot, valid_from, valid_to)
         values (10, 5, 1200, 0, 0, '2026-12-02', '2026-12-01')",
        "",
        ORDER,
    ),
    (
        "requirement_dates_ordered",
        "insert into requirement (school_id, kind, weight, valid_from, valid_to, changed_by, changed_at)
         values (10, 'series', 'very', '2026-12-02', '2026-12-01', 1, '2026-11-16 12:00Z')",
        "",
        ORDER,
    ),
    (
        "requirement_grades_ordered",
        "insert into requirement (school_id, kind, weight, grade_from, grade_to, changed_by, changed_at)
         values (10, 'lessons_a_day', 'very', 7, 5, 1, '2026-11-16 12:00Z')",
        "",
        ORDER,
    ),
    (
        "requirement_not_overlapping",
        "insert into requirement (school_id, kind, weight, valid_from, valid_to, changed_by, changed_at)
         values (10, 'series', 'very', null, '2026-12-31', 1, '2026-11-16 12:00Z'),
                (10, 'series', 'rather', '2026-12-31', null, 1, '2026-11-16 12:00Z')",
        "",
        OVERLAP,
    ),
    // people
    (
        "guardianship_not_oneself",
        "insert into guardianship (guardian_id, ward_id, kind, valid_from) values (31, 31, 'mother', '2026-01-01')",
        "guardian",
        "Человек не может быть своим же представителем.",
    ),
    (
        "guardianship_not_twice",
        "insert into guardianship (guardian_id, ward_id, kind, valid_from) values (31, 11, 'relative', '2026-09-01')",
        "guardian",
        "Этот человек уже записан представителем на эти даты.",
    ),
    (
        "guardianship_dates_ordered",
        "update guardianship set valid_to = '2025-12-31' where guardian_id = 31 and ward_id = 11",
        "",
        ORDER,
    ),
    (
        "appointment_not_twice",
        "insert into appointment (school_id, employee_id, position_id, valid_from) values (10, 1200, 51, '2026-09-01')",
        "position",
        "Этот сотрудник уже назначен на эту должность в эти даты.",
    ),
    (
        "appointment_dates_ordered",
        "update appointment set valid_to = '2025-12-31' where school_id = 10 and id = 1",
        "",
        ORDER,
    ),
    (
        "account_person_key",
        "insert into account (person_id, login, password_hash, created_at, password_changed_at)
         values (1, 'another', 'x', '2026-09-01Z', '2026-09-01Z')",
        "person",
        "У этого человека уже есть учётная запись.",
    ),
    (
        "account_login_key",
        "insert into account (person_id, login, password_hash, created_at, password_changed_at)
         values (2, 'zavuch', 'x', '2026-09-01Z', '2026-09-01Z')",
        "login",
        "Этот логин уже занят.",
    ),
    (
        "account_phone_key",
        "insert into account (person_id, login, phone, password_hash, created_at, password_changed_at)
         values (2, 'another', '79000000001', 'x', '2026-09-01Z', '2026-09-01Z')",
        "phone",
        "Этот номер телефона уже привязан к другой учётной записи.",
    ),
    (
        "account_login_shape",
        "update account set login = 'a b' where person_id = 1",
        "login",
        "Логин: от 3 до 64 знаков, буквы, цифры, точка, дефис или подчёркивание.",
    ),
    (
        "account_phone_shape",
        "update account set phone = '8 (900)' where person_id = 1",
        "phone",
        "Номер телефона: от 10 до 15 цифр с кодом страны.",
    ),
    (
        "person_phone_shape",
        "update person set phone = '112' where id = 1",
        "phone",
        "Номер телефона: от 10 до 15 цифр с кодом страны.",
    ),
    // dates have an order, and what excludes itself does not overlap
    (
        "academic_year_dates_ordered",
        "insert into academic_year (school_id, title, starts_on, ends_on) values (10, '2027/28', '2028-05-31', '2027-09-01')",
        "",
        ORDER,
    ),
    (
        "academic_year_not_overlapping",
        "insert into academic_year (school_id, title, starts_on, ends_on) values (10, '2027/28', '2027-08-31', '2028-08-30')",
        "",
        OVERLAP,
    ),
    (
        "period_dates_ordered",
        "insert into period (school_id, system_id, number, starts_on, ends_on) values (10, 5, 5, '2027-05-01', '2027-04-01')",
        "",
        ORDER,
    ),
    (
        "period_not_overlapping",
        "insert into period (school_id, system_id, number, starts_on, ends_on) values (10, 5, 5, '2026-12-27', '2027-03-20')",
        "",
        OVERLAP,
    ),
    (
        "holiday_dates_ordered",
        "insert into holiday (school_id, year_id, title, starts_on, ends_on) values (10, 5, 'Осенние', '2026-11-01', '2026-10-26')",
        "",
        ORDER,
    ),
    (
        "enrolment_dates_ordered",
        "update enrolment set ends_on = '2026-08-31' where school_id = 10 and id = 1",
        "",
        ORDER,
    ),
    (
        "subgroup_member_dates_ordered",
        "update subgroup_member set ends_on = '2026-08-31' where school_id = 10 and pupil_id = 1001",
        "",
        ORDER,
    ),
    (
        "bell_times_ordered",
        "update bell set ends_at = starts_at where school_id = 10",
        "",
        "Урок заканчивается раньше, чем начинается.",
    ),
    (
        "norm_grades_ordered",
        "update norm set grade_to = grade_from - 1",
        "",
        ORDER,
    ),
    (
        "norm_dates_ordered",
        "update norm set valid_to = valid_from - 1",
        "",
        ORDER,
    ),
    (
        "norm_difficulty_dates_ordered",
        "update norm_difficulty set valid_to = valid_from - 1",
        "",
        ORDER,
    ),
    (
        "norm_not_overlapping",
        "insert into norm (org_kind, kind, grade_from, grade_to, week_days, value, valid_from, valid_to, level, clause, month_from, month_to)
         select org_kind, kind, grade_from, grade_to, week_days, value, valid_from, valid_to, level, clause, month_from, month_to
         from norm limit 1",
        "",
        OVERLAP,
    ),
    (
        "organisation_path_ends_here",
        "update organisation set path = '{1,2}' where id = 10",
        "",
        "Такого значения в списке нет.",
    ),
    // a value's shape: one of each family
    (
        "room_name_text_length",
        "update room set name = '' where school_id = 10",
        "",
        "Текст пустой или слишком длинный.",
    ),
    (
        "room_capacity_plausible",
        "update room set capacity = -1 where school_id = 10",
        "",
        "Значение вне допустимых пределов.",
    ),
    (
        "sign_in_limit_failures_positive",
        "insert into sign_in_limit (key, failures, window_starts_at) values ('x', 0, '2026-11-16 12:00Z')",
        "",
        "Значение вне допустимых пределов.",
    ),
    (
        "lesson_state_known",
        "update lesson set state = 'forgotten' where school_id = 10",
        "",
        "Такого значения в списке нет.",
    ),
    (
        "class_name_key",
        "update class set name = '7А' where school_id = 10 and id = 101",
        "",
        "Такая запись уже есть.",
    ),
];

#[tokio::test]
async fn nonsense_is_refused_by_name_and_told_in_words() {
    let scripts = [include_str!("../../base/fixtures/small.sql"), MORE];
    let database = TestDatabase::filled(&MIGRATIONS, &scripts).await.unwrap();
    let mut connection = database.pool.acquire().await.unwrap();
    let mut wrong = Vec::new();
    for &(name, statement, field, text) in NONSENSE {
        connection.execute("begin").await.unwrap();
        let outcome = connection.execute(statement).await;
        connection.execute("rollback").await.unwrap();
        let Err(error) = outcome else {
            wrong.push(format!("{name}: the database takes «{statement}»"));
            continue;
        };
        let refused_by = error.as_database_error().and_then(|e| e.constraint());
        if refused_by != Some(name) {
            wrong.push(format!("{name}: refused by {refused_by:?} ({error})"));
            continue;
        }
        let told = to_app(Failure::Db(error), Lang::Ru);
        if told != AppError::invalid(field, text) {
            wrong.push(format!("{name}: a person reads {told:?}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    drop(connection);
    database.remove().await.unwrap();
}

/// What is said by a trigger, an exclusion or a check of a meaning has its line; foreign keys, unique keys and the shapes
/// of single values have one a family.
#[tokio::test]
async fn every_constraint_that_means_something_is_tried() {
    let database = TestDatabase::create(&MIGRATIONS).await.unwrap();
    let rows = database
        .pool
        .fetch_all(
            r"select conname::text from pg_constraint
              where connamespace = 'public'::regnamespace and conrelid <> 0
                and (contype = 'x' or contype in ('c', 'f', 'u')
                     and conname !~ '_(text_length|length|plausible|positive|known|fk|key)$')
              union
              select m[1] from pg_proc p, regexp_matches(p.prosrc, 'constraint = ''(\w+)''', 'g') m
              where p.pronamespace = 'public'::regnamespace
              order by 1",
        )
        .await
        .unwrap();
    let names: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    assert!(names.len() > 25, "the catalogue was walked: {names:?}");
    let untried: Vec<_> = names
        .iter()
        .filter(|name| NONSENSE.iter().all(|line| line.0 != name.as_str()))
        .collect();
    assert!(untried.is_empty(), "give these a line in NONSENSE: {untried:#?}");
    database.remove().await.unwrap();
}

/// A trigger that says nothing any more is noticed: with its body emptied, the nonsense passes or is refused otherwise.
#[tokio::test]
async fn an_emptied_trigger_is_noticed() {
    let scripts = [include_str!("../../base/fixtures/small.sql"), MORE];
    let database = TestDatabase::filled(&MIGRATIONS, &scripts).await.unwrap();
    let mut connection = database.pool.acquire().await.unwrap();
    let rows = connection
        .fetch_all(
            r"select p.proname::text, m[1] from pg_proc p, regexp_matches(p.prosrc, 'constraint = ''(\w+)''', 'g') m
              where p.pronamespace = 'public'::regnamespace",
        )
        .await
        .unwrap();
    assert!(rows.len() >= 6, "{} triggers speak", rows.len());
    for row in &rows {
        let (function, name): (String, String) = (row.get(0), row.get(1));
        let lines = NONSENSE.iter().filter(|line| line.0 == name);
        for &(_, statement, ..) in lines {
            connection.execute("begin").await.unwrap();
            let emptied = format!(
                "create or replace function {function}() returns trigger language plpgsql as 'begin return new; end'"
            );
            connection.execute(sqlx::AssertSqlSafe(emptied)).await.unwrap();
            let outcome = connection.execute(statement).await;
            connection.execute("rollback").await.unwrap();
            let still = outcome.err().and_then(|e| {
                e.as_database_error()
                    .and_then(|e| e.constraint().map(str::to_owned))
            });
            assert_ne!(still.as_deref(), Some(name.as_str()), "{statement}");
        }
    }
    drop(connection);
    database.remove().await.unwrap();
}
