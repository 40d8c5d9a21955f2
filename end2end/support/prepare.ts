// Once before all journeys: a PostgreSQL that nothing outlives, the demo region in it, and everyone signed in once.
// Each worker then copies that database (support/test.ts).
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ROLES, signInByForm } from './people';
import { database, parta, query, Server, startCluster, stopCluster } from './programs';

export const TEMPLATE = 'parta_e2e';

export default async function prepare(): Promise<() => Promise<void>> {
  const since = Date.now();
  const folder = mkdtempSync(path.join(process.env.PARTA_QUICK_FOLDER ?? tmpdir(), 'parta-e2e.'));
  chmodSync(folder, 0o755);
  const states = path.join(folder, 'states');
  mkdirSync(states);
  const cluster = startCluster(path.join(folder, 'data'));
  const stop = async (): Promise<void> => {
    stopCluster(path.join(folder, 'data'));
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await query(database(cluster, 'postgres'), `create database ${TEMPLATE}`);
    const url = database(cluster, TEMPLATE);
    await parta(['migrate'], url);
    await parta(['demo'], url);
    const loaded = Date.now();
    const server = await Server.start(url);
    try {
      for (const login of ROLES) writeFileSync(path.join(states, `${login}.json`), JSON.stringify(await signInByForm(server.url, login)));
    } catch (error) {
      throw new Error(`${String(error)}\nthe server said:\n${server.log}`);
    } finally {
      await server.stop();
    }
    process.env.PARTA_E2E_CLUSTER = cluster;
    process.env.PARTA_E2E_STATES = states;
    console.log(`demo region ${loaded - since} ms, ${ROLES.length} people signed in ${Date.now() - loaded} ms`);
  } catch (error) {
    await stop();
    throw error;
  }
  return stop;
}
