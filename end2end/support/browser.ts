// How Chromium is started: Debian's own, nothing downloaded, nobody phoned.
import type { LaunchOptions } from '@playwright/test';

export const browser: LaunchOptions = {
  executablePath: process.env.PARTA_CHROMIUM || '/usr/bin/chromium',
  args: [
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--no-first-run',
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  ],
};
