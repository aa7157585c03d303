import { accessible, at, expect, known, kubectl, test, unique } from './portal';

test('lines appear as they are written, and a search finds them', async ({ admin: page }) => {
  const name = unique('logs');
  kubectl('-n', 'web', 'create', 'deployment', name, '--image=docker.io/local/sample:1');
  kubectl('-n', 'web', 'set', 'env', `deployment/${name}`, 'LOG_LINES=100000', 'LOG_RATE=20');
  kubectl('-n', 'web', 'rollout', 'status', `deployment/${name}`, '--timeout=60s');
  await known(page, name);
  await page.goto(at(`/apps/web/deployment/${name}/logs`));
  const log = page.getByRole('log');
  await expect(log).toContainText(/line \d{6}/);
  const before = await log.innerText();
  await expect.poll(async () => (await log.innerText()) !== before).toBe(true);
  await accessible(page);
  await page.getByRole('searchbox', { name: /Search/ }).fill('line 0000');
  await expect(page.locator('main')).toContainText(/\d+ of \d+|\d+ match/);
  kubectl('-n', 'web', 'delete', 'deployment', name);
});

test('the same log is text for curl', async ({ admin: page }) => {
  const answer = await page.context().request.get(at('/api/v1/namespaces/web/apps/deployment/loklak-server/logs?tailLines=5'));
  expect(answer.status()).toBe(200);
  expect(answer.headers()['content-type']).toContain('text/plain');
  expect((await answer.text()).trim().length).toBeGreaterThan(0);
});

test('HTML and escapes in a log stay text', async ({ admin: page }) => {
  const name = unique('ansi');
  kubectl('-n', 'web', 'create', 'deployment', name, '--image=docker.io/local/sample:1');
  kubectl('-n', 'web', 'set', 'env', `deployment/${name}`, 'LOG_LINES=20', 'LOG_KIND=html');
  kubectl('-n', 'web', 'rollout', 'status', `deployment/${name}`, '--timeout=60s');
  await known(page, name);
  await page.goto(at(`/apps/web/deployment/${name}/logs`));
  const log = page.getByRole('log');
  await expect(log).toContainText('<');
  expect(await log.locator('script, img, b').count()).toBe(0);
  kubectl('-n', 'web', 'delete', 'deployment', name);
});
