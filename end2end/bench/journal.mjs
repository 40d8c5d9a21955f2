// Journals to measure with, taught by `teacher`: one as large as they get (40 pupils × 150 works, half of the marks given), others of
// any size.

const SCHOOL = 11;

/** 40 × 150, made once; its number. */
export async function bigJournal(product) {
  return classJournal(product, { title: 'Бенчмарк', pupils: 40, lessons: 150, works: true });
}

/**
 * A subject, a class and their journal, all of this title, made once; its number. `lessons` lie in the running period up to today, as
 * many a day as it takes; with `works` each has a work and half of its marks, else nothing has been written yet.
 */
export async function classJournal(product, { title, pupils, lessons, works }) {
  const found = await product.sql(`select l.id from teaching_load l join subject s on s.school_id = l.school_id and s.id = l.subject_id
    where l.school_id = ${SCHOOL} and s.name = '${title}'`);
  if (found[0]) return found[0][0];
  const [[teacher, year, grade, scale, work, curriculum, period]] = await product.sql(`
    select e.id, y.id, c.grade, (select min(id) from mark_scale where school_id = ${SCHOOL}),
           (select min(id) from work_type where school_id = ${SCHOOL}), coalesce(c.curriculum_id::text, 'null'),
           (select p.id from period p join parallel q on q.school_id = p.school_id and q.period_system_id = p.system_id
            where q.school_id = ${SCHOOL} and q.year_id = y.id and q.grade = c.grade and p.starts_on <= current_date
            order by p.starts_on desc limit 1)
    from account a
    join employee e on e.person_id = a.person_id and e.school_id = ${SCHOOL}
    join academic_year y on y.school_id = ${SCHOOL} and current_date between y.starts_on and y.ends_on
    join class c on c.school_id = ${SCHOOL} and c.year_id = y.id and c.name = '7А'
    where a.login = 'teacher'`);
  const [[load]] = await product.sql(`
    with subject as (
      insert into subject (school_id, name, short_name) values (${SCHOOL}, '${title}', '${title}') returning id),
    class as (
      insert into class (school_id, year_id, grade, name, curriculum_id)
      values (${SCHOOL}, ${year}, ${grade}, '${title}', ${curriculum}) returning id),
    load as (
      insert into teaching_load (school_id, year_id, subject_id, week_hours) select ${SCHOOL}, ${year}, id, 5 from subject returning id),
    teaches as (
      insert into load_teacher (school_id, load_id, employee_id) select ${SCHOOL}, id, ${teacher} from load),
    audience as (
      insert into load_audience (school_id, load_id, class_id) select ${SCHOOL}, load.id, class.id from load, class),
    person as (
      insert into person (last_name, first_name, sex)
      select 'Проверкина' || chr(1040 + n / 6), 'Анна' || n, 'f' from generate_series(1, ${pupils}) n returning id),
    card as (
      insert into school_person (school_id, person_id) select ${SCHOOL}, id from person returning person_id),
    pupil as (
      insert into pupil (school_id, person_id) select ${SCHOOL}, person_id from card returning id),
    enrolment as (
      insert into enrolment (school_id, pupil_id, class_id, starts_on)
      select ${SCHOOL}, pupil.id, class.id, (select starts_on from academic_year where school_id = ${SCHOOL} and id = ${year}) from pupil, class)
    select id from load`);
  // the last of them today: no mark is given ahead
  await product.sql(`
    insert into lesson (school_id, load_id, held_on, slot, state)
    select ${SCHOOL}, ${load}, p.starts_on + d.days - 1 - (n % d.days), n / d.days, 'held' from period p, generate_series(0, ${lessons} - 1) n,
      lateral (select greatest(3, least(current_date, p.ends_on) - p.starts_on + 1) as days) d
    where p.school_id = ${SCHOOL} and p.id = ${period}`);
  if (works) {
    await product.sql(`
    insert into assignment (school_id, lesson_id, work_type_id, scale_id, weight)
    select ${SCHOOL}, id, ${work}, ${scale}, 1 from lesson where school_id = ${SCHOOL} and load_id = ${load};
    insert into mark (school_id, assignment_id, pupil_id, scale_id, code, changed_by, changed_at)
    select ${SCHOOL}, a.id, e.pupil_id, ${scale}, (2 + (a.id + e.pupil_id) % 4)::text, (select person_id from employee where school_id = ${SCHOOL} and id = ${teacher}), now()
    from assignment a join lesson l on l.school_id = a.school_id and l.id = a.lesson_id
    join class c on c.school_id = ${SCHOOL} and c.name = '${title}'
    join enrolment e on e.school_id = ${SCHOOL} and e.class_id = c.id
    where a.school_id = ${SCHOOL} and l.load_id = ${load} and (a.id + e.pupil_id) % 2 = 0`);
  }
  await product.sql('analyze');
  return load;
}

/** Cells for the load of saves: empty ones, [lesson, assignment, pupil]. */
export async function emptyCells(product, load, most) {
  return product.sql(`
    select l.id, a.id, e.pupil_id from lesson l
    join assignment a on a.school_id = l.school_id and a.lesson_id = l.id
    join load_audience u on u.school_id = l.school_id and u.load_id = l.load_id
    join enrolment e on e.school_id = l.school_id and e.class_id = u.class_id
    left join mark m on m.school_id = l.school_id and m.assignment_id = a.id and m.pupil_id = e.pupil_id
    where l.school_id = ${SCHOOL} and l.load_id = ${load} and m.pupil_id is null
    order by a.id, e.pupil_id limit ${most}`);
}

export async function who(product) {
  const [[person]] = await product.sql(`select person_id from account where login = 'teacher'`);
  return { person: Number(person), school: SCHOOL };
}
