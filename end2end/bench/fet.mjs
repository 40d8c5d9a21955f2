// FET files: our time to a timetable that breaks no requirement, beside fet-cl's on the same machine in turn, and what fet-cl says of ours.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { byCost, found, judged, median, root, shown, solve, timed, wanted } from './runs.mjs';

/** Subjects whose lessons should not be the seventh of a day: those that the generator gives that wish. */
const HARD = ['Математика', 'Алгебра', 'Геометрия', 'Физика', 'Химия'];
/** Lessons of one shift in the generated schools. */
const SHIFT = 7;

/** Points of difficulty by the beginning of a subject's name, for grades 5 to 9 and 10–11: the scale as the engine has it, so that there is
 * one of it; what is counted by it is counted here, from finished files. */
function scale() {
  const source = readFileSync(path.join(root, 'timetable/src/schools/fet/wishes.rs'), 'utf8');
  const rows = [...source.matchAll(/\("([а-яё]+)", \[([\d, ]+)\]\)/g)].map(([, name, points]) => [name, points.split(',').map(Number)]);
  if (rows.length < 20 || rows.some(([, points]) => points.length !== 6)) throw new Error('the scale of difficulty is not where it was');
  return rows;
}
let points;
function difficulty(subject, grade) {
  points ??= scale();
  const name = subject.trim().toLowerCase();
  return points.find(([start]) => name.startsWith(start))?.[1][Math.min(Math.max(grade, 5), 10) - 5] ?? 0;
}

/** Of the classes of the fifth to the eleventh grade so many have their hardest day on Tuesday or Wednesday (СанПиН 1.2.3685-21), in
 * hundredths: by the points of all lessons of the class, of those in groups at one time the hardest one's; a tie with another day is none.
 * `null` where there are no such classes or days. */
function peaks(days, lessons) {
  const middle = days.map((day) => /^(вт|ср)/i.test(day));
  if (!middle.includes(true) || !middle.includes(false)) return null;
  const classes = new Map();
  for (const { students, subject, day, hour } of lessons) {
    const name = students.trim().split(/\s/)[0];
    const grade = Number.parseInt(name, 10);
    if (!(grade >= 5 && grade <= 11)) continue;
    const week = classes.get(name) ?? days.map(() => new Map());
    week[day].set(hour, Math.max(week[day].get(hour) ?? 0, difficulty(subject, grade)));
    classes.set(name, week);
  }
  if (classes.size === 0) return null;
  const inTheMiddle = [...classes.values()].filter((week) => {
    const sums = week.map((day) => [...day.values()].reduce((sum, one) => sum + one, 0));
    const most = (is) => Math.max(...sums.filter((_, day) => middle[day] === is));
    return most(true) > most(false);
  });
  return Math.round((inTheMiddle.length * 100) / classes.size);
}

