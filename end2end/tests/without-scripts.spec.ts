// The same portal in a browser that runs no scripts: pages and forms, nothing else.
import { at, expect, kubectl, known, once, signIn, test, unique } from './portal';

test.use({ javaScriptEnabled: false });

const IMAGE = 'docker.io/local/sample:1';

test('without scripts one signs in, finds an app in the list and opens it', async ({ page }) => {
  await signIn(page, 'admin', process.env.QS_ADMIN_PASSWORD!);
  const row = page.locator('tr[id$="/loklak-server"]');
  await expect(row).toContainText('Running');
  await expect(row).toContainText('3/3');
  await expect(page.locator('[data-live]'), 'nothing pretends to be live').toHaveText('Not live');
  await page.getByRole('searchbox').first().fill('kpow');
  await page.getByRole('searchbox').first().press('Enter');
  await expect(page.locator('tr[id$="/kpow"]')).toBeVisible();
  await expect(row).toHaveCount(0);
  await page.locator('tr[id$="/kpow"]').getByRole('link', { name: 'kpow', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('kpow');
  await expect(page.locator('.head')).toContainText('Running');
});

test('without scripts an app is restarted, scaled and deleted by its forms', async ({ admin: page, sweep }) => {
  const name = unique('plain');
  sweep('deployment', 'web', name);
  kubectl('-n', 'web', 'create', 'deployment', name, `--image=${IMAGE}`);
  await known(page, name);
  const act = (label: string) => page.locator('details.act').filter({ has: page.locator('summary', { hasText: label }) });
  await page.goto(at(`/apps/web/deployment/${name}`));
  await act('Restart').locator('summary').click();
  await act('Restart').getByRole('button', { name: 'Restart' }).click();
  await expect(page).toHaveURL(new RegExp(`/apps/web/deployment/${name}$`));
  expect(kubectl('-n', 'web', 'get', 'deployment', name, '-o', 'jsonpath={.spec.template.metadata.annotations}')).toContain('restartedAt');
  await act('Scale').locator('summary').click();
  await act('Scale').getByLabel('Replicas').fill('2');
  await act('Scale').getByRole('button', { name: 'Scale' }).click();
  await expect(page).toHaveURL(new RegExp(`/apps/web/deployment/${name}$`));
  expect(kubectl('-n', 'web', 'get', 'deployment', name, '-o', 'jsonpath={.spec.replicas}')).toBe('2');
  await page.locator('.act-more > summary').click();
  await act('Delete').locator('summary').click();
  await act('Delete').getByLabel(/to confirm/).fill('another');
  await act('Delete').getByRole('button', { name: `Delete ${name}` }).click();
  await expect(page.getByRole('alert')).toHaveText(`Type ${name} to delete it. Nothing was deleted.`);
  await expect(page.getByRole('heading', { level: 1 }), 'on the page of the app').toHaveText(name);
  await page.locator('.act-more > summary').click();
  await act('Delete').locator('summary').click();
  await act('Delete').getByLabel(/to confirm/).fill(name);
  await act('Delete').getByRole('button', { name: `Delete ${name}` }).click();
  await expect(page).toHaveURL(/\/apps\/web$/);
  expect(kubectl('-n', 'web', 'get', 'deployments', '-o', 'name')).not.toContain(`/${name}\n`);
});

test('without scripts an app is checked and created, and a wrong field says so', once, async ({ admin: page, sweep }) => {
  const name = unique('typed');
  sweep('deployment,service', 'web', name);
  await page.goto(at('/new-app/web?draft=no'));
  await page.locator('[name=name]').fill(name);
  await page.locator('[name=image]').fill('https://registry.example.org/app');
  await page.locator('[name="env.1.name"]').fill('1A');
  await page.locator('[name="ports.0.port"]').fill('8080');
  await page.getByRole('button', { name: 'Create app' }).click();
  await expect(page.locator('[id="f-image-e"]')).toContainText('Remove https:// from the image name');
  await expect(page.locator('[name="env.0.name"]')).toHaveValue('1A');
  await expect(page.locator('[id="f-env.0.name-e"]')).toContainText("can't start with a digit");
  await expect(page.locator('[name=name]')).toHaveValue(name);
  await page.locator('[name=image]').fill(IMAGE);
  await page.locator('[name="env.0.name"]').fill('A');
  await page.getByRole('button', { name: 'Check' }).click();
  await expect(page.getByRole('complementary', { name: 'Checks and YAML' })).toContainText('The API server accepts the');
  expect(kubectl('-n', 'web', 'get', 'deployments', '-o', 'name')).not.toContain(`/${name}\n`);
  await page.getByRole('button', { name: 'Create app' }).click();
  // The portal hears of it in a moment; a page without scripts does not follow by itself.
  await expect(page).toHaveURL(new RegExp(`/apps/web/deployment/${name}$`));
  expect(kubectl('-n', 'web', 'get', 'deployment,service', '-o', 'name')).toContain(`service/${name}`);
});

test('without scripts a form that comes back still has the service that was chosen', once, async ({ admin: page }) => {
  await page.goto(at('/new-app/web?draft=no'));
  await page.locator('[name=name]').fill('Wrong');
  await page.getByRole('button', { name: 'Create app' }).click();
  await expect(page.locator('[id="f-name-e"]')).toBeVisible();
  await expect(page.getByLabel('Service', { exact: true })).toHaveValue('ClusterIP');
});

test('without scripts a secret is made of a typed value and a file, and a value never comes back', once, async ({ admin: page, sweep }) => {
  const name = unique('quiet');
  sweep('secret', 'web', name);
  await page.goto(at('/new-secret/web?draft=no'));
  await page.locator('[name=name]').fill('Not a name');
  await page.getByLabel('Key 1', { exact: true }).fill('password');
  await page.getByLabel('Value 1', { exact: true }).fill('canary-4711');
  await page.getByRole('button', { name: 'Create secret' }).click();
  await expect(page.locator('[id="f-name-e"]')).toContainText("Secret names can't contain");
  await expect(page.getByRole('alert')).toContainText('Values aren\'t kept. Type them again.');
  expect(await page.content()).not.toContain('canary-4711');
  await page.locator('[name=name]').fill(name);
  await page.getByLabel('Key 1', { exact: true }).fill('password');
  await page.getByLabel('Value 1', { exact: true }).fill('canary-4711');
  await page.getByLabel('Key 2', { exact: true }).fill('store');
  await page.getByLabel('Or a file as value 2').setInputFiles({ name: 'store', mimeType: 'application/octet-stream', buffer: Buffer.from([0, 255]) });
  await page.getByRole('button', { name: 'Create secret' }).click();
  await expect(page.locator('main')).toContainText(`Created ${name}`);
  await expect(page.locator('.krow2')).toHaveCount(2);
  expect(await page.content()).not.toContain('canary-4711');
  expect(JSON.parse(kubectl('-n', 'web', 'get', 'secret', name, '-o', 'json')).data).toEqual({ password: Buffer.from('canary-4711').toString('base64'), store: 'AP8=' });
});

test('what needs scripts says so, and offers the log as text', async ({ admin: page }) => {
  await page.goto(at('/apps/web/deployment/loklak-server/logs'));
  // Not the text of the log itself: Playwright overlooks what stands directly in a noscript.
  await expect(page.locator('[data-body] .lg-none:visible')).toContainText('Live logs need JavaScript.');
  await expect(page).toHaveURL(/plain=1/);
  await expect(page.locator('[data-body] pre:visible')).toContainText(/\d{4}-\d\d-\d\dT.*\n.*\d{4}-\d\d-\d\dT/s);
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 800 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth), 'the toolbar stays inside').toBeLessThanOrEqual(width);
    const bar = await page.locator('.lg-bar').evaluate((e) => [e.scrollWidth, e.clientWidth]);
    expect(bar[0]).toBeLessThanOrEqual(bar[1]);
  }
  const text = await page.getByRole('link', { name: 'Read the whole log as text' }).getAttribute('href');
  const log = await page.context().request.get(new URL(text!, page.url()).href);
  expect(log.headers()['content-type']).toContain('text/plain');
  expect((await log.text()).split('\n').length).toBeGreaterThan(3);
  // Buttons that only a script could answer are not shown.
  await page.goto(at('/new-app/web?draft=no'));
  await expect(page.getByRole('button', { name: 'Add port' })).toHaveCount(0);
  await page.goto(at('/apps/web/deployment/loklak-server/yaml'));
  await expect(page.getByRole('button', { name: /Copy/ })).toHaveCount(0);
  await page.goto(at('/apps/web/deployment/loklak-server/metrics'));
  await expect(page.locator('main')).toContainText(/CPU.*now \d+/s);
});
