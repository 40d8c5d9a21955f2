// FET files: our time to a timetable that breaks no requirement, beside fet-cl's on the same machine in turn, and what fet-cl says of ours.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { byCost, found, judged, median, shown, solve, timed, wanted } from './runs.mjs';

/** Subjects whose lessons should not be the seventh of a day: those that the generator gives that wish. */
const HARD = ['Математика', 'Алгебра', 'Геометрия', 'Физика', 'Химия'];
/** Lessons of one shift in the generated schools. */
const SHIFT = 7;

const inside = (xml, tag) => [...xml.matchAll(new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`, 'g'))].map((m) => m[1]);
const plain = (xml) => xml.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&quot;/g, '"').replace(/&apos;/g, "'").replace(/&amp;/g, '&');

/** Teachers' windows and hard lessons in the seventh place, counted from a finished FET file and from nothing else. */
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
      if (hour % SHIFT === SHIFT - 1 && HARD.includes(plain(inside(one, 'Subject')[0]))) late += 1;
      for (const teacher of inside(one, 'Teacher')) {
        const key = `${teacher}\n${place[0]}`;
        busy.set(key, [...(busy.get(key) ?? []), hour]);
      }
    }
  }
  let windows = 0;
  for (const list of busy.values()) windows += Math.max(...list) - Math.min(...list) + 1 - new Set(list).size;
  return { windows, late, unplaced };
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
      const run = solve(file, out, set.complete, seed, set.threads, ['--until-complete']);
      return run.cost[0] === 0 ? run : { clock: null, cpu: null };
    });
    const [clock, cpu] = ['clock', 'cpu'].map((what) => median(runs.map((run) => run[what])));
    if (clock !== null) note(`timetable_${name}_complete`, clock, 's');
    cells.push(shown(clock), shown(cpu));
  }
  let theirs = { windows: [], late: [] };
  if (set.fetCl && set.complete > 0) {
    const runs = set.seeds.map((seed) => {
      const run = fetCl(file, scratch, seed, set.complete);
      if (run.finished) {
        const { windows, late } = quality(run.finished);
        theirs.windows.push(windows);
        theirs.late.push(late);
      }
      return run;
    });
    const [clock, cpu] = ['clock', 'cpu'].map((what) => median(runs.map((run) => run[what])));
    if (clock !== null) note(`timetable_${name}_fet_cl`, clock, 's');
    cells.push(shown(clock), shown(cpu));
  }
  const left = (list) => (list.length > 0 ? String(median(list)) : '–');
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
    cells.push(String(hard), `${windows} / ${left(theirs.windows)}`, `${late} / ${left(theirs.late)}`);
  }
  // The last of our timetables, all its times and rooms fixed, as a question to FET.
  if (set.fetCl && set.budgets.length > 0) cells.push(fetCl(out, scratch, 1, 30).finished ? 'yes' : 'no');
  return cells;
}

export function schoolTable(title, files, scratch, set, note, rows) {
  const head = ['file'];
  if (set.complete > 0) head.push('complete, s', 'cpu s');
  if (set.fetCl && set.complete > 0) head.push('fet-cl, s', 'cpu s');
  for (const s of set.budgets) head.push(`broken, ${s} s`, 'windows, ours / fet-cl', 'hard lessons seventh, ours / fet-cl');
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
    const run = solve(file, out, set.complete, seed, set.threads, ['--until-complete']);
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
