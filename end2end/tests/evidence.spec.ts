// What the page of an app says of what belongs to it: events, services.
import { apply, expect, kubectl, once } from './portal';
import { open, ready, test } from './sample';

test('a hundred bad events are told, as text, and do not break the page', once, async ({ admin: page, sample }) => {
  const name = sample('events', { replicas: 0 });
  const uid = kubectl('-n', 'web', 'get', 'deployment', name, '-o', 'jsonpath={.metadata.uid}');
  const at = (second: number) => new Date(Date.now() - second * 1000).toISOString().replace(/\.\d+/, '');
  const long = 'x'.repeat(900);
  const event = (i: number) => ({
    apiVersion: 'v1', kind: 'Event', type: 'Warning', reason: `Bad${i}`, count: i + 1,
    metadata: { name: `${name}.${i}`, namespace: 'web', labels: { app: name } },
    involvedObject: { apiVersion: 'apps/v1', kind: 'Deployment', name, namespace: 'web', uid },
    message: i === 0 ? `<img src=x onerror=alert(1)>\u001b[31m ${long}` : `the ${i}th bad thing`,
    firstTimestamp: at(i + 60), lastTimestamp: at(i), source: { component: 'test' },
  });
  await open(page, name, '/events');
  apply({ apiVersion: 'v1', kind: 'List', items: Array.from({ length: 100 }, (_, i) => event(i)) });

  const rows = page.locator('table.events tbody tr');
  await expect(rows, 'the newest of them').toHaveCount(60);
  await expect(rows.first(), 'in their order').toContainText('Bad0');
  await expect(rows.first()).toContainText('<img src=x onerror=alert(1)>');
  await expect(rows.last()).toContainText('Bad59');
  await expect(rows.last().getByRole('cell').last()).toHaveText('60');
  expect(await page.locator('main img').count()).toBe(0);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 'nothing sticks out').toBeLessThanOrEqual(0);
  await expect(page.getByRole('link', { name: /^Events/ }), 'the tab counts along').toContainText('60');
  await expect(page.locator('.head .pill')).toHaveText('Stopped');
});

test('a service whose selector finds no pod says so on the page of its app', once, async ({ admin: page, sample }) => {
  const name = sample('lonely');
  apply({
    apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: 'web', labels: { app: name } },
    spec: { selector: { app: `${name}-other` }, ports: [{ port: 80, targetPort: 8080 }] },
  });
  ready(name);
  await open(page, name);
  const endpoints = page.getByRole('region', { name: 'Endpoints' });
  await expect(endpoints).toContainText(`${name}.web:80`);
  await expect(endpoints).toContainText(`Broken: Service to port 8080, no matching pods: its selector wants app=${name}-other, but the pods have app=${name}.`);
  await expect(page.locator('.head')).toContainText(`1 of 1 ready, but service ${name} matches no pods`);
});
