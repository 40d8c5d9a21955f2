// A school that has nothing yet, its first people by the command line, and files of real schools.
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, type Page } from '@playwright/test';
import { open, ready } from './test';
import { fillSignIn } from './people';
import { parta, type Server } from './programs';

const EXAMPLES = '/usr/share/doc/fet-data/examples';

/** A file of Debian's package fet-data. */
export function example(name: string): string {
  const files = existsSync(EXAMPLES) ? readdirSync(EXAMPLES, { recursive: true, encoding: 'utf8' }) : [];
  const found = files.find((file) => path.basename(file) === name);
  if (!found) throw new Error(`no ${name}: install Debian's package fet-data`);
  return path.join(EXAMPLES, found);
}

/** Makes an organisation without anything; its first people come from the command line. */
export async function emptySchool(server: Server, id: number, name: string): Promise<string> {
  return server.ask(`insert into organisation (id, parent_id, kind, name, short_name, path)
    select ${id}, parent_id, 'school', '${name}', 'Школа ${id}', (path[:cardinality(path) - 1]) || ${id}::bigint
    from organisation where id = 11 returning id`);
}

export interface Slip {
  login: string;
  password: string;
}

export async function appoint(server: Server, school: string, position: string, name: string): Promise<Slip> {
  const told = await parta(['account', 'create', '--school', school, '--position', position, '--name', name], server.databaseUrl);
  return { login: /login:\s+(\S+)/.exec(told)![1], password: /password:\s+(\S+)/.exec(told)![1] };
}

/** The first sign-in with a slip: nothing opens before a password of one's own is chosen. */
export async function enter(page: Page, slip: Slip, own: string): Promise<void> {
  await open(page, '/sign-in');
  await fillSignIn(page, slip.login, slip.password);
  await expect(page).toHaveURL(/\/password/, { timeout: 20_000 });
  await ready(page);
  await page.getByLabel('Выданный пароль').fill(slip.password);
  await page.getByLabel(/^Новый пароль/).fill(own);
  await page.getByRole('button', { name: 'Сменить пароль' }).click();
  await expect(page).not.toHaveURL(/\/password/, { timeout: 20_000 });
  await ready(page);
}
