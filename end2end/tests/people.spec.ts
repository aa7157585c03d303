import { type Page } from '@playwright/test';
import { accessible, at, expect, once, signIn, test, unique } from './portal';

test('a new user without a team learns how to get one; a viewer sees but may not change', async ({ admin, apart }) => {
  const name = unique('ilse');
  const password = 'a long enough passphrase 42';
  await admin.goto(at('/users'));
  await accessible(admin);
  await admin.locator('form[action$="/users/create"] [name=name]').fill(name);
  await admin.locator('form[action$="/users/create"] [name=display]').fill('Ilse Brandt');
  await admin.locator('form[action$="/users/create"] [name=password]').fill(password);
  await admin.locator('form[action$="/users/create"] button[type=submit]').click();
  await expect(admin.locator('main')).toContainText('Ilse Brandt');

  const context = await apart();
  const page = await context.newPage();
  await signIn(page, name, password);
  await expect(page.locator('main')).toContainText(/namespace/i);
  await expect(page.locator('main')).toContainText(/admin/i);
  await accessible(page);

  const team = unique('Team');
  await admin.goto(at('/teams'));
  await admin.locator('form[action$="/teams/create"] [name=name]').fill(team);
  await admin.locator('form[action$="/teams/create"] [name=namespaces]').fill('web');
  await admin.locator('form[action$="/teams/create"] button[type=submit]').click();
  await expect(admin.locator('main')).toContainText(team);
  await accessible(admin);
  await admin.getByLabel(`Username of a new member of ${team}`).fill(name);
  const member = admin.locator('form').filter({ has: admin.getByLabel(`Username of a new member of ${team}`) });
  await member.getByLabel('Role').selectOption('viewer');
  await member.getByRole('button', { name: 'Add member' }).click();
  await expect(admin.locator('main')).toContainText('Ilse Brandt');

  await page.goto(at('/apps'));
  await expect(page.locator('tr[id$="/loklak-server"]')).toBeVisible();
  await expect(page.locator('tr[id^="data/"]')).toHaveCount(0);
  const refused = await context.request.post(at('/api/v1/namespaces/web/apps/deployment/loklak-server/restart'));
  expect(refused.status()).toBe(403);
  const hidden = await context.request.get(at('/api/v1/namespaces/data/apps'));
  expect(hidden.status()).toBe(403);
  await admin.goto(at('/audit'));
  await expect(admin.locator('main')).toContainText('refused');
  await accessible(admin);
});

test('a form that is sent empty says what each field needs and puts the cursor into the first', once, async ({ admin: page }) => {
  await page.goto(at('/users'));
  await page.getByRole('button', { name: 'Create user' }).click();
  await expect(page.locator('#f-new-name-e')).toHaveText('Enter a username.');
  await expect(page.locator('#f-new-password-e')).toContainText('at least 12 characters');
  await expect(page.locator('#f-new-name')).toBeFocused();
  await accessible(page);
});

test('somebody without a namespace learns whom to ask, on every page that needs one', once, async ({ visitor }) => {
  const { page, name } = await visitor();
  for (const path of ['/apps', '/secrets', '/new-app', '/new-secret']) {
    await page.goto(at(path));
    await expect(page.locator('main'), path).toContainText(`You're signed in as ${name} but not on a team yet. Ask Admin to add you to one`);
  }
  await page.goto(at('/apps/web'));
  await expect(page.locator('main')).not.toContainText('loklak');
  await page.goto(at('/teams'));
  await expect(page.locator('main')).toContainText('You aren\'t on a team yet. Ask a portal admin');
  await expect(page.getByRole('link', { name: 'Users' })).toHaveCount(0);
});

