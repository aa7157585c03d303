// Screenshots of the main pages in three widths and two themes, kept as artefacts for people to look at.
import { at, expect, test } from './portal';

const pages = {
  apps: '/apps',
  app: '/apps/web/deployment/loklak-server',
  logs: '/apps/web/deployment/loklak-server/logs',
  metrics: '/apps/web/deployment/loklak-server/metrics',
  'new-app': '/new-app/web',
  secrets: '/secrets/web',
  'new-secret': '/new-secret/web',
  teams: '/teams',
  users: '/users',
  audit: '/audit',
  account: '/account',
  embedded: '/apps?embed=1',
};

for (const width of [1440, 1024, 390]) {
  for (const theme of ['light', 'dark'] as const) {
    test(`the pages fit ${width} px in the ${theme} theme`, async ({ admin: page }) => {
      test.skip(test.info().project.name === 'kept', 'looks the same as stripped');
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme: theme });
      for (const [name, path] of Object.entries(pages)) {
        await page.goto(at(path));
        await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
        const wider = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        expect(wider, `${name} does not scroll sideways`).toBeLessThanOrEqual(0);
        await page.screenshot({ path: `end2end/artefacts/screenshots/${test.info().project.name}/${name}-${width}-${theme}.png` });
      }
    });
  }
}
