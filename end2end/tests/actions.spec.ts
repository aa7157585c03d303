// What people do to an app from its page, and how the page follows.
import { at, expect, known, kubectl, once } from './portal';
import { action, more, open, pod, ready, test } from './sample';

test('a paused app keeps its pods until somebody resumes it', once, async ({ admin: page, sample }) => {
  const name = sample('hold');
  ready(name);
  await open(page, name);
  const status = page.locator('.head .pill');
  const pods = page.locator('.pods [data-row] a.name');
  await expect(status).toHaveText('Running');
  await more(page);
  await action(page, 'Pause rollouts').locator('summary').click();
  await action(page, 'Pause rollouts').getByRole('button', { name: 'Pause rollouts' }).click();
  await expect(page.locator('[data-paused-rollouts]'), 'a note').toBeVisible();
  await expect(status, 'it serves as before').toHaveText('Running');
  await expect(page.locator('.act-more'), 'the menu closes with its form').not.toHaveAttribute('open');

  const before = pod(name);
  kubectl('-n', 'web', 'set', 'env', `deployment/${name}`, 'GREETING=later');
  await expect(page.locator('.head')).toContainText(/paused/i);
  await expect(pods).toHaveAttribute('title', before);

  await page.locator('.say').getByRole('button', { name: 'Resume rollouts' }).click();
  await action(page, 'Resume rollouts').getByRole('button', { name: 'Resume rollouts' }).click();
  await expect(status).toHaveText('Running');
  await expect(page.locator(`.pods a.name[title="${before}"]`)).toHaveCount(0);
  await expect(pods).toHaveCount(1);
  await expect(page.locator('[data-paused-rollouts]')).toHaveCount(0);
});

test('an app goes back to a revision after its difference was shown, and the page follows', once, async ({ admin: page, sample }) => {
  const name = sample('back', { env: { GREETING: 'the first' } });
  ready(name);
  kubectl('-n', 'web', 'set', 'env', `deployment/${name}`, 'GREETING=the second');
  ready(name);
  await open(page, name, '/history');
  const revision = (number: number) => page.locator('table.hist tbody tr').filter({ has: page.getByRole('rowheader', { name: String(number), exact: true }) });
  await expect(revision(2)).toContainText('Current');
  await revision(1).getByRole('link', { name: 'Difference to revision 1' }).click();

  const difference = page.getByRole('region', { name: 'Changes if you roll back to revision 1' });
  await expect(difference.locator('.dl-del')).toHaveText([/value: the second/]);
  await expect(difference.locator('.dl-add')).toHaveText([/value: the first/]);
  await expect(page.locator('[data-live=live]')).toBeVisible();
  await difference.locator('summary', { hasText: 'Roll back' }).click();
  await difference.getByRole('button', { name: 'Roll back' }).click();

  await expect.poll(() => kubectl('-n', 'web', 'get', 'deployment', name, '-o', 'jsonpath={.spec.template.spec.containers[0].env[0].value}')).toBe('the first');
  await expect(revision(3)).toContainText('Current');
  await expect(difference).toHaveCount(0);
  await page.getByRole('link', { name: 'Overview' }).click();
  await expect(page.locator('#story')).toContainText('revision 3');
  await expect(page.locator('#story li').first()).toContainText('Admin rolled back to revision 1 as revision 3.');
  await expect(page.locator('.head .pill')).toHaveText('Running');
});

test('the list of revisions follows a roll-back', async ({ admin: page, sample }) => {
  const name = sample('revs', { env: { GREETING: 'the first' }, replicas: 0 });
  await known(page, name);
  kubectl('-n', 'web', 'set', 'env', `deployment/${name}`, 'GREETING=the second');
  await expect.poll(() => kubectl('-n', 'web', 'get', 'replicasets', '-l', `app=${name}`, '-o', 'name').trim().split('\n')).toHaveLength(2);
  await open(page, name, '/history');
  const row = page.locator('table.hist tbody tr').filter({ has: page.getByRole('rowheader', { name: '1', exact: true }) });
  await row.locator('summary', { hasText: 'Roll back' }).click();
  await row.getByRole('button', { name: 'Roll back' }).click();
  await expect(page.locator('table.hist tbody tr').filter({ hasText: 'Current' }).getByRole('rowheader', { name: '3', exact: true })).toBeVisible();
});

