import { defineConfig } from '@playwright/test';
import { browser } from './support/browser';

// Each worker has a server and a database of its own (support/test.ts), so two files never disturb each other.
export default defineConfig({
  testDir: 'tests',
  globalSetup: './support/prepare',
  outputDir: 'test-results',
  workers: Number(process.env.PARTA_E2E_WORKERS || 2),
  // A journey that passes at the second attempt is a journey to repair; attempts more keep CI from guessing.
  retries: process.env.CI ? 2 : 0,
  forbidOnly: !!process.env.CI,
  // A journey of three devices takes 20 s on a quiet machine; what hangs is told by the expectation that hangs, not by this.
  timeout: 120_000,
  expect: { timeout: process.env.CI ? 20_000 : 10_000 },
  reporter: process.env.CI ? [['list'], ['html', { open: 'never' }]] : [['list']],
  use: {
    browserName: 'chromium',
    launchOptions: browser,
    // What a trace writes down is a third of a journey's time: in CI it is written when the journey is tried again.
    trace: process.env.CI ? 'on-first-retry' : 'retain-on-failure',
    screenshot: 'only-on-failure',
    locale: 'ru-RU',
    timezoneId: 'Europe/Moscow',
    viewport: { width: 1366, height: 768 },
    actionTimeout: process.env.CI ? 20_000 : 10_000,
    navigationTimeout: 30_000,
  },
});