const inside = (xml, tag) => [...xml.matchAll(new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`, 'g'))].map((m) => m[1]);
const plain = (xml) => xml.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&quot;/g, '"').replace(/&apos;/g, "'").replace(/&amp;/g, '&');

/** Teachers' windows, hard lessons in the seventh place and the share of classes with their hardest day in the middle, counted from a finished FET file and from nothing else. */
function quality(file) {
  const xml = readFileSync(file, 'utf8');
  const list = (tag, item) => inside(inside(xml, tag)[0] ?? '', item).map((one) => plain((inside(one, 'Name')[0] ?? one).trim()));
  const days = list('Days_List', 'Day');
  const hours = list('Hours_List', 'Hour');
  const start = new Map();
  for (const one of inside(xml, 'ConstraintActivityPreferredStartingTime')) {
    const said = (...tags) => plain((tags.map((tag) => inside(one, tag)[0]).find((found) => found !== undefined) ?? '').trim());
    const day = days.indexOf(said('Preferred_Day', 'Day'));
    const hour = hours.indexOf(said('Preferred_Hour', 'Hour'));
    if (day >= 0 && hour >= 0 && said('Active') !== 'false') start.set(said('Activity_Id'), [day, hour]);
  }
  const busy = new Map();
  const lessons = [];
  let [late, unplaced] = [0, 0];
  for (const one of inside(inside(xml, 'Activities_List')[0] ?? '', 'Activity')) {
    if (/<Active>\s*false/.test(one)) continue;
    const place = start.get(inside(one, 'Id')[0].trim());
    if (!place) {
      unplaced += 1;
      continue;
    }
    const length = Number(inside(one, 'Duration')[0]);
    for (let hour = place[1]; hour < place[1] + length; hour += 1) {
      for (const students of inside(one, 'Students')) lessons.push({ students: plain(students), subject: plain(inside(one, 'Subject')[0]), day: place[0], hour });
      if (hour % SHIFT === SHIFT - 1 && HARD.includes(plain(inside(one, 'Subject')[0]))) late += 1;
      for (const teacher of inside(one, 'Teacher')) {
        const key = `${teacher}\n${place[0]}`;
        busy.set(key, [...(busy.get(key) ?? []), hour]);
      }
    }
  }
  let windows = 0;
  for (const list of busy.values()) windows += Math.max(...list) - Math.min(...list) + 1 - new Set(list).size;
  return { windows, late, unplaced, peak: peaks(days, lessons) };
}

const QUIET = [
  '--language=en_US', '--htmllevel=0', '--warnifusingnotperfectconstraints=false', '--warnifusingstudentsminhoursdailywithallowemptydays=false',
  '--warnifusinggroupactivitiesininitialorder=false', '--warnsubgroupswiththesameactivities=false',
  ...['conflicts', 'sstatistics', 'sxml', 'sdayshorizontal', 'sdaysvertical', 'stimehorizontal', 'stimevertical', 'ssubgroups', 'sgroups', 'syears',
    'steachers', 'steachersfreeperiods', 'srooms', 'ssubjects', 'sactivitytags', 'sactivities'].map((what) => `--writetimetable${what}=false`),
];

/** fet-cl on a file: seconds and its finished file, or nothing if it did not finish. */
function fetCl(file, scratch, seed, limit) {
  const folder = path.join(scratch, 'fet');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  const seeds = ['10', '11', '12', '20', '21', '22'].map((part, n) => `--randomseeds${part}=${seed * 1000 + n + 1}`);
  const run = timed('fet-cl', [`--inputfile=${file}`, `--outputdir=${folder}`, `--timelimitseconds=${limit}`, ...seeds, ...QUIET], limit + 2);
  const finished = /successful/i.test(run.out) ? found(folder, (name) => name.endsWith('_data_and_timetable.fet'))[0] : undefined;
  return { finished, clock: finished ? run.clock : null, cpu: finished ? run.cpu : null, said: run.out };
}

/** One FET file: time to complete beside fet-cl's, quality after each budget beside what fet-cl leaves, and whether it accepts ours. */
function school(file, name, scratch, set, note) {
  const out = path.join(scratch, 'ours.fet');
  const cells = [name];
  if (set.complete > 0) {
    const runs = set.seeds.map((seed) => {
      const run = solve(file, out, set.complete, seed, set.threads, ['--until-complete', ...set.asGiven]);
      return run.cost[0] === 0 ? run : { clock: null, cpu: null };
    });
    const [clock, cpu] = ['clock', 'cpu'].map((what) => median(runs.map((run) => run[what])));
    if (clock !== null) note(`timetable_${name}_complete`, clock, 's');
    cells.push(shown(clock), shown(cpu));
  }
  const theirs = { windows: [], late: [], peak: [] };
  if (set.fetCl && set.complete > 0) {
    const runs = set.seeds.map((seed) => {
      const run = fetCl(file, scratch, seed, set.complete);
      if (run.finished) {
        const their = quality(run.finished);
        for (const [what, list] of Object.entries(theirs)) list.push(their[what]);
      }
      return run;
    });
    const [clock, cpu] = ['clock', 'cpu'].map((what) => median(runs.map((run) => run[what])));
    if (clock !== null) note(`timetable_${name}_fet_cl`, clock, 's');
    cells.push(shown(clock), shown(cpu));
  }
  const left = (list) => (list.length > 0 ? String(median(list)) : '–');
  // the more, the better: of an even number the worse of the two in the middle is the smaller one
  const share = (list) => {
    const known = list.filter((one) => one !== null);
    return known.length > 0 ? median(known, (a, b) => b - a) : null;
  };
  const percent = (one) => (one === null ? '–' : `${one} %`);
  for (const seconds of set.budgets) {
    const runs = set.seeds.map((seed) => {
      const { cost } = solve(file, out, seconds, seed, set.threads);
      return { cost, ...quality(out) };
    });
    const [hard] = median(runs.map((run) => run.cost), byCost);
    const [windows, late] = ['windows', 'late'].map((what) => median(runs.map((run) => run[what])));
    note(`timetable_${name}_${seconds}s_hard`, hard, 'cost');
    note(`timetable_${name}_${seconds}s_windows`, windows, 'windows');
    note(`timetable_${name}_${seconds}s_late`, late, 'lessons');
    const peak = share(runs.map((run) => run.peak));
    if (peak !== null) note(`timetable_${name}_${seconds}s_peak`, peak, '% of classes');
    cells.push(String(hard), `${windows} / ${left(theirs.windows)}`, `${late} / ${left(theirs.late)}`, `${percent(peak)} / ${percent(share(theirs.peak))}`);
  }
  // The last of our timetables, all its times and rooms fixed, as a question to FET.
  if (set.fetCl && set.budgets.length > 0) cells.push(fetCl(out, scratch, 1, 30).finished ? 'yes' : 'no');
  return cells;
}

export function schoolTable(title, files, scratch, set, note, rows) {
  const head = ['file'];
  if (set.complete > 0) head.push('complete, s', 'cpu s');
  if (set.fetCl && set.complete > 0) head.push('fet-cl, s', 'cpu s');
  for (const s of set.budgets) head.push(`broken, ${s} s`, 'windows, ours / fet-cl', 'hard lessons seventh, ours / fet-cl', 'classes hardest on Tuesday or Wednesday, ours / fet-cl');
  if (set.fetCl && set.budgets.length > 0) head.push('fet-cl accepts');
  rows.push('', `## ${title}`, '', `| ${head.join(' | ')} |`, `|${'---|'.repeat(head.length)}`);
  for (const [name, file] of files.filter(([name]) => wanted(name, set))) {
    let cells;
    try {
      cells = school(file, name, scratch, set, note);
    } catch (error) {
      cells = [name, `refused: ${String(error.message).split('\n')[0].slice(0, 160)}`];
    }
    rows.push(`| ${cells.join(' | ')} |`);
    console.log(rows.at(-1));
  }
}

/** Whether fet-cl takes our timetable, all its times and rooms fixed. Its wishes are made weightless: it holds each of them with the
 * probability of its weight, so that a fixed timetable that breaks some would be taken once in a hundred years. */
function accepted(finished, scratch) {
  const question = path.join(scratch, 'question.fet');
  const weight = (whole, percent) => (Number(percent) >= 100 ? whole : '<Weight_Percentage>0</Weight_Percentage>');
  writeFileSync(question, readFileSync(finished, 'utf8').replace(/<Weight_Percentage>\s*([\d.]+)\s*<\/Weight_Percentage>/g, weight));
  return Boolean(fetCl(question, scratch, 1, 30).finished);
}

/** One file of unknown origin: the seconds until everything required is met, of ours and of fet-cl, and what each says of the other. */
function sample(file, scratch, set) {
  const out = path.join(scratch, 'ours.fet');
  const activities = (readFileSync(file, 'utf8').match(/<Activity>/g) ?? []).length;
  const runs = set.seeds.map((seed) => {
    const run = solve(file, out, set.complete, seed, set.threads, ['--until-complete', ...set.asGiven]);
    return { ...run, hard: run.cost[0], ...(run.cost[0] === 0 ? {} : { clock: null, cpu: null }) };
  });
  const of = (list, what) => median(list.map((run) => run[what]));
  const row = { activities, clock: of(runs, 'clock'), cpu: of(runs, 'cpu'), hard: of(runs, 'hard'), ignored: runs[0].ignored };
  const last = runs.at(-1).hard === 0;
  if (last) row.windows = quality(out).windows;
  if (!set.fetCl) return row;
  if (last) row.accepted = accepted(out, scratch);
  const theirs = set.seeds.map((seed) => fetCl(file, scratch, seed, set.complete));
  Object.assign(row, { fetClock: of(theirs, 'clock'), fetCpu: of(theirs, 'cpu') });
  const finished = theirs.at(-1).finished;
  if (finished) Object.assign(row, { fetWindows: quality(finished).windows, fetHard: judged(finished) });
  else row.fetSaid = theirs.at(-1).clock === null && !/exceeded|killed/i.test(theirs.at(-1).said) ? 'refuses' : undefined;
  return row;
}

/** The files of a folder in one table, and under it what it comes to. */
export function fileTable(title, files, scratch, set, note, rows) {
  const head = ['file', 'activities', 'complete, s', 'cpu s', 'fet-cl, s', 'cpu s', 'fet-cl accepts', 'windows, ours / fet-cl', 'requirements not understood', "fet-cl's, judged by us"];
  rows.push('', `## ${title}: until no requirement is broken, at most ${set.complete} s; medians`, '', `| ${head.join(' | ')} |`, `|${'---|'.repeat(head.length)}`);
  const all = [];
  const refused = [];
  for (const [name, file] of files.filter(([name]) => wanted(name, set))) {
    let cells;
    try {
      const row = sample(file, scratch, set);
      all.push(row);
      const ours = row.clock === null ? `– (${row.hard} broken)` : shown(row.clock, 2);
      const asked = row.accepted === undefined ? '' : row.accepted ? 'yes' : 'no';
      cells = [name, row.activities, ours, shown(row.cpu, 2), row.fetSaid ?? shown(row.fetClock, 2), shown(row.fetCpu, 2), asked,
        `${row.windows ?? '–'} / ${row.fetWindows ?? '–'}`, row.ignored || '', row.fetHard ?? ''];
    } catch (error) {
      const why = String(error.message).split('\n')[0].slice(-160);
      refused.push(name);
      cells = [name, `refused: ${why}`];
    }
    rows.push(`| ${cells.join(' | ')} |`);
    console.log(rows.at(-1));
  }
  const count = (is) => all.filter(is).length;
  const [we, they] = [(row) => row.clock !== null, (row) => typeof row.fetClock === 'number'];
  const both = all.filter((row) => we(row) && they(row));
  const tally = {
    opened: all.length, refused: refused.length, 'complete by both': both.length, 'only by us': count((row) => we(row) && !they(row)),
    'only by fet-cl': count((row) => !we(row) && they(row)), 'by neither': count((row) => !we(row) && !they(row)),
    'ours accepted by fet-cl': count((row) => row.accepted), 'ours not accepted': count((row) => row.accepted === false),
    "fet-cl's with a broken requirement by our judge": count((row) => row.fetHard > 0),
    'complete but for requirements not understood': count((row) => we(row) && row.ignored > 0),
  };
  // A program that is done before the clock has moved is as fast as one can tell.
  const ratio = (ours, theirs) => median(both.map((row) => Math.max(row[ours], 0.01) / Math.max(row[theirs], 0.01)));
  const ratios = both.length > 0 ? `; median of our time by fet-cl's where both complete: ${shown(ratio('clock', 'fetClock'), 2)} (processor ${shown(ratio('cpu', 'fetCpu'), 2)})` : '';
  rows.push('', `${Object.entries(tally).map(([what, n]) => `${what}: ${n}`).join('; ')}${ratios}.`);
  console.log(rows.at(-1));
  note('timetable_files_opened', all.length, 'files');
  note('timetable_files_complete', count(we), 'files');
  note('timetable_files_only_fet_cl', tally['only by fet-cl'], 'files');
}
