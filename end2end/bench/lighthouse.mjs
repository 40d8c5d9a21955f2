// Lighthouse, simulated mobile (150 ms, 1.6 Mbit/s, processor 4× slower), of the diary; the median of five runs.
import lighthouse from 'lighthouse';
import { launch } from 'chrome-launcher';
import { CHROMIUM, CHROMIUM_ARGS } from './product.mjs';

const RUNS = Number(process.env.PARTA_BENCH_RUNS || 5);

export async function measure(product, note) {
  const cookie = await product.cookie('parent');
  const runs = [];
  for (let n = 0; n < RUNS; n += 1) {
    const chrome = await launch({ chromePath: CHROMIUM, chromeFlags: ['--headless=new', ...CHROMIUM_ARGS] });
    try {
      const result = await lighthouse(`${product.url}/diary`, {
        port: chrome.port,
        output: 'json',
        logLevel: 'error',
        onlyCategories: ['performance'],
        extraHeaders: { Cookie: cookie },
      });
      const { lhr } = result;
      if (lhr.runtimeError) throw new Error(lhr.runtimeError.message);
      if (!lhr.finalDisplayedUrl.includes('/diary')) throw new Error(`it was sent to ${lhr.finalDisplayedUrl}`);
      runs.push({
        performance: lhr.categories.performance.score * 100,
        fcp: lhr.audits['first-contentful-paint'].numericValue / 1000,
        lcp: lhr.audits['largest-contentful-paint'].numericValue / 1000,
        tbt: lhr.audits['total-blocking-time'].numericValue,
        cls: lhr.audits['cumulative-layout-shift'].numericValue,
        bytes: lhr.audits['total-byte-weight'].numericValue / 1000,
      });
    } finally {
      await chrome.kill();
    }
  }
  const median = (key) => runs.map((run) => run[key]).sort((a, b) => a - b)[Math.floor(runs.length / 2)];
  note('lighthouse_diary_performance', median('performance'), 'of 100');
  note('lighthouse_diary_fcp', median('fcp'), 's');
  note('lighthouse_diary_lcp', median('lcp'), 's');
  note('lighthouse_diary_tbt', median('tbt'), 'ms');
  note('lighthouse_diary_cls', median('cls'), '');
  note('lighthouse_diary_bytes', median('bytes'), 'kB');
}
