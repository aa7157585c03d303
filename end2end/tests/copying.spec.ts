import { at, expect, once, test } from './portal';

const yaml = at('/apps/web/deployment/loklak-server/yaml');

test('a copy button copies the text beside it', once, async ({ admin: page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const copied = () => page.evaluate(() => navigator.clipboard.readText());
  await page.goto(yaml);
  await page.getByRole('button', { name: 'Copy YAML' }).click();
  await expect(page.getByText('Copied', { exact: true })).toBeVisible();
  expect(await copied()).toMatch(/^apiVersion: apps\/v1\nkind: Deployment\n/);

  await page.goto(at('/apps/web/deployment/loklak-server'));
  const endpoint = page.getByRole('region', { name: 'Endpoints' }).getByRole('listitem').first();
  await endpoint.getByRole('button', { name: 'Copy address' }).click();
  await expect(page.getByText('Copied', { exact: true })).toBeVisible();
  expect(await copied()).toBe(await endpoint.locator('.mono').innerText());
});

test('where the browser lets no page copy, the text is selected and the page says which key copies it', once, async ({ admin: page }) => {
  // As on an origin with neither https nor the name of this machine.
  await page.addInitScript(() => {
    Object.defineProperty(window, 'isSecureContext', { value: false });
    Object.defineProperty(navigator, 'clipboard', { value: undefined });
  });
  await page.goto(yaml);
  await page.getByRole('button', { name: 'Copy YAML' }).click();
  await expect(page.getByText('Press Ctrl+C or ⌘C to copy the selected text')).toBeVisible();
  const lines = (text: string) => text.split('\n').filter((line) => line.trim());
  const yamlLines = lines((await page.getByLabel(/^YAML of/).textContent())!);
  expect(lines(await page.evaluate(() => getSelection()!.toString()))).toEqual(yamlLines);
});
