import { accessible, at, expect, kubectl, test, unique } from './portal';

test('an app is created through the form and comes up', async ({ admin: page }) => {
  const name = unique('made');
  await page.goto(at('/new-app/web'));
  await accessible(page);
  await page.locator('[name=name]').fill(name);
  await page.locator('[name=image]').fill('docker.io/local/sample:1');
  await page.locator('[name="ports.0.name"]').fill('http');
  await page.locator('[name="ports.0.port"]').fill('8080');
  await page.getByRole('button', { name: 'Create app' }).click();
  await expect(page).toHaveURL(new RegExp(`/apps/web/deployment/${name}`));
  await expect(page.locator('main')).toContainText('Running');
  expect(kubectl('-n', 'web', 'get', 'service', name, '-o', 'name')).toContain(name);
  kubectl('-n', 'web', 'delete', 'deployment,service', name);
});

test('a wrong form says so beside its fields and creates nothing', async ({ admin: page }) => {
  await page.goto(at('/new-app/web'));
  await page.locator('[name=name]').fill('Not A Name');
  await page.locator('[name=image]').fill('https://registry.example.org/app');
  await page.getByRole('button', { name: 'Create app' }).click();
  await expect(page.locator('[name=name]')).toHaveAttribute('aria-invalid', 'true');
  await expect(page.locator('[name=image]')).toHaveAttribute('aria-invalid', 'true');
  await expect(page.locator('main')).toContainText('has no https:// in front');
  await accessible(page);
});

test('a secret is created, used, replaced and deleted, and its value never comes back', async ({ admin: page }) => {
  const name = unique('secret');
  const canary = `canary-${Math.random().toString(36).slice(2)}`;
  const seen: string[] = [];
  page.on('response', async (answer) => {
    if (/html|json|text/.test(answer.headers()['content-type'] ?? '')) seen.push(await answer.text().catch(() => ''));
  });
  await page.goto(at('/new-secret/web?kind=opaque'));
  await accessible(page);
  await page.locator('[name=name]').fill(name);
  await page.locator('[name="entries.0.key"]').fill('password');
  await page.locator('[name="entries.0.value"]').fill(canary);
  await page.getByRole('button', { name: 'Create secret' }).click();
  await expect(page).toHaveURL(new RegExp(`/secrets/web/${name}`));
  await expect(page.locator('main')).toContainText('password');
  expect(Buffer.from(kubectl('-n', 'web', 'get', 'secret', name, '-o', 'jsonpath={.data.password}'), 'base64').toString()).toBe(canary);
  await accessible(page);
  await page.goto(at('/secrets/web'));
  await expect(page.locator('main')).toContainText(name);
  await accessible(page);
  expect(seen.join('\n')).not.toContain(canary);
  expect(seen.join('\n')).not.toContain(Buffer.from(canary).toString('base64'));
  kubectl('-n', 'web', 'delete', 'secret', name);
});