test('the story names the person who restarted an app', once, async ({ admin: page, sample }) => {
  const name = sample('again');
  ready(name);
  await open(page, name);
  await action(page, 'Restart').locator('summary').click();
  await action(page, 'Restart').getByRole('button', { name: 'Restart' }).click();
  await expect(page.locator('#story li').first()).toContainText('Admin restarted the app (revision 2).');
});

test('the page of an app that somebody deletes says so, by whom, and leads back', once, async ({ admin: page, sample }) => {
  const name = sample('gone');
  ready(name);
  await open(page, name);
  const other = await page.context().newPage();
  await open(other, name);
  const form = action(other, 'Delete');
  await more(other);
  await form.locator('summary').click();
  await form.getByLabel(`Type ${name} to confirm`).fill(name);
  await form.getByRole('button', { name: `Delete ${name}` }).click();

  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`${name} was deleted`);
  await expect(page.locator('main')).toContainText(/Admin deleted it \d+ s ago\./);
  await expect(page.locator('main').getByRole('navigation')).toHaveCount(0);
  await expect(page.locator('main').getByRole('button')).toHaveCount(0);
  await expect(page.locator('main canvas:visible, main .chart:visible')).toHaveCount(0);
  await page.getByRole('link', { name: 'Go to apps', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Apps');
});

test('a form that is open stays open while its app changes', once, async ({ admin: page, sample }) => {
  const name = sample('held', { replicas: 0 });
  await open(page, name);
  await expect(page.locator('leptos-children details')).toHaveCount(0);
  const form = action(page, 'Scale');
  await form.locator('summary').click();
  await form.getByLabel('Replicas').fill('5');
  kubectl('-n', 'web', 'scale', 'deployment', name, '--replicas=1');
  await expect(page.locator('main')).toContainText('1/1');
  await expect(form.getByLabel('Replicas')).toHaveValue('5');
});

test('an app is deleted by its typed name only, and the list says that it was', async ({ admin: page, sample }) => {
  const name = sample('stay', { replicas: 0 });
  await open(page, name);
  const form = action(page, 'Delete');
  await more(page);
  await form.locator('summary').click();
  const field = form.getByLabel(`Type ${name} to confirm`);
  for (const wrong of ['', `${name}x`]) {
    await field.fill(wrong);
    await field.press('Enter');
    await expect(form.getByRole('alert')).toHaveText(`Type ${name} to delete it. Nothing was deleted.`);
    await expect(field).toBeFocused();
    await expect(field).toHaveAttribute('aria-invalid', 'true');
  }
  expect(kubectl('-n', 'web', 'get', 'deployment', name, '-o', 'name')).toContain(name);

  await field.fill(name);
  await form.getByRole('button', { name: `Delete ${name}` }).click();
  await expect(page).toHaveURL(/\/apps\/web$/);
  await expect(page.locator('#toasts')).toContainText(`Deleted ${name}`);
  await expect(page.locator('main')).not.toContainText(name);
  await page.reload();
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page.locator('#toasts .toast:visible')).toHaveCount(0);
});

test('a number of replicas that is none is said beside the field', once, async ({ admin: page, sample }) => {
  const name = sample('count', { replicas: 0 });
  await open(page, name);
  const form = action(page, 'Scale');
  await form.locator('summary').click();
  const field = form.getByLabel('Replicas');
  for (const wrong of ['', '-1', '2.5', '1001']) {
    await field.fill(wrong);
    await field.press('Enter');
    await expect(form.getByRole('alert'), wrong).toContainText('1000');
    await expect(field, wrong).toHaveAttribute('aria-invalid', 'true');
  }
  await field.fill('1');
  await field.press('Enter');
  await expect(page.locator('#toasts')).toContainText(`Scaled ${name} to 1`);
  await expect(form).not.toHaveAttribute('open');
});

test('an open page says that its app was deleted elsewhere', once, async ({ admin: page, sample }) => {
  const name = sample('gone', { replicas: 0 });
  await open(page, name);
  kubectl('-n', 'web', 'delete', 'deployment', name);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`${name} was deleted`);
  await expect(page.locator('details.act')).toHaveCount(0);
  await page.goto(at(`/apps/web?q=${name}`));
  await expect(page.getByText(`No apps match ${name}`)).toBeVisible();
});
