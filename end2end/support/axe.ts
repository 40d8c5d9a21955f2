// axe-core in the page. It is evaluated by the debugger, so the page's own policy stays in force.
import type { Page } from '@playwright/test';
import { readFileSync } from 'node:fs';

const source = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds, one line a violation. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(source);
  return page.evaluate(async () => {
    const axe = (globalThis as unknown as { axe: { run(root: Document, options: object): Promise<{ violations: { id: string; help: string; nodes: { html: string; target: unknown[]; failureSummary: string }[] }[] }> } }).axe;
    const { violations } = await axe.run(document, {
      resultTypes: ['violations'],
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    });
    return violations.map((v) => `${v.id}: ${v.help}\n${v.nodes.slice(0, 3).map((n) => `    ${n.target.join(' ')}\n    ${n.html.slice(0, 200)}\n    ${n.failureSummary.replace(/\s+/g, ' ')}`).join('\n')}`);
  });
}

/** How far the page is wider than its window. */
export async function overflow(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const root = document.documentElement;
    if (root.scrollWidth <= root.clientWidth) return [];
    const wide = [...document.querySelectorAll('body *')].filter((e) => {
      const box = e.getBoundingClientRect();
      if (box.width === 0 || box.right <= root.clientWidth + 1) return false;
      for (let p = e.parentElement; p && p !== document.body; p = p.parentElement) {
        if (getComputedStyle(p).overflowX !== 'visible') return false;
      }
      return true;
    });
    return [`${root.scrollWidth} px in a window of ${root.clientWidth}`, ...wide.slice(0, 5).map((e) => `${e.tagName.toLowerCase()}.${e.className}`)];
  });
}