test('a viewer finds nothing to change with, is told why, and the API refuses him with a sentence', once, async ({ admin, visitor }) => {
  const { page, name } = await visitor('viewer');
  await page.goto(at('/apps'));
  await expect(page.locator('[data-live=live]')).toBeVisible();
  await expect(page.locator('tr[id$="/loklak-server"]')).toBeVisible();
  await expect(page.getByRole('link', { name: 'New app' })).toHaveCount(0);
  await expect(page.getByRole('button', { name: /^New app isn't available: .*operator.*owner/ })).toBeVisible();
  await page.goto(at('/apps/web/deployment/loklak-server'));
  await expect(page.locator('[data-live=live]')).toBeVisible();
  await expect(page.locator('details.act')).toHaveCount(0);
  await page.locator('.act-more > summary').click();
  await expect(page.locator('.act-more .menu-no'), 'the reason once for all actions').toHaveText(/^Restart, Scale, Pause rollouts, Roll back, Delete: .*operator/);
  await page.goto(at('/secrets/web'));
  await expect(page.getByRole('link', { name: 'New secret' })).toHaveCount(0);
  await expect(page.getByRole('button', { name: /^New secret isn't available: .*operator/ })).toBeVisible();
  await page.goto(at('/secrets/web/loklak-admin'));
  await expect(page.locator('main')).toContainText('You can view this secret. Changing it needs the operator role; ask a team owner.');
  await expect(page.locator('main').getByRole('button')).toHaveCount(0);
  for (const path of ['/new-app/web', '/new-secret/web']) {
    expect((await page.goto(at(path)))!.status(), path).toBe(403);
    await expect(page.locator('main'), path).toContainText(/operator/);
  }
  const api = page.request;
  for (const [method, path] of [
    ['POST', 'apps/deployment/loklak-server/restart'],
    ['DELETE', 'apps/deployment/loklak-server'],
    ['DELETE', 'secrets/loklak-admin'],
  ]) {
    const answer = await api.fetch(at(`/api/v1/namespaces/web/${path}`), { method });
    expect(answer.status(), path).toBe(403);
    expect((await answer.json()).detail, path).toBe('Your role in web is viewer; this needs operator. Ask a team owner.');
  }
  for (const path of ['/users', '/audit']) expect((await page.goto(at(path)))!.status(), path).toBe(403);

  await admin.goto(at(`/audit?filter=${name}`));
  const refused = admin.getByRole('row').filter({ hasText: 'DELETE /api/v1/namespaces/web/secrets/loklak-admin' });
  await expect(async () => {
    await admin.reload();
    await expect(refused).toContainText('is viewer, needs operator', { timeout: 500 });
  }).toPass({ timeout: 10_000 });
  await expect(refused).toContainText('refused');
  await accessible(admin);
});

test('the audit page tells what was refused, not only where', async ({ admin, visitor }) => {
  const { page, name } = await visitor('viewer');
  await page.request.post(at('/api/v1/namespaces/web/apps/deployment/kpow/restart'));
  await page.request.delete(at('/api/v1/namespaces/web/secrets/loklak-admin'));
  await expect(async () => {
    await admin.goto(at(`/audit?filter=${name}`));
    for (const target of ['kpow', 'DELETE /api/v1/namespaces/web/secrets/loklak-admin']) await expect(admin.getByRole('row').filter({ hasText: 'refused' }).filter({ hasText: target })).toBeVisible({ timeout: 500 });
  }).toPass({ timeout: 10_000 });
});

test('an open page ends within a second or so once its user is disabled', async ({ admin, visitor }) => {
  const { page, name, password } = await visitor('viewer');
  await page.goto(at('/apps/web'));
  await expect(page.locator('[data-live=live]')).toBeVisible();

  await admin.goto(at('/users'));
  const row = admin.getByRole('row').filter({ hasText: name });
  await row.locator('summary', { hasText: 'Edit' }).click();
  await row.getByLabel('Disabled: can\'t sign in, open sessions end').check();
  await row.getByRole('button', { name: 'Save' }).click();
  await expect(page).toHaveURL(/\/signin/, { timeout: 5_000 });
  await expect(row.locator('.tag')).toHaveText('Disabled');
  await page.locator('input[name=name]').fill(name);
  await page.locator('input[name=password]').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('alert')).toBeVisible();
  await expect(page).toHaveURL(/\/signin/);
});

test('an open page loses a namespace with the role that opened it', once, async ({ admin, visitor }) => {
  const { page, name } = await visitor('viewer');
  await page.goto(at('/apps'));
  await expect(page.locator('[data-live=live]')).toBeVisible();
  await expect(page.locator('tr[id="web/deployment/loklak-server"]')).toBeVisible();
  await admin.goto(at('/teams'));
  await admin.getByRole('button', { name: `Remove ${name} from` }).click();
  await expect(page.locator('tr[id="web/deployment/loklak-server"]')).toHaveCount(0, { timeout: 5_000 });
  await expect(page.locator('main')).toContainText('You\'re no longer on a team with a namespace. Ask a portal admin to add you to one');
  await expect(page.locator('main')).not.toContainText('No apps yet');
});

test('one ends single sessions and all others from the account page', once, async ({ person, apart }) => {
  const { name, password } = await person();
  const pages: Page[] = [];
  for (const userAgent of ['Laptop', 'Phone', 'Kiosk', 'Tablet']) {
    const page = await (await apart({ userAgent })).newPage();
    await signIn(page, name, password);
    pages.push(page);
  }
  const [laptop, phone, kiosk, tablet] = pages;
  const signedOut = async (page: Page) => {
    await page.goto(at('/account'));
    await expect(page).toHaveURL(/\/signin/);
  };
  await laptop.goto(at('/account'));
  const sessions = laptop.getByRole('region', { name: 'Sessions' }).getByRole('listitem');
  await expect(sessions).toHaveCount(4);
  await expect(sessions.filter({ hasText: 'Laptop' })).toContainText('This session');
  await accessible(laptop);
  await sessions.filter({ hasText: 'Phone' }).getByRole('button', { name: /^Sign out the session/ }).click();
  await expect(sessions.filter({ hasText: 'Phone' })).toHaveCount(0);
  await signedOut(phone);
  await kiosk.goto(at('/account'));
  await expect(kiosk.getByRole('heading', { level: 1 })).toHaveText('Account');
  await laptop.getByRole('button', { name: 'Sign out all others' }).click();
  await expect(sessions).toHaveCount(1);
  await signedOut(kiosk);
  await signedOut(tablet);
});

test('a new password signs all other sessions out, and the old one opens nothing', once, async ({ person, apart }) => {
  const { name, password } = await person('viewer');
  const [here, there] = [await (await apart()).newPage(), await (await apart()).newPage()];
  for (const page of [here, there]) await signIn(page, name, password);
  await there.goto(at('/apps/web'));
  await expect(there.locator('[data-live=live]')).toBeVisible();
  await here.goto(at('/account'));
  const change = async (current: string, fresh: string, repeat = fresh) => {
    await here.getByLabel('Current password').fill(current);
    await here.getByLabel('New password', { exact: true }).fill(fresh);
    await here.getByLabel('Repeat new password').fill(repeat);
    await here.getByRole('button', { name: 'Change password' }).click();
  };
  await change(password, 'another long passphrase', 'another long passphrasE');
  await expect(here.locator('#f-repeat-e')).toContainText('The passwords don\'t match.');
  await change(password, 'short');
  await expect(here.locator('#f-new-e')).toContainText(/12 characters/);
  await change('not the current one', 'another long passphrase');
  await expect(here.locator('#f-current-e')).toBeVisible();
  await expect(there.locator('[data-live=live]'), 'nothing has changed yet').toBeVisible();
  await change(password, 'another long passphrase');
  await expect(here.locator('.banner-ok')).toContainText(/password/i);
  await expect(there).toHaveURL(/\/signin/, { timeout: 5_000 });
  await here.reload();
  await expect(here.getByRole('heading', { level: 1 })).toHaveText('Account');
  await there.locator('input[name=name]').fill(name);
  await there.locator('input[name=password]').fill(password);
  await there.getByRole('button', { name: 'Sign in' }).click();
  await expect(there.getByRole('alert')).toBeVisible();
});
