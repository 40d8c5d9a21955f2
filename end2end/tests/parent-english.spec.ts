// A parent who reads English: the whole of what a family does in the diary, on a phone, by the words of the language file.
import { violations, overflow } from '../support/axe';
import { algebra, pupil, SCHOOL } from '../support/places';
import { day, expect, open, PHONE, ready, test, TODAY } from '../support/test';
import { words } from '../support/texts';

const say = (key: string, places: Record<string, string | number> = {}) => words('en').say('classbook', key, places);

for (const colorScheme of ['light', 'dark'] as const) {
  test(`the diary in English, ${colorScheme}: week, subject, results, what if, a question, an absence, the week seen`, async ({ as, server }) => {
    test.setTimeout(120_000);
    const child = await pupil(server, 'Соколов', 'Артём');
    const yesterday = day(-1, TODAY);
    // yesterday he was ill in one lesson, and it stands there as the school calls it
    const lesson = await server.ask(`select l.id from lesson l
      join load_audience u on u.school_id = l.school_id and u.load_id = l.load_id and u.subgroup_id is null
      join enrolment e on e.school_id = u.school_id and e.class_id = u.class_id and e.pupil_id = ${child} and e.ends_on is null
      where l.school_id = ${SCHOOL} and l.held_on = '${yesterday}' and l.state <> 'cancelled' order by l.slot limit 1`);
    const before = await server.ask(`select coalesce((select format('%L', code) from attendance where school_id = ${SCHOOL} and lesson_id = ${lesson} and pupil_id = ${child}), 'none')`);
    const attended = (code: string) => server.sql(`insert into attendance (school_id, lesson_id, pupil_id, code, changed_by, changed_at)
      values (${SCHOOL}, ${lesson}, ${child}, ${code}, (select min(person_id) from employee where school_id = ${SCHOOL}), '${TODAY} 05:00Z')
      on conflict (school_id, lesson_id, pupil_id) do update set code = excluded.code, version = attendance.version + 1`);
    await attended("'б'");
    const asked = await server.ask(`select coalesce(max(id), 0) from dispute where school_id = ${SCHOOL}`);
    // the algebra of the first quarter is a four, whatever other journeys left of it
    const result = `school_id = ${SCHOOL} and pupil_id = ${child} and load_id = ${await algebra(server)} and stage = 'period'`;
    await server.sql(`delete from period_mark where ${result};
      insert into period_mark (school_id, year_id, subject_id, pupil_id, stage, period_id, load_id, scale_id, code, changed_by, changed_at)
      select l.school_id, l.year_id, l.subject_id, ${child}, 'period', d.period_id, l.id, (select min(id) from mark_scale where school_id = ${SCHOOL}), '4',
        (select min(person_id) from employee where school_id = ${SCHOOL}), '${TODAY} 05:00Z'
      from teaching_load l join load_audience u on u.school_id = l.school_id and u.load_id = l.id
      join class_period d on d.school_id = u.school_id and d.class_id = u.class_id and d.number = 1
      where l.school_id = ${SCHOOL} and l.id = ${await algebra(server)} limit 1`);
    const page = await as('parent', { ...PHONE, locale: 'en-GB', colorScheme });
    const sound = async (where: string) => {
      // what lies half under the bar at the foot of the screen is scrolled away by a person, and no fault
      await page.evaluate(() => scrollTo(0, 0));
      expect.soft(await violations(page), where).toEqual([]);
      expect.soft(await overflow(page), where).toEqual([]);
    };
    try {
      // ── the week: today, tomorrow, what was ──
      await open(page, '/diary');
      await expect(page.locator('html')).toHaveAttribute('lang', 'en');
      await expect(page.getByRole('heading', { level: 1 })).toHaveText(say('diary.title'));
      const days = page.locator('section.day h2');
      await expect(days.nth(0)).toHaveText(new RegExp(`^${say('diary.today')}`));
      await expect(days.nth(1)).toHaveText(new RegExp(`^${say('diary.tomorrow')}`));
      await expect(page.getByText(say('diary.earlier'))).toBeVisible();
      await expect(page.locator('.absence[title="ill"]').first()).toBeAttached();
      await expect(page.locator('.absence[title="болел"]')).toHaveCount(0);
      await sound('week');
      const weeks = page.getByRole('navigation', { name: say('diary.week_nav'), exact: true });
      await weeks.getByRole('link', { name: say('diary.previous_week') }).click();
      await expect(page).toHaveURL(/\/diary\/\d+\/\d{4}-\d{2}-\d{2}$/);
      await expect(page.getByText(new RegExp(`^${say('diary.fresh', { when: '' }).trim()}`))).toBeVisible();

      // ── the week is seen ──
      const seen = page.getByRole('region', { name: say('acknowledgement.week') });
      await seen.getByRole('button', { name: say('acknowledgement.sign') }).click();
      await expect(seen.getByText(/: seen, /)).toBeVisible();
      await expect(seen.getByRole('button', { name: say('acknowledgement.sign') })).toHaveCount(0);
      await sound('seen');

      // ── a subject: averages, up to which day lessons are counted, what a mark would make of it ──
      await page.getByRole('link', { name: say('diary.tab_subjects') }).last().click();
      await ready(page);
      const subject = page.locator('.subject-avg > li').filter({ has: page.locator('.what-if').getByText(say('diary.what_if')) }).first();
      await expect(subject.getByText(/^Weighted average: \d\.\d\d$/).first()).toBeAttached();
      await expect(subject.getByText(/lessons: \d+ over, \d+ to come \(timetable up to \d+ \w+\)/)).toBeVisible();
      await subject.getByText(say('diary.how')).click();
      await expect(subject.locator('.what-if dl.facts').first()).toBeVisible();
      await subject.getByText(say('diary.what_if')).click();
      const result = subject.getByRole('status').first();
      await expect(result).toHaveText(/^It will be \d\.\d\d/);
      const five = await result.innerText();
      await subject.getByRole('combobox', { name: say('diary.what_if_value') }).selectOption('2');
      await expect(result).not.toHaveText(five);
      await sound('subjects');

      // ── a mark, and a question about it ──
      // the first one has been asked about already, in the demo
      await page.getByRole('button', { name: /: mark / }).nth(1).click();
      const more = page.locator(':popover-open');
      await expect(more.getByText(say('diary.by'))).toBeVisible();
      await sound('a mark');
      await more.getByRole('link', { name: say('dispute.link') }).click();
      await ready(page);
      await expect(page.getByRole('heading', { level: 1 })).toHaveText(say('dispute.title'));
      await page.getByLabel(say('dispute.ask')).fill('Could you tell us what is missing?');
      await page.getByRole('button', { name: say('dispute.send') }).click();
      await expect(page.getByText(say('dispute.state_open'), { exact: true })).toBeVisible();
      await sound('a question');

      // ── the results of the quarter that is over ──
      await open(page, `/diary/${child}/subjects`);
      const periods = page.getByRole('navigation', { name: say('diary.period'), exact: true });
      await periods.getByRole('link', { name: say('diary.period_quarter', { n: 1 }) }).click();
      await ready(page);
      await expect(periods.getByRole('link', { name: say('diary.period_quarter', { n: 1 }) })).toHaveAttribute('aria-current', 'page');
      await expect(page.locator('.subject-avg > li').first().getByText(/lessons: \d+ over, 0 to come(?! \()/)).toBeVisible();
      const maths = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: 'Алгебра', exact: true }) });
      await expect(maths.getByRole('list', { name: say('diary.results') })).toContainText(`${say('diary.period_quarter', { n: 1 })} 4`);
      await sound('a quarter that is over');

      // ── an absence ahead, told and taken back ──
      await open(page, '/diary');
      await page.getByRole('link', { name: say('absence.title') }).click();
      await ready(page);
      await page.getByLabel(say('absence.reason')).fill('A tournament');
      await page.getByRole('button', { name: say('absence.tell'), exact: true }).click();
      await expect(page.getByText('A tournament')).toBeVisible();
      await expect(page.getByText(say('absence.document_none'))).toBeVisible();
      await sound('an absence');
      await page.getByRole('button', { name: /^Take back/ }).click();
      await expect(page.getByText(say('absence.none'))).toBeVisible();
    } finally {
      await attended(before === 'none' ? 'null' : before);
      await server.sql(`delete from week_acknowledgement where school_id = ${SCHOOL} and pupil_id = ${child};
        delete from dispute_message where school_id = ${SCHOOL} and dispute_id > ${asked};
        delete from dispute where school_id = ${SCHOOL} and id > ${asked};
        delete from absence_note where school_id = ${SCHOOL} and pupil_id = ${child} and reason = 'A tournament'`);
    }
  });
}
