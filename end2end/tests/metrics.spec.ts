import { accessible, at, expect, test } from './portal';

test('CPU and memory are drawn with their requests and limits, and readable as a table', async ({ admin: page }) => {
  await page.goto(at('/apps/web/deployment/loklak-server/metrics?range=15m'));
  await expect(page.locator('quays-chart canvas').first()).toBeVisible({ timeout: 45_000 });
  await expect(page.locator('main')).toContainText('CPU');
  await expect(page.locator('main')).toContainText('Memory');
  await page.getByText('Show as table').first().click();
  await expect(page.getByRole('table').first()).toBeVisible();
  await accessible(page);
  await page.getByRole('link', { name: '6 h' }).click();
  await expect(page).toHaveURL(/range=6h/);
});
