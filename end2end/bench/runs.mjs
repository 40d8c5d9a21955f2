// What the parts of the timetable benchmark share: their variables, and running programs one after another.
import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
export const target = process.env.CARGO_TARGET_DIR || path.join(root, 'target');
export const binary = process.env.PARTA_TIMETABLE_BINARY || path.join(target, 'release', 'timetable');
export const text = (name, standard) => process.env[name] || standard;
/** "1-3,7" as [1, 2, 3, 7]. */
export function numbers(name, standard) {
  return text(name, standard)
    .split(/[ ,]+/)
    .filter(Boolean)
    .flatMap((part) => {
      const [from, to = from] = part.split('-').map(Number);
      if (!(from >= 0 && to >= from)) throw new Error(`${name}: "${part}" is neither a number nor a range`);
      return Array.from({ length: to - from + 1 }, (_, n) => from + n);
    });
}

export const settings = () => ({
  budgets: numbers('PARTA_TIMETABLE_SECONDS', '10'),
  seeds: numbers('PARTA_TIMETABLE_SEEDS', '1'),
  complete: Number(text('PARTA_TIMETABLE_COMPLETE', '60')),
  threads: text('PARTA_TIMETABLE_THREADS', '2'),
  fetCl: text('PARTA_TIMETABLE_FET_CL', '1') !== '0',
  asGiven: text('PARTA_TIMETABLE_AS_GIVEN', '0') === '1' ? ['--as-given'] : [],
  only: text('PARTA_TIMETABLE_ONLY', '').split(',').filter(Boolean),
});

/** Runs a program; clock and processor seconds beside what it said. `limit`: seconds after which it is killed. */
export function timed(program, args, limit) {
  const script = 'TIMEFORMAT="@@ %R %U %S"; time "$@"';
  const whole = limit ? ['timeout', '-s', 'KILL', String(limit), program, ...args] : [program, ...args];
  const run = spawnSync('bash', ['-c', script, 'bash', ...whole], { encoding: 'utf8', maxBuffer: 1 << 28 });
  const [, clock, user, system] = /@@ ([\d.]+) ([\d.]+) ([\d.]+)/.exec(run.stderr) ?? [];
  return { status: run.status, out: run.stdout, err: run.stderr, clock: Number(clock), cpu: Number(user) + Number(system) };
}

/** Exit status of a timetable that leaves something required unmet where that was asked for. */
const UNMET = 3;

export function solve(file, output, seconds, seed, threads, more = []) {
  const args = ['solve', file, '-o', output, '--seconds', String(seconds), '--seed', String(seed), '--threads', threads, ...more];
  const run = timed(binary, args);
  if (run.status !== 0 && run.status !== UNMET) throw new Error(`${file}: ${run.err.split('\n').slice(-4).join(' ')}`);
  const [, hard, soft] = run.out.trim().split('\t');
  const [, ignored] = /\t(\d+) requirements not understood/.exec(run.out) ?? [];
  return { cost: [Number(hard), Number(soft)], ignored: parseInt(ignored ?? '0', 10), clock: run.clock, cpu: run.cpu };
}

/** What a finished file breaks of what is required, by our own judge. */
export function judged(file) {
  const run = timed(binary, ['evaluate', file]);
  const [, hard] = /\t(\d+)\t\d+\t/.exec(run.out) ?? [];
  return Number(hard);
}

/** The middle one; with an even number the worse of the two in the middle. `null` is worse than any. */
export function median(list, order = (a, b) => a - b) {
  const sorted = [...list].sort((a, b) => (a === null ? 1 : 0) - (b === null ? 1 : 0) || order(a, b));
  return sorted[Math.floor(sorted.length / 2)];
}
export const byCost = (a, b) => a[0] - b[0] || a[1] - b[1];
export const shown = (value, digits = 1) => (value === null || value === undefined || Number.isNaN(value) ? '–' : value.toFixed(digits));

export const wanted = (name, set) => set.only.length === 0 || set.only.some((word) => name.includes(word));

/** All files of a folder and its folders whose names are wanted. */
export function found(folder, is) {
  return readdirSync(folder).sort().flatMap((name) => {
    const whole = path.join(folder, name);
    return statSync(whole).isDirectory() ? found(whole, is) : is(name) ? [whole] : [];
  });
}
