// The timetable engine: costs after some seconds on the instances of a folder, beside the best published ones, and generated FET
// schools. `PARTA_XHSTT` names the folder (instances/*.xml.xz and a README.md with the table of costs), `PARTA_TIMETABLE_SECONDS`
// the budgets (default "10"), `PARTA_TIMETABLE_SEEDS` the seeds (default "1"; medians are noted), `PARTA_FET` a folder of
// FET files. Writes target/timetable.md: one row an instance.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const target = process.env.CARGO_TARGET_DIR || path.join(root, 'target');
const binary = path.join(target, 'release', 'timetable');
const list = (name, standard) => (process.env[name] || standard).split(/[ ,]+/).map(Number);

function solve(file, output, seconds, seed, more = []) {
  const args = ['solve', file, '-o', output, '--seconds', String(seconds), '--seed', String(seed), '--threads', '2', ...more];
  const run = spawnSync(binary, args, { encoding: 'utf8', maxBuffer: 1 << 26 });
  if (run.status !== 0) throw new Error(`${file}: ${run.stderr.split('\n').slice(-3).join(' ')}`);
  const [, hard, soft] = run.stdout.trim().split('\t');
  return [Number(hard), Number(soft)];
}

const median = (costs) => costs.sort((a, b) => a[0] - b[0] || a[1] - b[1])[Math.floor((costs.length - 1) / 2)];

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

export async function measure(_product, note) {
  execFileSync('cargo', ['build', '--release', '-p', 'timetable', '--features', 'cli', '--bin', 'timetable'], { cwd: root, stdio: 'inherit' });
  const budgets = list('PARTA_TIMETABLE_SECONDS', '10');
  const seeds = list('PARTA_TIMETABLE_SEEDS', '1');
  const xhstt = process.env.PARTA_XHSTT;
  const fet = process.env.PARTA_FET;
  if (!xhstt && !fet) throw new Error('set PARTA_XHSTT or PARTA_FET to a folder of instances');
  const scratch = mkdtempSync(path.join(tmpdir(), 'parta-timetable-'));
  const rows = [`| instance | best published | KHE | ${budgets.map((s) => `ours, ${s} s`).join(' | ')} |`, `|${'---|'.repeat(3 + budgets.length)}`];
  const files = [];
  if (xhstt) for (const name of readdirSync(path.join(xhstt, 'instances')).sort()) files.push([path.join(xhstt, 'instances', name), []]);
  if (fet) for (const name of readdirSync(fet).filter((f) => f.endsWith('.fet')).sort()) files.push([path.join(fet, name), ['--few-gaps']]);
  const known = xhstt ? published(xhstt) : new Map();
  try {
    for (const [file, more] of files) {
      const name = path.basename(file).replace(/\.(xml\.xz|xml|fet)$/, '');
      const ours = budgets.map((seconds) => {
        const [hard, soft] = median(seeds.map((seed) => solve(file, path.join(scratch, 'out.xml'), seconds, seed, more)));
        note(`timetable_${name}_${seconds}s_hard`, hard, 'cost');
        note(`timetable_${name}_${seconds}s_soft`, soft, 'cost');
        return `${hard},${soft}`;
      });
      const { best = '', khe = '' } = known.get(name) ?? {};
      rows.push(`| ${name} | ${best} | ${khe} | ${ours.join(' | ')} |`);
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
    writeFileSync(path.join(target, 'timetable.md'), `${rows.join('\n')}\n`);
  }
  console.log(`written to ${path.join(target, 'timetable.md')}`);
}
