import { accessible, apply, at, expect, kubectl, known, once, test, unique } from './portal';

test('the list says of each app how it stands and why', once, async ({ admin: page }) => {
  await page.goto(at('/apps'));
  await expect(page.locator('[data-live=live]')).toBeVisible();
  const row = (name: string) => page.locator(`tr[id$="/${name}"]`);
  await expect(row('loklak-server')).toContainText('Running');
  await expect(row('loklak-server')).toContainText('3/3');
  await expect(page.locator('tr[data-row]').filter({ hasText: 'Failing' }).first()).toContainText(/exit code 3|exit 3|image/i);
  await accessible(page);
});

test('the list can be filtered, sorted and grouped by its address alone', async ({ admin: page }) => {
  await page.goto(at('/apps?q=loklak'));
  await expect(page.locator('tr[data-row]').first()).toContainText('loklak');
  await expect(page.locator('tr[id$="/kpow"]')).toHaveCount(0);
  await page.goto(at('/apps?q=no-such-app'));
  await expect(page.getByText('No apps match no-such-app')).toBeVisible();
  await page.goto(at('/apps/web?sort=name'));
  const names = await page.locator('tr[data-row]').evaluateAll((rows) => rows.map((r) => r.getAttribute('id')!.split('/')[2]));
  expect(names).toEqual([...names].sort());
});

test('a change in the cluster reaches the open page by itself', once, async ({ admin: page }) => {
  const name = unique('live');
  await page.goto(at('/apps/web'));
  await expect(page.locator('[data-live=live]')).toBeVisible();
  kubectl('-n', 'web', 'create', 'deployment', name, '--image=docker.io/local/sample:1', '--replicas=0');
  const row = page.locator(`tr[id="web/deployment/${name}"]`);
  await expect(row).toContainText('Stopped');
  kubectl('-n', 'web', 'scale', 'deployment', name, '--replicas=1');
  await expect(row).toContainText('Running');
  kubectl('-n', 'web', 'delete', 'deployment', name);
  await expect(row).toHaveCount(0);
});

test('HTML in a name, label or event stays text', once, async ({ admin: page }) => {
  const name = unique('evil');
  apply({
    apiVersion: 'apps/v1', kind: 'Deployment',
    metadata: { name, namespace: 'web', annotations: { 'kubernetes.io/change-cause': '<img src=x onerror=alert(1)>' } },
    spec: { replicas: 1, selector: { matchLabels: { app: name } }, template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'main', image: 'x.invalid/<script>alert(1)</script>:1' }] } } },
  });
  await known(page, name);
  await page.goto(at(`/apps/web/deployment/${name}`));
  await expect(page.getByRole('heading', { level: 1 })).toContainText(name);
  await expect(page.locator('main')).toContainText('<script>alert(1)</script>');
  await page.goto(at(`/apps/web/deployment/${name}/history`));
  await expect(page.locator('main')).toContainText('<img src=x onerror=alert(1)>');
  expect(await page.locator('main img').count()).toBe(0);
  kubectl('-n', 'web', 'delete', 'deployment', name);
});

test('an app is scaled, restarted and deleted from its page, and the page follows', once, async ({ admin: page }) => {
  const name = unique('acts');
  kubectl('-n', 'web', 'create', 'deployment', name, '--image=docker.io/local/sample:1', '--replicas=1');
  await known(page, name);
  await page.goto(at(`/apps/web/deployment/${name}`));
  await expect(page.locator('main')).toContainText('Running');
  await expect(page.locator('[data-live=live]')).toBeVisible();
  await accessible(page);

  const action = (label: string) => page.locator('details.act').filter({ has: page.locator('summary', { hasText: label }) });
  await action('Scale').locator('summary').click();
  await action('Scale').getByLabel('Replicas').fill('2');
  await action('Scale').locator('button[type=submit]').click();
  await expect(page.locator('main')).toContainText('2/2');

  await action('Restart').locator('summary').click();
  await action('Restart').locator('button[type=submit]').click();
  await expect.poll(() => kubectl('-n', 'web', 'get', 'deployment', name, '-o', 'jsonpath={.spec.template.metadata.annotations}')).toContain('restartedAt');

  await page.locator('.act-more > summary').click();
  await action('Delete').locator('summary').click();
  await action('Delete').getByLabel(/Type .* to confirm/).fill(name);
  await action('Delete').getByRole('button', { name: `Delete ${name}` }).click();
  await expect.poll(() => kubectl('-n', 'web', 'get', 'deployments', '-o', 'name')).not.toContain(`/${name}\n`);
});

test('the tabs of an app show configuration, history, events and YAML without any secret', once, async ({ admin: page }) => {
  const secrets = JSON.parse(kubectl('-n', 'web', 'get', 'secrets', '-o', 'json')).items as { data?: Record<string, string> }[];
  const values = secrets.flatMap(({ data = {} }) => Object.values(data)).flatMap((value) => [value, Buffer.from(value, 'base64').toString()]).filter((value) => value.length > 5);
  expect(values.length, 'there are secrets whose values could be shown').toBeGreaterThan(1);
  for (const [tab, text] of [['configuration', /env|variable/i], ['history', /revision/i], ['events', /event/i], ['yaml', /kind: Deployment/]] as const) {
    await page.goto(at(`/apps/web/deployment/loklak-server/${tab}`));
    await expect(page.locator('main')).toContainText(text);
    const shown = await page.content();
    for (const value of values) expect(shown.includes(value), 'the value of a secret is on the page').toBe(false);
    await accessible(page);
  }
});
