// A deputy reads which marks of a period stand apart from what was proposed, by teacher, and opens the journal where one was given.
import { expect, open, test } from '../support/test';
import { overflow, violations } from '../support/axe';
import { SCHOOL } from '../support/places';

for (const { locale, title, lower, given } of [
  { locale: 'ru-RU', title: 'Не как предложено', lower: /^Ниже предложенной: 1 отметка/, given: 'Не сдал проект' },
  { locale: 'en-GB', title: 'Not as proposed', lower: /^Lower than proposed: 1 mark/, given: 'Не сдал проект' },
]) {
  test(`marks that stand apart from what was proposed, by teacher and with their reasons (${locale})`, async ({ as, server }) => {
    // a mark of the present quarter, one below what stood proposed
    await server.sql(`
      delete from period_mark where school_id = ${SCHOOL} and reason = '${given}';
      insert into period_mark (school_id, year_id, subject_id, pupil_id, stage, period_id, load_id, scale_id, code, proposed, reason, changed_by, changed_at)
      select ${SCHOOL}, c.year_id, l.subject_id, e.pupil_id, 'period', p.period_id, l.id, s.id, '3', '4', '${given}', w.person_id, now()
      from teaching_load l
      join load_audience a on a.school_id = l.school_id and a.load_id = l.id
      join class c on c.school_id = l.school_id and c.id = a.class_id and c.grade = 7
      join enrolment e on e.school_id = c.school_id and e.class_id = c.id and e.ends_on is null
      join load_teacher t on t.school_id = l.school_id and t.load_id = l.id
      join employee w on w.school_id = l.school_id and w.id = t.employee_id
      join mark_scale s on s.school_id = l.school_id
      join mark_scale_item i on i.school_id = s.school_id and i.scale_id = s.id and i.code = '3'
      join class_period p on p.school_id = l.school_id and p.class_id = c.id and date '2026-11-17' between p.starts_on and p.ends_on
      where l.school_id = ${SCHOOL} and not exists (select from period_mark m where m.school_id = l.school_id and m.pupil_id = e.pupil_id
        and m.subject_id = l.subject_id and m.stage = 'period' and m.period_id = p.period_id)
      order by l.id, e.pupil_id limit 1`);
    const page = await as('deputy', { locale });
    await open(page, '/deadlines');
    await page.locator('main a[href="/deviations"]').click();
    await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible();
    await page.getByRole('link', { name: lower }).first().click();
    const row = page.getByRole('row').filter({ hasText: given });
    await expect(row).toBeVisible();
    await expect(row).toContainText('4');
    expect(await violations(page)).toEqual([]);
    await page.setViewportSize({ width: 360, height: 740 });
    expect(await overflow(page)).toEqual([]);
    await row.getByRole('link').click();
    await expect(page).toHaveURL(/\/journal\/\d+\/totals\?pupil=\d+&period=\d+/);
    await server.sql(`delete from period_mark where school_id = ${SCHOOL} and reason = '${given}'`);
  });
}
