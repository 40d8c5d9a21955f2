// Contradictions: a generated Russian school that has a timetable gets one fault of each kind put into its file, and `timetable explain` has to
// say which. A fault is named rightly when the contradictions that are told first hold everything that was put in: the people, the
// classes or rooms, and the rule. One run a fault, the whole command with reading the file. `./parta bench faults`; variables:
//
//   PARTA_FET_SCHOOLS     path of make_fet_school.py, which writes a Russian school from a seed; needs python3
//   PARTA_FAULT_SCHOOLS   seeds of these schools, e.g. "1-5" (default "1"); such that can be solved
//
// To add a fault: a line in FAULTS. What stands in its text must come out of the file's own names, so that no school's are told here.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const target = process.env.CARGO_TARGET_DIR || path.join(root, 'target');

const all = (xml, tag) => [...xml.matchAll(new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`, 'g'))].map((m) => m[1]);
const one = (xml, tag) => all(xml, tag)[0];

/** What the faults need to know of a school. */
class School {
  constructor(xml) {
    this.xml = xml;
    this.days = all(one(xml, 'Days_List'), 'Name');
    this.hours = all(one(xml, 'Hours_List'), 'Name');
    this.lessons = all(one(xml, 'Activities_List'), 'Activity').map((a) => ({
      id: one(a, 'Id'), teacher: one(a, 'Teacher'), subject: one(a, 'Subject'), students: one(a, 'Students'),
    }));
    // what is locked already has its own way of going wrong
    const fixed = all(xml, 'ConstraintActivityPreferredStartingTime').map((c) => one(c, 'Activity_Id'));
    this.lessons = this.lessons.filter((l) => !fixed.includes(l.id));
    const load = new Map();
    for (const { teacher } of this.lessons) load.set(teacher, (load.get(teacher) ?? 0) + 1);
    const absent = all(xml, 'ConstraintTeacherNotAvailableTimes').map((c) => one(c, 'Teacher'));
    /** The busiest first, of those who come at any time. */
    this.teachers = [...load].filter(([name]) => !absent.includes(name)).sort((a, b) => b[1] - a[1]).map(([name]) => name);
    /** Lessons of halves of a class that begin together. */
    this.halves = all(xml, 'ConstraintActivitiesSameStartingTime')
      .map((c) => all(c, 'Activity_Id').map((id) => this.lessons.find((l) => l.id === id)))
      .filter(([a, b]) => a.teacher !== b.teacher && !absent.includes(a.teacher) && !absent.includes(b.teacher));
    this.whole = this.lessons.map((l) => l.students).find((name) => !name.includes(' '));
  }

  of(teacher) {
    return this.lessons.filter((l) => l.teacher === teacher);
  }

  /** All times of the week but these days' first so many hours. */
  but(days, hours) {
    return this.days.flatMap((day) => this.hours.filter((_, n) => !(days.includes(day) && n < hours)).map((hour) => [day, hour]));
  }

  with(list, rule) {
    return this.xml.replace(`<${list}_Constraints_List>`, `<${list}_Constraints_List>${rule}`);
  }
}

const rule = (name, inner) => `<${name}><Weight_Percentage>100</Weight_Percentage>${inner}<Active>true</Active><Comments></Comments></${name}>`;
const times = (list) => `<Number_of_Not_Available_Times>${list.length}</Number_of_Not_Available_Times>`
  + list.map(([day, hour]) => `<Not_Available_Time><Day>${day}</Day><Hour>${hour}</Hour></Not_Available_Time>`).join('');
const away = (teacher, list) => rule('ConstraintTeacherNotAvailableTimes', `<Teacher>${teacher}</Teacher>${times(list)}`);
const locked = (id, day, hour) => rule('ConstraintActivityPreferredStartingTime',
  `<Activity_Id>${id}</Activity_Id><Preferred_Day>${day}</Preferred_Day><Preferred_Hour>${hour}</Preferred_Hour><Permanently_Locked>true</Permanently_Locked>`);
const shut = (room, list) => rule('ConstraintRoomNotAvailableTimes', `<Room>${room}</Room>${times(list)}`);
const together = (ids) => rule('ConstraintActivitiesSameStartingTime', `<Number_of_Activities>${ids.length}</Number_of_Activities>${ids.map((id) => `<Activity_Id>${id}</Activity_Id>`).join('')}`);

/** What is wrong, the file with it, and the words that have to be told. */
const FAULTS = [
  ['a teacher who comes too seldom', (s) => [s.with('Time', away(s.teachers[0], s.but(s.days.slice(0, 2), 5))), [s.teachers[0]]]],
  ['two locked lessons of one teacher at one time', (s) => {
    const [a, b] = [...new Map(s.of(s.teachers[0]).map((l) => [l.students, l])).values()];
    return [s.with('Time', locked(a.id, s.days[1], s.hours[1]) + locked(b.id, s.days[1], s.hours[1])), [a.students, b.students]];
  }],
  ['a lesson locked where its teacher is away', (s) => {
    const [lesson] = s.of(s.teachers[1]);
    return [s.with('Time', locked(lesson.id, s.days[2], s.hours[2]) + away(lesson.teacher, [[s.days[2], s.hours[2]]])), [lesson.teacher, lesson.subject]];
  }],
  ['halves of a class whose teachers have no hour in common', (s) => {
    const [a, b] = s.halves[0];
    return [s.with('Time', away(a.teacher, s.but(s.days.slice(0, 3), 99)) + away(b.teacher, s.but(s.days.slice(3), 99))), [a.teacher, b.teacher]];
  }],
  ['fewer days than a teacher\'s lessons need', (s) => [
    s.with('Time', rule('ConstraintTeacherMaxDaysPerWeek', `<Teacher_Name>${s.teachers[2]}</Teacher_Name><Max_Days_Per_Week>2</Max_Days_Per_Week>`)), [s.teachers[2]]]],
  ['fewer lessons a day than a teacher\'s week needs', (s) => [
    s.with('Time', rule('ConstraintTeacherMaxHoursDaily', `<Teacher_Name>${s.teachers[3]}</Teacher_Name><Maximum_Hours_Daily>2</Maximum_Hours_Daily>`)), [s.teachers[3]]]],
  ['a class with more lessons than bells', (s) => [
    s.with('Time', rule('ConstraintStudentsSetNotAvailableTimes', `<Students>${s.whole}</Students>${times(s.but(s.days.slice(0, 3), 99))}`)), [s.whole]]],
  ['a class that must have more lessons a day than it has', (s) => [
    s.with('Time', rule('ConstraintStudentsSetMinHoursDaily', `<Minimum_Hours_Daily>${s.hours.length}</Minimum_Hours_Daily><Students>${s.whole}</Students><Allow_Empty_Days>false</Allow_Empty_Days>`)), [s.whole]]],
  ['too few rooms of a kind', (s) => {
    const kind = all(s.xml, 'ConstraintSubjectPreferredRooms').find((c) => one(c, 'Subject') === 'Физкультура');
    const rooms = all(kind, 'Preferred_Room');
    return [s.with('Space', rooms.slice(1).map((room) => shut(room, s.but([], 0))).join('')), [rooms[0], 'Физкультура']];
  }],
  ['a subject whose only room is shut', (s) => {
    const only = one(s.xml, 'ConstraintSubjectPreferredRoom');
    return [s.with('Space', shut(one(only, 'Room'), s.but(s.days.slice(0, 1), 2))), [one(only, 'Room'), one(only, 'Subject')]];
  }],
  ['lessons that are to begin together and have one teacher', (s) => {
    const [a, b] = [...new Map(s.of(s.teachers[4]).map((l) => [l.students, l])).values()];
    return [s.with('Time', together([a.id, b.id])), [a.students, b.students]];
  }],
  ['a subject once a day, and its teacher there on too few days', (s) => {
    const much = s.lessons.find((l) => s.teachers.slice(5).includes(l.teacher) && s.lessons.filter((o) => o.subject === l.subject && o.students === l.students).length === 5);
    return [s.with('Time', away(much.teacher, s.but([s.days[0], ...s.days.slice(2)], 99))), [much.teacher, much.subject]];
  }],
  ['lessons that are to begin together and must not overlap', (s) => {
    const [a, b] = s.halves[1];
    return [s.with('Time', rule('ConstraintActivitiesNotOverlapping', `<Number_of_Activities>2</Number_of_Activities><Activity_Id>${a.id}</Activity_Id><Activity_Id>${b.id}</Activity_Id>`)), [a.subject]];
  }],
];

/** "1-3,7" as numbers. */
const numbers = (list) =>
  list.split(',').flatMap((part) => {
    const [from, to] = part.split('-').map(Number);
    return Array.from({ length: (to ?? from) - from + 1 }, (_, n) => from + n);
  });

export async function measure(_product, note) {
  const generator = process.env.PARTA_FET_SCHOOLS;
  if (!generator) throw new Error('set PARTA_FET_SCHOOLS; the head of end2end/bench/faults.mjs says how');
  const binary = process.env.PARTA_TIMETABLE_BINARY || path.join(target, 'release/timetable');
  if (!process.env.PARTA_TIMETABLE_BINARY) {
    execFileSync('cargo', ['build', '--release', '-p', 'timetable', '--features', 'cli', '--bin', 'timetable'], { cwd: root, stdio: 'inherit' });
  }
  const scratch = mkdtempSync(path.join(tmpdir(), 'parta-faults-'));
  let [right, asked, slowest] = [0, 0, 0];
  try {
    for (const seed of numbers(process.env.PARTA_FAULT_SCHOOLS || '1')) {
      const file = path.join(scratch, `school-${seed}.fet`);
      execFileSync('python3', [generator, file, '--seed', String(seed), '--max-gaps', '2'], { stdio: ['ignore', 'ignore', 'inherit'] });
      const school = new School(readFileSync(file, 'utf8'));
      for (const [name, fault] of FAULTS) {
        const [xml, words] = fault(school);
        writeFileSync(file, xml);
        const began = performance.now();
        const run = spawnSync(binary, ['explain', file, '--language', 'ru', '--conflicts', '2'], { encoding: 'utf8', timeout: 60_000 });
        const seconds = (performance.now() - began) / 1000;
        const told = run.stdout.split('\timpossible: ').slice(1);
        const said = told.some((conflict) => words.every((word) => conflict.includes(word)));
        [asked, right, slowest] = [asked + 1, right + (said ? 1 : 0), Math.max(slowest, seconds)];
        console.log(`school ${seed}: ${name}: ${said ? 'named' : `NOT NAMED: ${words.join(', ')} in ${JSON.stringify(run.stdout.slice(0, 600))}${run.stderr}`}, ${seconds.toFixed(2)} s`);
      }
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  note('faults_kinds', FAULTS.length, 'kinds');
  note('faults_named', right, `of ${asked}`);
  note('faults_slowest', slowest, 's');
}
