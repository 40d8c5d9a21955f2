// The programs around the journeys: the server under test, its throw-away PostgreSQL, psql.
import { execFile, execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

// CI starts us through ./parta, which names the executable; by hand it is the one of the last build.
export const PARTA = process.env.PARTA_BIN || path.resolve(__dirname, '../../target/debug/parta');

// The journeys live on a Tuesday of the second quarter, at ten in the morning in Moscow: yesterday and tomorrow are
// school days in every year that the suite is run. PARTA_E2E_NOW=real takes the clock on the wall.
export const NOW = process.env.PARTA_E2E_NOW || '2026-11-17 07:00:00';
// As a school in Moscow writes it.
export const TODAY = NOW === 'real' ? new Date(Date.now() + 3 * 3600_000).toISOString().slice(0, 10) : NOW.slice(0, 10);

export function day(offset: number, from: string = TODAY): string {
  const date = new Date(`${from}T12:00:00Z`);
  date.setUTCDate(date.getUTCDate() + offset);
  return date.toISOString().slice(0, 10);
}

// `faketime` moves the clock of one process: so the server needs no switch for tests.
function clock(now: string = NOW): NodeJS.ProcessEnv {
  if (now === 'real') return {};
  const library = ['x86_64', 'aarch64'].map((a) => `/usr/lib/${a}-linux-gnu/faketime/libfaketimeMT.so.1`).find(existsSync);
  if (!library) throw new Error('the journeys need Debian\'s package faketime (or PARTA_E2E_NOW=real)');
  return { LD_PRELOAD: library, FAKETIME: `@${now}`, FAKETIME_DONT_FAKE_MONOTONIC: '1', DONT_FAKE_MONOTONIC: '1', TZ: 'UTC' };
}

function environment(more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const env = { ...process.env, ...more };
  // Nothing of the developer's own set-up may leak into the journeys.
  for (const key of ['PARTA_CONFIG', 'PARTA_ADDRESS', 'PARTA_PUBLIC_URL', 'PARTA_SITE', 'LEPTOS_WATCH']) if (!(key in more)) delete env[key];
  // Devices are told by the one server that a journey starts for it: two over one database would take turns.
  if (!('PARTA_PUSH' in more)) env.PARTA_PUSH = 'false';
  if (!('DATABASE_URL' in more)) delete env.DATABASE_URL;
  return env;
}

/** Starts a cluster that nothing outlives; the folder must be one that PostgreSQL's account may enter. */
export function startCluster(folder: string): string {
  return execFileSync(PARTA, ['postgres', 'start', '--throw-away', '--data', folder], { env: environment(), encoding: 'utf8' }).trim();
}

export function stopCluster(folder: string): void {
  execFileSync(PARTA, ['postgres', 'stop', '--data', folder], { env: environment(), stdio: 'ignore' });
}

/** The same cluster, another database. */
export function database(cluster: string, name: string): string {
  const url = new URL(cluster);
  url.pathname = `/${name}`;
  return url.toString();
}

const PSQL = (() => {
  const base = '/usr/lib/postgresql';
  const versions = existsSync(base) ? readdirSync(base).sort((a, b) => Number(b) - Number(a)) : [];
  return versions.map((v) => `${base}/${v}/bin/psql`).find(existsSync) || 'psql';
})();

/** Rows of a question, each a list of texts; as the owner, past all walls. */
export async function query(url: string, sql: string): Promise<string[][]> {
  const { stdout } = await run(PSQL, ['-X', '-q', '-At', '-F', '\u001f', '-v', 'ON_ERROR_STOP=1', '-d', url, '-c', sql], {
    maxBuffer: 64 << 20,
  });
  return stdout.split('\n').filter((line) => line !== '').map((line) => line.split('\u001f'));
}

/** The rows of a table as another database has them, in place of what was made of them; no trigger may hang on the table. */
export async function copied(table: string, from: string, to: string): Promise<void> {
  const script = '"$0" -X -q -d "$1" -c "copy $3 to stdout" | "$0" -X -q -v ON_ERROR_STOP=1 -d "$2" -1 -c "delete from $3" -c "copy $3 from stdin"';
  await run('bash', ['-o', 'pipefail', '-c', script, PSQL, from, to, table]);
}

export async function parta(args: string[], databaseUrl: string): Promise<string> {
  const { stdout } = await run(PARTA, args, { env: environment({ ...clock(), DATABASE_URL: databaseUrl }), maxBuffer: 64 << 20 });
  return stdout;
}

export async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => (address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port'))));
    });
  });
}

/** Where the built site lies: beside the folder of the executable, as the server itself finds it. */
export const SITE = path.resolve(path.dirname(PARTA), '../site');

export class Server {
  private constructor(
    readonly url: string,
    readonly port: number,
    readonly databaseUrl: string,
    /** How far the server's clock is from the one on the wall, in milliseconds. */
    readonly shift: number,
    private readonly process: ChildProcess,
    private readonly lines: string[],
  ) {}

  /** Starts one on a free port; `now`: by another clock than the journeys' own; `more`: in the place of another, or set up otherwise. */
  static async start(databaseUrl: string, now: string = NOW, more: { port?: number; env?: NodeJS.ProcessEnv } = {}): Promise<Server> {
    const port = more.port ?? (await freePort());
    const url = `http://127.0.0.1:${port}`;
    const shift = now === 'real' ? 0 : Date.parse(`${now.replace(' ', 'T')}Z`) - Date.now();
    const child = spawn(PARTA, ['serve'], {
      env: environment({ ...clock(now), DATABASE_URL: databaseUrl, PARTA_ADDRESS: `127.0.0.1:${port}`, RUST_LOG: process.env.RUST_LOG || 'warn', ...more.env }),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const lines: string[] = [];
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        lines.push(String(chunk));
        if (lines.length > 2000) lines.splice(0, 1000);
      });
    }
    const server = new Server(url, port, databaseUrl, shift, child, lines);
    for (let n = 0; n < 600; n += 1) {
      if (child.exitCode !== null) break;
      const ready = await fetch(`${url}/ready`).then((r) => r.ok, () => false);
      if (ready) return server;
      await new Promise((r) => setTimeout(r, 100));
    }
    throw new Error(`the server did not get ready:\n${lines.join('')}`);
  }

  get log(): string {
    return this.lines.join('');
  }

  async sql(text: string): Promise<string[][]> {
    return query(this.databaseUrl, text);
  }

  /** One value. */
  async ask(text: string): Promise<string> {
    const rows = await this.sql(text);
    if (!rows[0]) throw new Error(`no row: ${text}`);
    return rows[0][0];
  }

  /** A cut that a service worker feels, too: Playwright's offline switch does not always reach its fetches. */
  hang(on: boolean): void {
    this.process.kill(on ? 'SIGSTOP' : 'SIGCONT');
  }

  /** As if the machine had lost its power: nothing is written down, nobody is told. */
  async kill(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const gone = new Promise((resolve) => this.process.once('exit', resolve));
    this.process.kill('SIGKILL');
    await gone;
  }

  async stop(): Promise<void> {
    if (this.process.exitCode !== null) return;
    const gone = new Promise((resolve) => this.process.once('exit', resolve));
    this.process.kill('SIGTERM');
    const patience = setTimeout(() => this.process.kill('SIGKILL'), 5000);
    await gone;
    clearTimeout(patience);
  }
}
