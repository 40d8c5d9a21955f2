// The timetable engine beside the best published costs, KHE and FET. `./parta bench timetable`; every part is switched by variables:
//
//   PARTA_XHSTT              folder of XHSTT instances (instances/*.xml.xz, and a README.md with the table of best published costs
//                            and of KHE's); without it that part is left out
//   PARTA_FET_SCHOOLS        path of make_fet_school.py, which writes a Russian school from a seed; needs python3
//   PARTA_TIMETABLE_SCHOOLS  seeds of these schools, e.g. "1-5" or "1,7,30" (default "1-5")
//   PARTA_TIMETABLE_SCHOOL_OPTIONS   options of the generator (default "--max-gaps 2")
//   PARTA_FET                folder of FET files, looked through with all its folders; "samples" for Debian's fet-data
//   PARTA_TIMETABLE_SECONDS  budgets in seconds at which costs are compared (default "10"; the issue's: "10,60,300")
//   PARTA_TIMETABLE_COMPLETE most seconds until the first timetable without a broken requirement, for us and for fet-cl (default 60;
//                            "0": this is not measured)
//   PARTA_TIMETABLE_SEEDS    seeds of each run; medians are told (default "1"; the issue's: "1,2,3")
//   PARTA_TIMETABLE_THREADS  threads of ours (default 2; fet-cl has one)
//   PARTA_TIMETABLE_FET_CL   "0" leaves fet-cl out
//   PARTA_TIMETABLE_BINARY   a ready `timetable`, instead of a release build of this tree
//   PARTA_TIMETABLE_ONLY     only files whose names contain one of these words (comma between)
//
// A short run: PARTA_FET_SCHOOLS=…/make_fet_school.py PARTA_TIMETABLE_SCHOOLS=1 ./parta bench timetable
// The whole of the issue: all folders, PARTA_TIMETABLE_SECONDS=10,60,300 PARTA_TIMETABLE_SEEDS=1,2,3 PARTA_TIMETABLE_SCHOOLS=1-50, a day and more.
//
// Everything runs in turn, never two at once. fet-cl does not keep its own time limit, so it is killed from outside. Times
// are told by the clock, and processor seconds beside, since machines are shared. Writes target/timetable.md.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const target = process.env.CARGO_TARGET_DIR || path.join(root, 'target');
const binary = process.env.PARTA_TIMETABLE_BINARY || path.join(target, 'release', 'timetable');
const SAMPLES = '/usr/share/doc/fet-data/examples';
/** Subjects whose lessons should not be the seventh of a day: those that the generator gives that wish. */
const HARD = ['Математика', 'Алгебра', 'Геометрия', 'Физика', 'Химия'];
/** Lessons of one shift in the generated schools. */
const SHIFT = 7;

const text = (name, standard) => process.env[name] || standard;
/** "1-3,7" as [1, 2, 3, 7]. */
function numbers(name, standard) {
  return text(name, standard)
    .split(/[ ,]+/)
    .filter(Boolean)
    .flatMap((part) => {
      const [from, to = from] = part.split('-').map(Number);
      if (!(from >= 0 && to >= from)) throw new Error(`${name}: "${part}" is neither a number nor a range`);
      return Array.from({ length: to - from + 1 }, (_, n) => from + n);
    });
}

const settings = () => ({
  budgets: numbers('PARTA_TIMETABLE_SECONDS', '10'),
  seeds: numbers('PARTA_TIMETABLE_SEEDS', '1'),
  complete: Number(text('PARTA_TIMETABLE_COMPLETE', '60')),
  threads: text('PARTA_TIMETABLE_THREADS', '2'),
  fetCl: text('PARTA_TIMETABLE_FET_CL', '1') !== '0',
  only: text('PARTA_TIMETABLE_ONLY', '').split(',').filter(Boolean),
});

