import { accessible, apply, at, expect, known, kubectl, once, test, unique } from './portal';

test('lines appear as they are written, and a search finds them', once, async ({ admin: page }) => {
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
  await expect(page.locator('#lg-hits')).toHaveText(/^[1-9]\d* match(es)?$/);
  kubectl('-n', 'web', 'delete', 'deployment', name);
});

test('the same log is text for curl', async ({ admin: page }) => {
  const answer = await page.context().request.get(at('/api/v1/namespaces/web/apps/deployment/loklak-server/logs?tailLines=5'));
  expect(answer.status()).toBe(200);
  expect(answer.headers()['content-type']).toContain('text/plain');
  const pods = kubectl('-n', 'web', 'get', 'pods', '-l', 'app=loklak-server', '-o', 'name').trim().split('\n').length;
  expect((await answer.text()).trim().split('\n'), 'the last five lines of each pod').toHaveLength(5 * pods);
});

test('HTML and escapes in a log stay text', once, async ({ admin: page }) => {
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

test('a filter says what it hides, a search where it has looked, and rows are copied as lines', once, async ({ admin: page }) => {
  const name = unique('said');
  const command = ['sh', '-c', 'for i in $(seq 1 30); do echo "plain $i"; done; printf "10%%\\r 50%%\\r100%%\\n"; echo "INFO ready"; echo "fatal: it broke"; exec sleep 100000'];
  const labels = { app: name };
  const containers = [{ name: 'main', image: 'docker.io/local/busybox:1', imagePullPolicy: 'Never', command }];
  apply({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, namespace: 'web', labels }, spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { terminationGracePeriodSeconds: 1, containers } } } });
  await known(page, name);
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.goto(at(`/apps/web/deployment/${name}/logs`));
  const log = page.getByRole('log');
  await expect(log).toContainText('fatal: it broke');
  await expect(log.locator('.lg').filter({ hasText: '100%' }), 'a progress bar shows its last state').not.toContainText('50%');
  for (const tool of [page.getByRole('link', { name: 'Download as text' }), page.getByRole('button', { name: 'Follow', exact: true })]) await expect(tool).toBeInViewport({ ratio: 1 });

  await page.getByRole('combobox', { name: 'Level' }).selectOption('error');
  await expect(log).toContainText('FATAL');
  await expect(log).not.toContainText('plain 1');
  await page.getByRole('button', { name: '31 lines have no level. Show them' }).click();
  await expect(log).toContainText('plain 30');
  await expect(log).not.toContainText('INFO');
  await page.getByRole('combobox', { name: 'Level' }).selectOption('');

  const search = page.getByRole('searchbox', { name: 'Search the log' });
  await search.fill('nowhere');
  await expect(page.locator('[data-told]')).toContainText(/^No matches in the 33 lines loaded, since \d\d:\d\d:\d\d\./);
  await search.fill('plain 1\\d$');
  await page.getByRole('button', { name: 'Regular expression' }).click();
  await expect(page.locator('#lg-hits')).toHaveText('10 matches');
  await page.getByRole('button', { name: 'Only matching lines' }).click();
  await expect(page).toHaveURL(/regex=1&only=1/);
  await expect(log.locator('.lg')).toHaveCount(10);
  await search.fill('(');
  await expect(page.locator('[data-told]')).toContainText("This expression can't be read");
  await search.fill('plain 1\\d$');
  await expect(log.locator('.lg')).toHaveCount(10);

  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  const copied = await page.evaluate(() => {
    const rows = document.querySelectorAll('.logs .lg');
    getSelection()!.setBaseAndExtent(rows[0], 0, rows[2], rows[2].childNodes.length);
    const data = new DataTransfer();
    rows[0].dispatchEvent(new ClipboardEvent('copy', { clipboardData: data, bubbles: true, cancelable: true }));
    return data.getData('text/plain');
  });
  expect(copied.trim().split('\n').map((l) => l.replace(/^\S+ \S+ /, ''))).toEqual(['plain 10', 'plain 11', 'plain 12']);
  kubectl('-n', 'web', 'delete', 'deployment', name, '--wait=false');
});
