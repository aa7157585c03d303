// A change of an app is told while it is under way and when it has ended: on the app's page, in the list, and as lines for curl.
import { accessible, at, expect, kubectl, once } from './portal';
import { action, open, ready, test } from './sample';

/** What the app's page tells of its newest change. */
const strip = '[data-operation]';

/** Restarts the app from its page. */
async function restart(page: Parameters<typeof open>[0]) {
  await action(page, 'Restart').locator('summary').click();
  await action(page, 'Restart').getByRole('button', { name: 'Restart' }).click();
}

test('a restart is told on the page of the app until it has rolled out, and stays in the list', once, async ({ admin: page, sample }) => {
  const name = sample('told');
  ready(name);
  await open(page, name);
  await expect(page.locator(strip)).toHaveCount(0);
  await restart(page);
  await expect(page.locator(strip)).toContainText('Restart by admin');
  await expect(page.locator(strip).getByRole('status')).toHaveText(/Rolled out/, { timeout: 60_000 });
  await expect(page.locator('[data-again][data-open]'), 'nothing is read again afterwards').toHaveCount(0);
  await accessible(page, 'the app with its newest change');

  await page.reload();
  await expect(page.locator(strip), 'the server tells the same').toContainText('Rolled out');
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Under way' }).click();
  const row = page.getByRole('row').filter({ hasText: name });
  await expect(row).toContainText('Succeeded');
  await expect(row).toContainText('Rolled out');
  await accessible(page, 'the list of changes');
  await row.getByRole('link', { name }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(name);
});

test('a change after which new pods fail ends with the cause', once, async ({ admin: page, sample }) => {
  test.setTimeout(180_000);
  const name = sample('bad');
  ready(name);
  kubectl('-n', 'web', 'set', 'image', `deployment/${name}`, 'main=docker.io/local/sample:none');
  await open(page, name);
  await restart(page);
  await expect(page.locator(strip)).toContainText('Restart by admin');
  await expect(page.locator('[data-again][data-open]')).toHaveCount(0, { timeout: 150_000 });
  await expect(page.locator(strip).getByRole('status')).toContainText('sample:none');
  await page.goto(at('/operations'));
  await expect(page.getByRole('row').filter({ hasText: name })).toContainText('Failed');
});

test('a change that another person makes shows on a page that is open', once, async ({ admin: page, sample, visitor }) => {
  const name = sample('other');
  ready(name);
  const { page: watched } = await visitor('viewer');
  await open(watched, name);
  await open(page, name);
  await restart(page);
  await expect(watched.locator(strip)).toContainText('Restart by admin', { timeout: 30_000 });
});

test('the events of a change end with its verdict, and its number comes with the answer', once, async ({ admin: page, sample }) => {
  const name = sample('lines');
  ready(name);
  await open(page, name);
  const answer = await page.context().request.post(at(`/api/v1/namespaces/web/apps/deployment/${name}/restart`), { data: {} });
  const id = answer.headers()['quayside-operation'];
  expect(id).toMatch(/^\d+$/);
  const events = await page.context().request.get(at(`/api/v1/operations/${id}/events`), { timeout: 90_000 });
  const lines = (await events.text()).trim().split('\n').map((line) => JSON.parse(line));
  expect(lines.at(-1)).toMatchObject({ event: 'verdict', state: 'succeeded', verdict: { code: 'rolled_out' } });
});