/** Runs a program; clock and processor seconds beside what it said. `limit`: seconds after which it is killed. */
function timed(program, args, limit) {
  const script = 'TIMEFORMAT="@@ %R %U %S"; time "$@"';
  const whole = limit ? ['timeout', '-s', 'KILL', String(limit), program, ...args] : [program, ...args];
  const run = spawnSync('bash', ['-c', script, 'bash', ...whole], { encoding: 'utf8', maxBuffer: 1 << 28 });
  const [, clock, user, system] = /@@ ([\d.]+) ([\d.]+) ([\d.]+)/.exec(run.stderr) ?? [];
  return { status: run.status, out: run.stdout, err: run.stderr, clock: Number(clock), cpu: Number(user) + Number(system) };
}

function solve(file, output, seconds, seed, threads, more = []) {
  const args = ['solve', file, '-o', output, '--seconds', String(seconds), '--seed', String(seed), '--threads', threads, ...more];
  const run = timed(binary, args);
  if (run.status !== 0) throw new Error(`${file}: ${run.err.split('\n').slice(-4).join(' ')}`);
  const [, hard, soft] = run.out.trim().split('\t');
  return { cost: [Number(hard), Number(soft)], clock: run.clock, cpu: run.cpu };
}

/** The middle one; with an even number the worse of the two in the middle. `null` is worse than any. */
function median(list, order = (a, b) => a - b) {
  const sorted = [...list].sort((a, b) => (a === null ? 1 : 0) - (b === null ? 1 : 0) || order(a, b));
  return sorted[Math.floor(sorted.length / 2)];
}
const byCost = (a, b) => a[0] - b[0] || a[1] - b[1];
const shown = (value, digits = 1) => (value === null || value === undefined || Number.isNaN(value) ? '–' : value.toFixed(digits));

function published(folder) {
  const known = new Map();
  const readme = path.join(folder, 'README.md');
  if (!existsSync(readme)) return known;
  for (const line of readFileSync(readme, 'utf8').split('\n')) {
    const cells = line.split('|').map((cell) => cell.trim());
    if (/^\d+,\d+$/.test(cells[8] ?? '')) known.set(cells[1], { best: cells[8], khe: cells[10] });
  }
  return known;
}

/** How a cost stands to a published one: fewer broken requirements, or as many and a cheaper rest. */
function compared([hard, soft], other) {
  if (!/^\d+,\d+$/.test(other ?? '')) return '';
  const [h, s] = other.split(',').map(Number);
  return hard < h || (hard === h && soft < s) ? 'better' : hard === h && soft === s ? 'equal' : hard === h ? 'as valid' : 'worse';
}

function xhstt(folder, scratch, set, note, rows) {
  const known = published(folder);
  const files = readdirSync(path.join(folder, 'instances')).filter((name) => /\.xml(\.xz)?$/.test(name)).sort();
  rows.push('', '## XHSTT: (broken requirements, broken wishes), medians', '');
  rows.push(`| instance | best published | KHE | ${set.budgets.map((s) => `ours, ${s} s`).join(' | ')} | beside best | beside KHE |`);
  rows.push(`|${'---|'.repeat(5 + set.budgets.length)}`);
  const tally = { 'fewest broken requirements known': 0, 'no worse than KHE': 0, 'soft ≤ 1.25 × best + 5': 0, 'equal or better than the best': 0, instances: 0 };
  for (const file of files.filter((name) => wanted(name, set))) {
    const name = file.replace(/\.xml(\.xz)?$/, '');
    const whole = path.join(folder, 'instances', file);
    const ours = set.budgets.map((seconds) => {
      const costs = set.seeds.map((seed) => solve(whole, path.join(scratch, 'out.xml'), seconds, seed, set.threads).cost);
      const cost = median(costs, byCost);
      note(`timetable_${name}_${seconds}s_hard`, cost[0], 'cost');
      note(`timetable_${name}_${seconds}s_soft`, cost[1], 'cost');
      return cost;
    });
    const last = ours.at(-1);
    const { best, khe } = known.get(name) ?? {};
    if (best) {
      const [hard, soft] = best.split(',').map(Number);
      tally.instances += 1;
      if (last[0] <= hard) tally['fewest broken requirements known'] += 1;
      if (!/^\d+,\d+$/.test(khe ?? '') || byCost(last, khe.split(',').map(Number)) <= 0) tally['no worse than KHE'] += 1;
      if (last[0] <= hard && last[1] <= 1.25 * soft + 5) tally['soft ≤ 1.25 × best + 5'] += 1;
      if (byCost(last, [hard, soft]) <= 0) tally['equal or better than the best'] += 1;
    }
    rows.push(`| ${name} | ${best ?? ''} | ${khe ?? ''} | ${ours.map((c) => c.join(',')).join(' | ')} | ${compared(last, best)} | ${compared(last, khe)} |`);
    console.log(rows.at(-1));
  }
  const { instances, ...counts } = tally;
  rows.push('', `After ${set.budgets.at(-1)} s, of ${instances}: ${Object.entries(counts).map(([what, n]) => `${what}: ${n}`).join('; ')}.`);
}

