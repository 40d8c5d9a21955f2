import { defineConfig } from '@playwright/test';
import { browser } from './support/browser';

// Each worker has a server and a database of its own (support/test.ts), so two files never disturb each other.
export default defineConfig({
  testDir: 'tests',
  globalSetup: './support/prepare',
  outputDir: 'test-results',
  workers: Number(process.env.PARTA_E2E_WORKERS || 2),
  // A journey that passes at the second attempt is a journey to repair; one attempt more keeps CI from guessing.
  retries: process.env.CI ? 1 : 0,
  forbidOnly: !!process.env.CI,
  timeout: 60_000,
  expect: { timeout: 10_000 },
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
    actionTimeout: 10_000,
    navigationTimeout: 20_000,
  },
});
