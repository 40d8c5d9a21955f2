// The product as it is run: the release build with its own PostgreSQL (fsync on), the demo region, people signed in.
import { execFile, execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const PARTA = process.env.PARTA_BIN || path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../target/release/parta');
export const CHROMIUM = process.env.PARTA_CHROMIUM || '/usr/bin/chromium';
export const CHROMIUM_ARGS = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
];
const PASSWORD = 'parta-demo';

export function clean(more = {}) {
  const env = { ...process.env, ...more };
  for (const key of ['DATABASE_URL', 'PARTA_CONFIG', 'PARTA_ADDRESS', 'PARTA_PUBLIC_URL', 'PARTA_DATA', 'LEPTOS_WATCH']) {
    if (!(key in more)) delete env[key];
  }
  return env;
}

export function folder(name) {
  const made = mkdtempSync(path.join(process.env.PARTA_BENCH_TMP || tmpdir(), `parta-bench-${name}.`));
  chmodSync(made, 0o755);
  return made;
}

function psql() {
  const base = '/usr/lib/postgresql';
  const versions = existsSync(base) ? readdirSync(base).sort((a, b) => Number(b) - Number(a)) : [];
  return versions.map((v) => `${base}/${v}/bin/psql`).find(existsSync) ?? 'psql';
}

async function port() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port: free } = probe.address();
      probe.close(() => resolve(free));
    });
  });
}

export class Product {
  static async start() {
    const data = folder('data');
    const listen = `127.0.0.1:${await port()}`;
    const env = clean({ PARTA_ADDRESS: listen, RUST_LOG: 'warn' });
    const child = spawn(PARTA, ['serve', '--demo', '--data', data], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const said = [];
    child.stdout.on('data', (chunk) => said.push(String(chunk)));
    child.stderr.on('data', (chunk) => said.push(String(chunk)));
    const url = `http://${listen}`;
    for (let n = 0; ; n += 1) {
      const ok = await fetch(`${url}/ready`).then((r) => r.ok, () => false);
      if (ok) break;
      if (child.exitCode !== null || n > 1200) throw new Error(`the server did not get ready:\n${said.join('')}`);
      await new Promise((r) => setTimeout(r, 100));
    }
    const database = execFileSync(PARTA, ['postgres', 'url', '--data', data], { env: clean(), encoding: 'utf8' }).trim();
    return Object.assign(new Product(), { url, data, database, child, said, cookies: new Map() });
  }

  /** Rows of a question, as the owner of the database. */
  async sql(text) {
    const run = promisify(execFile);
    const { stdout } = await run(psql(), ['-X', '-q', '-At', '-F', '\t', '-v', 'ON_ERROR_STOP=1', '-d', this.database, '-c', text], {
      maxBuffer: 256 << 20,
    });
    return stdout.split('\n').filter(Boolean).map((line) => line.split('\t'));
  }

  /** The session cookie of a person, signed in once. */
  async cookie(login) {
    if (!this.cookies.has(login)) {
      const response = await fetch(`${this.url}/api/access/sign_in`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' },
        body: new URLSearchParams({ login, password: PASSWORD, return_to: '/' }),
      });
      const set = response.headers.getSetCookie().map((line) => line.split(';')[0]);
      const session = set.find((line) => line.startsWith('__Host-parta='));
      if (!session) throw new Error(`${login} could not sign in: ${response.status} ${await response.text()}`);
      this.cookies.set(login, session);
    }
    return this.cookies.get(login);
  }

  /** Resident memory of the server in MB; PostgreSQL's processes are not in it. */
  memory() {
    const status = readFileSync(`/proc/${this.child.pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+) kB/.exec(status)[1]) / 1024;
  }

  peak() {
    const status = readFileSync(`/proc/${this.child.pid}/status`, 'utf8');
    return Number(/VmHWM:\s+(\d+) kB/.exec(status)[1]) / 1024;
  }

  async stop() {
    const gone = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGTERM');
    const patience = setTimeout(() => this.child.kill('SIGKILL'), 20_000);
    await gone;
    clearTimeout(patience);
    rmSync(this.data, { recursive: true, force: true });
  }
}
