// The browser tests. The first way of serving the portal runs every story; the others run only the stories that may depend on the
// path (see `once` in tests/portal.ts). scripts/test.sh starts the portals and sets the environment.
import { defineConfig } from '@playwright/test';

const modes = { root: process.env.QS_URL_ROOT, stripped: process.env.QS_URL_STRIPPED, kept: process.env.QS_URL_KEPT };

// Here only a header of the proxy says where the portal is.
const header = process.env.QS_URL_HEADER;

// The portal as a pod has stories of its own, and no others.
const pod = process.env.QS_URL_POD;
const inCluster = /in-cluster\.spec/;
const once = /@once/;
const use = (url: string) => ({ baseURL: `${url.replace(/\/$/, '')}/` });

const chromium = {
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
};

export default defineConfig({
  testDir: './tests',
  outputDir: './artefacts/playwright',
  timeout: 60_000,
  expect: { timeout: 15_000 },
  // Most of a story is waiting. A third worker would only make all of them late on two cores that carry a cluster too.
  workers: 2,
  // A story that only passes at a second try hides a fault, in itself or in the portal.
  retries: 0,
  forbidOnly: !!process.env.CI,
  reporter: [['list']],
  use: {
    launchOptions: chromium,
    viewport: { width: 1440, height: 900 },
    trace: 'off',
    screenshot: 'only-on-failure',
  },
  projects: [
    ...Object.entries(modes)
      .filter(([, url]) => url)
      .map(([name, url], i) => ({ name, testIgnore: inCluster, grepInvert: i === 0 ? undefined : once, use: use(url!) })),
    ...(header ? [{ name: 'header', testMatch: /(serving|signing-in)\.spec/, grepInvert: once, use: use(header) }] : []),
    ...(pod ? [{ name: 'pod', testMatch: inCluster, use: use(pod) }] : []),
  ],
});
