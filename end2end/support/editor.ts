// The timetable editor as a person sees it.
import { expect, type Locator, type Page } from '@playwright/test';
import { open } from './test';
import { SCHOOL } from './places';
import type { Server } from './programs';

export class Editor {
  constructor(
    readonly page: Page,
    readonly version: string,
  ) {}

  static async open(page: Page, version: string): Promise<Editor> {
    await open(page, `/timetable/${version}`);
    await expect(page.getByRole('grid', { name: 'Сетка расписания' })).toBeVisible();
    return new Editor(page, version);
  }

  get tray(): Locator {
    return this.page.getByRole('complementary', { name: 'Лоток' });
  }

  get panel(): Locator {
    return this.page.getByRole('complementary', { name: 'Подсказки' });
  }

  /** The cells of a verdict, while a card is held. */
  cells(verdict: 'good' | 'poor' | 'clash'): Locator {
    return this.page.locator(`.tt-cell[data-verdict="${verdict}"]`);
  }

  async choose(kind: 'Параллель' | 'Класс' | 'Учитель' | 'Кабинет', which?: string): Promise<void> {
    await this.page.getByRole('radio', { name: kind }).check({ force: true });
    if (which) await this.page.getByLabel('Что показать').selectOption({ label: which });
  }

  async saved(): Promise<void> {
    await expect(this.page.locator('.tt-bar .save-status')).toHaveText('Сохранено', { timeout: 20_000 });
  }

  /** How many cards lie somewhere, as the database holds it. */
  async placed(server: Server): Promise<number> {
    return Number(await server.ask(`select count(*) from card where school_id = ${SCHOOL} and version_id = ${this.version} and day is not null`));
  }
}

/** A draft of one's own: a copy of the demo's, so that journeys do not meet on one board. */
export async function copyOfDraft(server: Server, title: string): Promise<string> {
  return server.ask(`
    with old as (select * from timetable_version where school_id = ${SCHOOL} and title = 'Черновик' limit 1),
    made as (
      insert into timetable_version (school_id, year_id, title, state, day_names, slot_names, cycle_weeks, changed_at)
      select school_id, year_id, '${title}', 'draft', day_names, slot_names, cycle_weeks, changed_at from old returning id),
    cards as (
      insert into card (school_id, version_id, load_id, duration, weeks, day, slot, room_id, locked)
      select c.school_id, made.id, c.load_id, c.duration, c.weeks, c.day, c.slot, c.room_id, c.locked
      from card c, old, made where c.school_id = old.school_id and c.version_id = old.id)
    select id from made`);
}

/** Beside the algebra of 7А a lesson of another class waits in a draft's tray: its card. */
export async function lessonInTray(server: Server, version: string, name: string): Promise<string> {
  const card = await server.ask(`select min(k.id) from card k join load_audience a on a.school_id = k.school_id and a.load_id = k.load_id
    join class c on c.school_id = a.school_id and c.id = a.class_id
    where k.school_id = ${SCHOOL} and k.version_id = ${version} and c.name = '${name}' and a.subgroup_id is null`);
  await server.sql(`update card set day = null, slot = null, room_id = null where school_id = ${SCHOOL} and id = ${card}`);
  return card;
}