const wanted = (name, set) => set.only.length === 0 || set.only.some((word) => name.includes(word));

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

function found(folder, is) {
  return readdirSync(folder).sort().flatMap((name) => {
    const whole = path.join(folder, name);
    return statSync(whole).isDirectory() ? found(whole, is) : is(name) ? [whole] : [];
  });
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

function fetTable(title, files, scratch, set, note, rows) {
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

/** Where a run stands is told when it ends, and what it was when it is broken off. */
function conditions(set) {
  const commit = spawnSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).stdout.trim();
  return [
    `# Timetable engine, ${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC, commit ${commit}`,
    '',
    `${cpus().length} × ${cpus()[0]?.model ?? 'processor'}; load average at the start ${loadavg().map((n) => n.toFixed(1)).join(', ')}; ` +
      `seeds ${set.seeds.join(', ')}; threads ${set.threads}; –: not within ${set.complete} s.`,
  ];
}

/** Runs what the variables ask for; `note(name, value, unit)` takes each figure. */
export async function measure(_product, note) {
  mkdirSync(target, { recursive: true });
  const set = settings();
  const folder = process.env.PARTA_XHSTT;
  const generator = process.env.PARTA_FET_SCHOOLS;
  const fet = process.env.PARTA_FET;
  if (!folder && !generator && !fet) throw new Error('set PARTA_XHSTT, PARTA_FET_SCHOOLS or PARTA_FET; the head of end2end/bench/timetable.mjs says how');
  if ((generator || fet) && set.fetCl && spawnSync('fet-cl', ['--version']).error) throw new Error('fet-cl is missing: `./parta setup` installs it, or set PARTA_TIMETABLE_FET_CL=0');
  if (!process.env.PARTA_TIMETABLE_BINARY) execFileSync('cargo', ['build', '--release', '-p', 'timetable', '--features', 'cli', '--bin', 'timetable'], { cwd: root, stdio: 'inherit' });
  const scratch = mkdtempSync(path.join(tmpdir(), 'parta-timetable-'));
  const rows = conditions(set);
  try {
    if (generator) {
      const options = text('PARTA_TIMETABLE_SCHOOL_OPTIONS', '--max-gaps 2').split(' ').filter(Boolean);
      const files = numbers('PARTA_TIMETABLE_SCHOOLS', '1-5').map((seed) => {
        const file = path.join(scratch, `school-${seed}.fet`);
        execFileSync('python3', [generator, file, '--seed', String(seed), ...options], { stdio: ['ignore', 'ignore', 'inherit'] });
        return [`school-${seed}`, file];
      });
      fetTable(`Generated Russian schools (${options.join(' ')})`, files, scratch, set, note, rows);
    }
    if (fet) {
      const from = fet === 'samples' ? SAMPLES : fet;
      const files = found(from, (name) => name.endsWith('.fet')).map((file) => [path.relative(from, file).replace(/\.fet$/, '').replace(/[|\s]/g, '_'), file]);
      fetTable('FET files', files, scratch, set, note, rows);
    }
    if (folder) xhstt(folder, scratch, set, note, rows);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
    rows.push('', `Load average at the end: ${loadavg().map((n) => n.toFixed(1)).join(', ')}.`);
    writeFileSync(path.join(target, 'timetable.md'), `${rows.join('\n')}\n`);
  }
  console.log(`written to ${path.join(target, 'timetable.md')}`);
}
