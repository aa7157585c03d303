import { accessible, at, expect, signIn, test, unique } from './portal';

test('a new user without a team learns how to get one; a viewer sees but may not change', async ({ admin, browser, baseURL }) => {
  const name = unique('ilse');
  const password = 'a long enough passphrase 42';
  await admin.goto(at('/users'));
  await accessible(admin);
  await admin.locator('form[action$="/users/create"] [name=name]').fill(name);
  await admin.locator('form[action$="/users/create"] [name=display]').fill('Ilse Brandt');
  await admin.locator('form[action$="/users/create"] [name=password]').fill(password);
  await admin.locator('form[action$="/users/create"] button[type=submit]').click();
  await expect(admin.locator('main')).toContainText('Ilse Brandt');

  const context = await browser.newContext({ baseURL });
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
  await admin.getByLabel(`User name of a new member of ${team}`).fill(name);
  const member = admin.locator('form').filter({ has: admin.getByLabel(`User name of a new member of ${team}`) });
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
  await context.close();
});

test('the account page shows the sessions', async ({ admin: page }) => {
  await page.goto(at('/account'));
  await expect(page.locator('main')).toContainText(/session/i);
  await accessible(page);
});
