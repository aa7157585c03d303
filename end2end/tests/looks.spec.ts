// The main pages in three widths and two themes: nothing sticks out, axe finds nothing, and screenshots are kept for people
// to look at.
import { accessible, at, expect, once, test } from './portal';

const pages = {
  apps: '/apps',
  app: '/apps/web/deployment/loklak-server',
  configuration: '/apps/web/deployment/loklak-server/configuration',
  history: '/apps/web/deployment/loklak-server/history',
  yaml: '/apps/web/deployment/loklak-server/yaml',
  logs: '/apps/web/deployment/loklak-server/logs',
  metrics: '/apps/web/deployment/loklak-server/metrics',
  'new-app': '/new-app/web?draft=no',
  secrets: '/secrets/web',
  'new-secret': '/new-secret/web?draft=no',
  teams: '/teams',
  users: '/users',
  audit: '/audit',
  operations: '/operations',
  account: '/account',
  embedded: '/apps?embed=1',
};

for (const width of [1440, 1024, 390]) {
  for (const theme of ['light', 'dark'] as const) {
    test(`the pages fit ${width} px in the ${theme} theme`, once, async ({ admin: page }) => {
      test.setTimeout(150_000);
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme: theme });
      for (const [name, path] of Object.entries(pages)) {
        await page.goto(at(path));
        await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
        const wider = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        expect(wider, `${name} does not scroll sideways`).toBeLessThanOrEqual(0);
        // Colours are the same at each width, and what a narrow page moves is the same in both themes.
        if (width === 1440 || (width === 390 && theme === 'light')) await accessible(page, name);
        await page.screenshot({ path: `end2end/artefacts/screenshots/${name}-${width}-${theme}.png` });
      }
    });
  }
}
