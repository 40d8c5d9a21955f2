// axe-core in the page. It is evaluated by the debugger, so the page's own policy stays in force.
import type { Page } from '@playwright/test';
import { readFileSync } from 'node:fs';

const source = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

const ALL = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** What axe finds, one line a violation. */
export function violations(page: Page): Promise<string[]> {
  return found(page, { type: 'tag', values: ALL });
}

/** What axe finds about colours alone. */
export function colours(page: Page): Promise<string[]> {
  return found(page, { type: 'rule', values: ['color-contrast', 'link-in-text-block'] });
}

async function found(page: Page, runOnly: { type: 'tag' | 'rule'; values: string[] }): Promise<string[]> {
  await page.evaluate(source);
  return page.evaluate(async (runOnly) => {
    const axe = (globalThis as unknown as { axe: { run(root: Document, options: object): Promise<{ violations: { id: string; help: string; nodes: { html: string; target: unknown[]; failureSummary: string }[] }[] }> } }).axe;
    const { violations } = await axe.run(document, {
      resultTypes: ['violations'],
      runOnly,
    });
    return violations.map((v) => `${v.id}: ${v.help}\n${v.nodes.slice(0, 3).map((n) => `    ${n.target.join(' ')}\n    ${n.html.slice(0, 200)}\n    ${n.failureSummary.replace(/\s+/g, ' ')}`).join('\n')}`);
  }, runOnly);
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
