// The grade grid as a person sees it: the active cell, a cell by row and column, how saving stands.
import { expect, type Locator, type Page } from '@playwright/test';
import { open, TODAY } from './test';
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
/** In either language, as the browser asks for it. */
const SAVED_HERE = /^(Всё сохранено|All saved)$/;

/** Everything that was typed has been taken: words of what is on its way come late, that nothing is stands beside them. */
export async function saved(page: Page, timeout = 20_000): Promise<void> {
  const status = page.locator('.save-status');
  await expect(status).not.toHaveAttribute('data-busy', { timeout });
  await expect(status).toHaveText(SAVED_HERE, { timeout });
}

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
    /** The lesson that is open. */
    readonly lesson: string,
  ) {}

  /**
   * Opens a journal at the top of a lesson's column: today's, or the last before today, or `back` lessons earlier. What the
   * demo region wrote into that lesson is wiped before (`keep`: it is not), so that there is one empty column.
   */
  static async open(page: Page, server: Server, load: string, back = 0, keep = false): Promise<Grid> {
    const lesson = keep ? await held(server, load, back) : await emptied(server, load, back);
    await open(page, `/journal/${load}`);
    const grid = new Grid(page, load, lesson);
    await expect(page.getByRole('grid')).not.toHaveAttribute('aria-busy', 'true');
    const before = await server.ask(`
      with this as (select held_on, slot from lesson where school_id = ${SCHOOL} and id = ${lesson}),
      period as (select min(p.starts_on) as starts_on from period p join this on this.held_on between p.starts_on and p.ends_on
        join load_audience u on u.school_id = p.school_id and u.load_id = ${load}
        join class c on c.school_id = u.school_id and c.id = u.class_id
        join parallel q on q.school_id = c.school_id and q.year_id = c.year_id and q.grade = c.grade and q.period_system_id = p.system_id
        where p.school_id = ${SCHOOL})
      select coalesce(sum(greatest(1, (select count(*) from assignment a where a.school_id = l.school_id and a.lesson_id = l.id))), 0)
      from lesson l, this, period where l.school_id = ${SCHOOL} and l.load_id = ${load}
        and l.held_on >= period.starts_on and (l.held_on, l.slot) < (this.held_on, this.slot)`);
    const { column } = await grid.active();
    await page.locator('.grid-body .grid-cell[data-active]').click();
    for (let n = column; n > Number(before); n -= 1) await page.keyboard.press('ArrowLeft');
    expect(await grid.active()).toEqual({ row: 0, column: Number(before) });
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

  /** Goes to a cell by keys, wherever one stands and whether it is drawn or not; what is being typed is left. */
  async goTo(row: number, column: number): Promise<void> {
    for (const key of ['Escape', 'Control+Home']) await this.page.keyboard.press(key);
    for (let n = 0; n < column; n += 1) await this.page.keyboard.press('ArrowRight');
    for (let n = 0; n < row; n += 1) await this.page.keyboard.press('ArrowDown');
    expect(await this.active()).toEqual({ row, column });
  }

  async saved(): Promise<void> {
    await saved(this.page);
  }

  async paste(text: string): Promise<void> {
    await this.page.evaluate((words) => {
      const data = new DataTransfer();
      data.setData('text/plain', words);
      document.activeElement!.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
    }, text);
  }

  /** The marks of the open lesson as the database holds them, by pupil's name. */
  async stored(server: Server): Promise<string[]> {
    const rows = await server.sql(`
      select m.code from mark m join assignment a on a.school_id = m.school_id and a.id = m.assignment_id
      join pupil p on p.school_id = m.school_id and p.id = m.pupil_id join person n on n.id = p.person_id
      where m.school_id = ${SCHOOL} and a.lesson_id = ${this.lesson} and m.code is not null order by n.last_name, n.first_name`);
    return rows.map(([code]) => code);
  }
}

/** The line, from 0, that a pupil of the class has in a journal of the whole class. */
export async function rowOf(server: Server, load: string, pupil: string): Promise<number> {
  return Number(await server.ask(`
    select count(*) from enrolment e join pupil p on p.school_id = e.school_id and p.id = e.pupil_id join person n on n.id = p.person_id
    join person me on me.id = (select person_id from pupil where school_id = ${SCHOOL} and id = ${pupil})
    where e.school_id = ${SCHOOL} and e.ends_on is null and e.class_id = (select class_id from load_audience where school_id = ${SCHOOL} and load_id = ${load} limit 1)
      and (n.last_name, n.first_name) < (me.last_name, me.first_name)`));
}

/** Today's lesson of a journal, or the last before today, or `back` lessons earlier. */
export async function held(server: Server, load: string, back = 0): Promise<string> {
  return server.ask(`select id from lesson where school_id = ${SCHOOL} and load_id = ${load} and held_on <= '${TODAY}' and state <> 'cancelled'
    order by held_on desc, slot desc limit 1 offset ${back}`);
}

/** The same, without works, marks and absences. */
export async function emptied(server: Server, load: string, back = 0): Promise<string> {
  const lesson = await held(server, load, back);
  await server.sql(`
    delete from mark m using assignment a where m.school_id = ${SCHOOL} and a.school_id = m.school_id and a.id = m.assignment_id and a.lesson_id = ${lesson};
    delete from assignment where school_id = ${SCHOOL} and lesson_id = ${lesson};
    delete from attendance where school_id = ${SCHOOL} and lesson_id = ${lesson}`);
  return lesson;
}

/** The next lesson of a journal after today. */
export async function toCome(server: Server, load: string): Promise<string> {
  return server.ask(`select id from lesson where school_id = ${SCHOOL} and load_id = ${load} and held_on > '${TODAY}' and state <> 'cancelled'
    order by held_on, slot limit 1`);
}
