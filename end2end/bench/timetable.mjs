// The timetable engine beside the best published costs, KHE and FET. `./parta bench timetable`; every part is switched by variables:
//
//   PARTA_XHSTT              folder of XHSTT instances (instances/*.xml.xz, and a README.md with the table of best published costs
//                            and of KHE's); without it that part is left out
//   PARTA_FET_SCHOOLS        path of make_fet_school.py, which writes a Russian school from a seed; needs python3
//   PARTA_TIMETABLE_SCHOOLS  seeds of these schools, e.g. "1-5" or "1,7,30" (default "1-5")
//   PARTA_TIMETABLE_SCHOOL_OPTIONS   options of the generator (default "--max-gaps 2")
//   PARTA_TIMETABLE_LARGE    seeds of schools of 100 classes in two shifts (joined.mjs), besides those of PARTA_TIMETABLE_SCHOOLS; none by default
//   PARTA_FET                folder of FET files, looked through with all its folders; "samples" for Debian's fet-data. Only time to complete is
//                            told of these, and what fet-cl and we say of one another's timetables
//   PARTA_TIMETABLE_SECONDS  budgets in seconds at which costs are compared (default "10"; the issue's: "10,60,300")
//   PARTA_TIMETABLE_COMPLETE most seconds until the first timetable without a broken requirement, for us and for fet-cl (default 60;
//                            "0": this is not measured)
//   PARTA_TIMETABLE_SEEDS    seeds of each run; medians are told (default "1"; the issue's: "1,2,3")
//   PARTA_TIMETABLE_THREADS  threads of ours (default 2; fet-cl has one)
//   PARTA_TIMETABLE_FET_CL   "0" leaves fet-cl out
//   PARTA_TIMETABLE_AS_GIVEN "1": no wishes but the files' own (`solve --as-given`) in the time to complete, for us as for fet-cl
//   PARTA_TIMETABLE_BINARY   a ready `timetable`, instead of a release build of this tree
//   PARTA_TIMETABLE_ONLY     only files whose names contain one of these words (comma between)
//
// A short run: PARTA_FET_SCHOOLS=…/make_fet_school.py PARTA_TIMETABLE_SCHOOLS=1 ./parta bench timetable
// The whole of the issue: all folders, PARTA_TIMETABLE_SECONDS=10,60,300 PARTA_TIMETABLE_SEEDS=1,2,3 PARTA_TIMETABLE_SCHOOLS=1-50, a day and more.
//
// Everything runs in turn, never two at once. fet-cl does not keep its own time limit, so it is killed from outside. Times
// are told by the clock, and processor seconds beside, since machines are shared. Writes target/timetable.md.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { fileTable, schoolTable } from './fet.mjs';
import { joined } from './joined.mjs';
import { byCost, found, median, numbers, root, settings, solve, target, text, wanted } from './runs.mjs';

const SAMPLES = '/usr/share/doc/fet-data/examples';
/** What the generator is asked for so that three of its schools have 100 classes: it rounds by grades. */
const PARTS = [34, 34, 32];

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
  let beside = 0;
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
      if (/^\d+,\d+$/.test(khe ?? '')) {
        beside += 1;
        if (byCost(last, khe.split(',').map(Number)) <= 0) tally['no worse than KHE'] += 1;
      }
      if (last[0] <= hard && last[1] <= 1.25 * soft + 5) tally['soft ≤ 1.25 × best + 5'] += 1;
      if (byCost(last, [hard, soft]) <= 0) tally['equal or better than the best'] += 1;
    }
    rows.push(`| ${name} | ${best ?? ''} | ${khe ?? ''} | ${ours.map((c) => c.join(',')).join(' | ')} | ${compared(last, best)} | ${compared(last, khe)} |`);
    console.log(rows.at(-1));
  }
  const { instances, ...counts } = tally;
  rows.push('', `After ${set.budgets.at(-1)} s, of ${instances} (KHE's cost is known of ${beside}): ${Object.entries(counts).map(([what, n]) => `${what}: ${n}`).join('; ')}.`);
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
      schoolTable(`Generated Russian schools (${options.join(' ')})`, files, scratch, set, note, rows);
      const large = numbers('PARTA_TIMETABLE_LARGE', '').map((seed) => {
        const parts = PARTS.map((classes, part) => {
          const file = path.join(scratch, `part-${part}.fet`);
          const given = ['--seed', String(seed * PARTS.length + part), '--shifts', '2', '--classes', String(classes), ...options];
          execFileSync('python3', [generator, file, ...given], { stdio: ['ignore', 'ignore', 'inherit'] });
          return readFileSync(file, 'utf8');
        });
        const { classes, activities, xml } = joined(parts);
        console.log(`large-${seed}: ${classes} classes, ${activities} activities`);
        const file = path.join(scratch, `large-${seed}.fet`);
        writeFileSync(file, xml);
        return [`large-${seed}`, file];
      });
      if (large.length > 0) schoolTable(`Schools of 100 classes in two shifts (${options.join(' ')})`, large, scratch, set, note, rows);
    }
    if (fet) {
      const from = fet === 'samples' ? SAMPLES : fet;
      const files = found(from, (name) => name.endsWith('.fet')).map((file) => [path.relative(from, file).replace(/\.fet$/, '').replace(/[|\s]/g, '_'), file]);
      fileTable('FET files', files, scratch, set, note, rows);
    }
    if (folder) xhstt(folder, scratch, set, note, rows);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
    rows.push('', `Load average at the end: ${loadavg().map((n) => n.toFixed(1)).join(', ')}.`);
    writeFileSync(path.join(target, 'timetable.md'), `${rows.join('\n')}\n`);
  }
  console.log(`written to ${path.join(target, 'timetable.md')}`);
}
