// The grade grid as a person sees it: the active cell, a cell by row and column, how saving stands.
import { expect, type Locator, type Page } from '@playwright/test';
import { open } from './test';
import { SCHOOL } from './places';
import type { Server } from './programs';

/** A key of the Russian layout, which Playwright's keyboard does not have. */
export async function press(page: Page, key: string): Promise<void> {
  const codes: Record<string, string> = { н: 'KeyY', б: 'Comma', о: 'KeyJ', п: 'KeyG' };
  if (!(key in codes)) return page.keyboard.press(key);
  const session = await page.context().newCDPSession(page);
  await session.send('Input.dispatchKeyEvent', { type: 'keyDown', key, code: codes[key], text: key });
  await session.send('Input.dispatchKeyEvent', { type: 'keyUp', key, code: codes[key] });
  await session.detach();
}

export const SAVED = 'Всё сохранено';

/** The n-th of the seven journals of `teacher` in School 1: 7А, 8Б with three subjects each, mathematics of 5В. */
export async function journal(server: Server, n: number): Promise<string> {
  return server.ask(`
    select l.load_id from load_teacher l join employee e on e.school_id = l.school_id and e.id = l.employee_id
    join account a on a.person_id = e.person_id
    where l.school_id = ${SCHOOL} and a.login = 'teacher' order by l.load_id limit 1 offset ${n}`);
}

export class Grid {
  constructor(
    readonly page: Page,
    readonly load: string,
    /** Which lesson, counted from the last one. */
    readonly back: number,
  ) {}

  /** Opens a journal at the top of one of its last columns: a lesson to come, without any mark. */
  static async open(page: Page, load: string, back = 0): Promise<Grid> {
    await open(page, `/journal/${load}`);
    const grid = new Grid(page, load, back);
    await expect(page.getByRole('grid')).not.toHaveAttribute('aria-busy', 'true');
    await page.locator('.grid-body .grid-cell').first().click();
    await page.keyboard.press('Control+End');
    await page.keyboard.press('Control+End');
    for (let n = 0; n < 40 && (await grid.active()).row > 0; n += 1) await page.keyboard.press('PageUp');
    for (let n = 0; n < back; n += 1) await page.keyboard.press('ArrowLeft');
    await expect.poll(async () => (await grid.active()).row).toBe(0);
    return grid;
  }

  /** Row and column, from 0. */
  async active(): Promise<{ row: number; column: number }> {
    const cell = this.page.locator('.grid-body .grid-cell[data-active]');
    await expect(cell).toHaveCount(1);
    return cell.evaluate((e) => ({
      row: Number(e.parentElement!.getAttribute('aria-rowindex')) - 3,
      column: Number(e.getAttribute('aria-colindex')) - 2,
    }));
  }

  at(row: number, column: number): Locator {
    return this.page.locator(`.grid-body .grid-row[aria-rowindex="${row + 3}"] > .grid-cell[aria-colindex="${column + 2}"]`);
  }

  async saved(): Promise<void> {
    await expect(this.page.locator('.save-status')).toHaveText(SAVED, { timeout: 20_000 });
  }

  async paste(text: string): Promise<void> {
    await this.page.evaluate((words) => {
      const data = new DataTransfer();
      data.setData('text/plain', words);
      document.activeElement!.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
    }, text);
  }

  /** Marks and absences of the last lesson as the database holds them, by pupil's name. */
  async stored(server: Server): Promise<string[]> {
    const rows = await server.sql(`
      with last as (select id from lesson where school_id = ${SCHOOL} and load_id = ${this.load} order by held_on desc, slot desc limit 1 offset ${this.back})
      select m.code from mark m join assignment a on a.school_id = m.school_id and a.id = m.assignment_id
      join last on last.id = a.lesson_id
      join pupil p on p.school_id = m.school_id and p.id = m.pupil_id join person n on n.id = p.person_id
      where m.school_id = ${SCHOOL} and m.code is not null order by n.last_name, n.first_name`);
    return rows.map(([code]) => code);
  }
}
