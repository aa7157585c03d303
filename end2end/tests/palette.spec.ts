// The palette: everywhere with Ctrl K, by keyboard alone.
import { accessible, at, expect, once, test } from './portal';

test('a few letters lead to an app, and its buttons are there too', async ({ admin: page }) => {
  await page.goto(at('/apps'));
  await expect(page.locator('html')).toHaveAttribute('data-js', '');
  await page.keyboard.press('Control+k');
  const palette = page.getByRole('dialog', { name: 'Go to' });
  const input = palette.getByRole('combobox');
  await expect(input).toBeFocused();
  await input.fill('kaa coll');
  await expect(palette.getByRole('option').first()).toContainText('kaa-collector');
  await accessible(page);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/apps\/data\/deployment\/kaa-collector/);

  await expect(page.locator('html')).toHaveAttribute('data-js', '');
  await page.keyboard.press('Control+k');
  await expect(palette.getByRole('group', { name: 'Recent' }).getByRole('option').first()).toContainText('kaa-collector');
  await input.fill('scal');
  await expect(palette.getByRole('option').first()).toContainText('Scale');
  await page.keyboard.press('Enter');
  await expect(palette).toBeHidden();
  await expect(page.getByLabel('Replicas')).toBeFocused();
});

test('what fits nothing is said, and Escape gives the focus back', once, async ({ admin: page }) => {
  await page.goto(at('/teams'));
  await expect(page.locator('html')).toHaveAttribute('data-js', '');
  const find = page.getByRole('button', { name: 'Find a page or action' });
  await find.click();
  const palette = page.getByRole('dialog', { name: 'Go to' });
  await palette.getByRole('combobox').fill('zzqqxx');
  await expect(palette).toContainText('No matches for “zzqqxx”');
  await page.keyboard.press('Escape');
  await expect(palette).toBeHidden();
  await expect(find).toBeFocused();
});
