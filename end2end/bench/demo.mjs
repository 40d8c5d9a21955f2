// How long it takes to load a demo region of 50 schools, into a fresh cluster as the product makes it (fsync on).
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { clean, folder, PARTA } from './product.mjs';

export async function measure(_product, note) {
  const schools = Number(process.env.PARTA_BENCH_SCHOOLS || 50);
  const data = folder('demo');
  try {
    const run = (...args) => execFileSync(PARTA, [...args, '--data', data], { env: clean({ RUST_LOG: 'warn' }), stdio: ['ignore', 'ignore', 'inherit'] });
    run('migrate');
    const since = performance.now();
    run('demo', '--schools', String(schools));
    note(`demo_${schools}_schools`, (performance.now() - since) / 1000, 's');
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
}
