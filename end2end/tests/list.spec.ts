// The list as a person works with it: what stays in sight, what holds still, and what can be done from a row.
import type { Page } from '@playwright/test';
import { accessible, at, expect, kubectl, known, once, test as base } from './portal';
import { test } from './sample';

const live = async (page: Page, path: string) => {
  await page.goto(at(path));
  await expect(page.locator('[data-live=live]')).toBeVisible();
};
const row = (page: Page, name: string) => page.locator(`tr[id="web/deployment/${name}"]`);
const more = (page: Page, name: string) => row(page, name).getByRole('button', { name: `Actions for ${name}` });
const menu = (page: Page) => page.locator('dialog.row-menu');
const names = (page: Page) => page.locator('tr[data-row]').evaluateAll((rows) => rows.map((row) => row.id.split('/')[2]));

for (const path of ['/apps', '/apps?embed=1']) {
  test(`the head of the table stays below the bar of ${path} while one scrolls`, once, async ({ admin: page }) => {
    await page.setViewportSize({ width: 1280, height: 260 });
    await live(page, path);
    const head = page.locator('table.apps thead');
    await page.locator('tr[data-row]').nth(4).evaluate((row) => scrollTo(0, row.getBoundingClientRect().top + scrollY - 100));
    const places = () => page.evaluate(() => {
      const [bar, head] = ['header.bar', 'table.apps thead'].map((s) => document.querySelector(s)!.getBoundingClientRect());
      const over = document.elementFromPoint(head.left + 300, head.top + head.height / 2)!;
      return { gap: Math.round(head.top - bar.bottom), over: !!over.closest('thead') };
    });
    await expect.poll(places).toEqual({ gap: 0, over: true });
    await head.getByRole('link', { name: 'Name', exact: true }).click();
    await expect(head.locator('[aria-sort=ascending]')).toHaveText('Name');
    await page.locator('tr[data-row] a.name').first().focus();
    const hidden = await page.evaluate(() => document.querySelector('table.apps thead')!.getBoundingClientRect().bottom - document.activeElement!.getBoundingClientRect().top);
    expect(hidden, 'what has the focus is not under it').toBeLessThanOrEqual(0);
  });
}

test('the link to more leads to all that need attention, and back', once, async ({ admin: page, sample }) => {
  const bad = Array.from({ length: 6 }, (_, n) => sample(`bad${n}`, { main: { image: 'x.invalid/none:1' } }));
  for (const name of bad) await known(page, name);
  await live(page, '/apps');
  const link = page.locator('.attn').getByRole('link', { name: /^\d+ more that need attention$/ });
  await link.click();
  await expect(page).toHaveURL(/status=failing,degraded,unknown/);
  for (const name of bad) await expect(row(page, name)).toBeVisible();
  await expect(page.locator('tr[data-row]').filter({ hasText: 'Running' })).toHaveCount(0);
  const back = page.getByRole('link', { name: 'Show all apps' });
  await expect(back, 'the focus goes on').toBeFocused();
  await back.click();
  await expect(page.locator('tr[data-row]').filter({ hasText: 'Running' }).first()).toBeVisible();
});

test('a group is collapsed, stays so when the page is loaded again, and tells its worst', once, async ({ admin: page, sample }) => {
  const name = sample('folds', { replicas: 0 });
  await known(page, name);
  await live(page, '/apps');
  const head = page.locator('tbody[data-group=web] .grp').getByRole('link');
  await expect(head).toHaveAttribute('aria-expanded', 'true');
  await head.focus();
  await page.keyboard.press('Enter');
  await expect(head).toHaveAttribute('aria-expanded', 'false');
  await expect(head).toBeFocused();
  await expect(row(page, name)).toHaveCount(0);
  await expect(head).toContainText(/\d+ apps/);
  await expect(head).toContainText(/Failing \d/);
  await expect(page).toHaveURL(/collapsed=web/);
  kubectl('-n', 'web', 'scale', 'deployment', name, '--replicas=1');
  await page.reload();
  await expect(head).toHaveAttribute('aria-expanded', 'false');
  await expect(row(page, name)).toHaveCount(0);
  await expect(page.locator('[data-live=live]')).toBeVisible();
  await head.press('Enter');
  await expect(row(page, name)).toContainText('Running');
  await accessible(page);
});

test('a click anywhere in a row opens its app, and no other click does', async ({ admin: page, sample, context }) => {
  const name = sample('whole', { replicas: 0 });
  await known(page, name);
  await live(page, '/apps/web');
  const status = row(page, name).locator('.c-st');
  await expect(status).toContainText('Stopped');
  // Marking a text is no click.
  const box = (await status.boundingBox())!;
  await page.mouse.move(box.x + 60, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + 140, box.y + box.height / 2, { steps: 5 });
  await page.mouse.up();
  expect(await page.evaluate(() => getSelection()!.toString())).not.toBe('');
  expect(page.url()).toMatch(/\/apps\/web$/);
  // A tab of its own, with the key and with the middle button.
  for (const how of [{ modifiers: ['ControlOrMeta' as const] }, { button: 'middle' as const }]) {
    const [tab] = await Promise.all([context.waitForEvent('page'), status.click({ ...how, position: { x: 8, y: 4 } })]);
    await expect(tab).toHaveURL(new RegExp(`/apps/web/deployment/${name}$`));
    await tab.close();
  }
  expect(page.url()).toMatch(/\/apps\/web$/);
  // A control in the row is itself.
  await row(page, name).hover();
  await row(page, name).getByRole('link', { name: `Logs of ${name}` }).click();
  await expect(page).toHaveURL(new RegExp(`/${name}/logs$`));
  await page.goBack();
  await expect(page.locator('[data-live=live]')).toBeVisible();
  await status.click({ position: { x: 8, y: 4 } });
  await expect(page).toHaveURL(new RegExp(`/apps/web/deployment/${name}$`));
});

test('from the menu of a row an app is scaled and deleted, and the list goes on', async ({ admin: page, sample }) => {
  const name = sample('menu', { replicas: 0 });
  await known(page, name);
  await live(page, `/apps/web?q=${name}`);
  await more(page, name).click();
  const scale = menu(page).locator('summary', { hasText: 'Scale' });
  await expect(menu(page).getByRole('link', { name: 'Open' })).toBeFocused();
  await expect(scale).toBeVisible();
  await expect(menu(page).locator('summary', { hasText: 'Restart' }), 'there is nothing to restart').toHaveCount(0);
  await accessible(page);
  await scale.click();
  await menu(page).getByLabel('Replicas').fill('1');
  await menu(page).getByRole('button', { name: 'Scale' }).click();
  await expect(menu(page)).toHaveCount(0);
  await expect(row(page, name)).toContainText('Running');
  await more(page, name).click();
  await menu(page).locator('summary', { hasText: 'Delete' }).click();
  await menu(page).getByLabel(/to confirm/).fill(name);
  await menu(page).getByRole('button', { name: `Delete ${name}` }).click();
  await expect(row(page, name)).toHaveCount(0);
  expect(page.url(), 'the list stays').toContain(`q=${name}`);
});

test('the menu of a row is used by keyboard alone', once, async ({ admin: page, sample }) => {
  const name = sample('keyed', { replicas: 1 });
  await known(page, name);
  await live(page, `/apps/web?q=${name}`);
  await more(page, name).focus();
  await page.keyboard.press('Enter');
  await expect(menu(page).getByRole('link', { name: 'Open' })).toBeFocused();
  await expect(menu(page).locator('summary', { hasText: 'Scale' })).toBeVisible();
  for (const line of [/^Logs$/, /^Restart$/, /^Scale$/]) {
    await page.keyboard.press('ArrowDown');
    await expect(menu(page).locator(':focus')).toHaveText(line);
  }
  await page.keyboard.press('Enter');
  await expect(menu(page).getByLabel('Replicas')).toBeVisible();
  await page.keyboard.press('Tab');
  await expect(menu(page).getByLabel('Replicas')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(menu(page).getByLabel('Replicas'), 'first the form closes').toBeHidden();
  await expect(menu(page).locator('summary', { hasText: 'Scale' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(menu(page)).toHaveCount(0);
  await expect(more(page, name)).toBeFocused();
});

test('the menu offers what the kind knows and the role allows', once, async ({ admin: page, visitor }) => {
  await live(page, '/apps/web');
  const job = page.locator('tr[id="web/cronjob/tweet-harvest"]');
  await job.getByRole('button', { name: 'Actions for tweet-harvest' }).click();
  const acts = menu(page).locator('.row-acts');
  await expect(acts.locator('summary', { hasText: 'Delete' })).toBeVisible();
  for (const none of ['Restart', 'Scale', 'Roll back']) await expect(acts).not.toContainText(none);

  const { page: viewer } = await visitor('viewer');
  await live(viewer, '/apps/web');
  await viewer.getByRole('button', { name: 'Actions for kpow' }).click();
  await expect(menu(viewer).locator('.row-acts')).toContainText('Restart');
  await expect(menu(viewer).locator('.row-acts summary'), 'a viewer can do none of them').toHaveCount(0);
});

test('rows hold still while somebody is there, and are in order again afterwards', once, async ({ admin: page, sample }) => {
  const [first, second] = [sample('still-a'), sample('still-b')];
  for (const name of [first, second]) await known(page, name);
  await live(page, '/apps/web?q=still-');
  for (const name of [first, second]) await expect(row(page, name)).toContainText('Running');
  await expect.poll(() => names(page)).toEqual([first, second]);
  await page.mouse.move(300, 300);
  await page.mouse.move(310, 60);
  kubectl('-n', 'web', 'scale', 'deployment', first, '--replicas=0');
  await expect(row(page, first)).toContainText('Stopped');
  expect(await names(page), 'it does not move under the eyes').toEqual([first, second]);
  await expect.poll(() => names(page), 'nobody is there any more').toEqual([second, first]);
});

base('without scripts a group collapses and the link to more works', async ({ admin: page, browser, baseURL }) => {
  const plain = await browser.newContext({ baseURL, javaScriptEnabled: false });
  await plain.addCookies(await page.context().cookies());
  const list = await plain.newPage();
  await list.goto(at('/apps'));
  await list.locator('tbody[data-group=web] .grp a').click();
  await expect(list.locator('tbody[data-group=web] tr[data-row]')).toHaveCount(0);
  await expect(list.locator('tbody[data-group=web] .grp a')).toHaveAttribute('aria-expanded', 'false');
  await expect(list.locator('.row-more').first()).toBeHidden();
  await list.goto(at('/apps?status=failing,degraded,unknown&group=none'));
  await list.getByRole('link', { name: 'Show all apps' }).click();
  await expect(list).toHaveURL(/\/apps$/);
  await plain.close();
});

test('a sentence that ticks does not move the table', once, async ({ admin: page }) => {
  await page.setViewportSize({ width: 1024, height: 800 });
  await live(page, '/apps');
  // The height set on the element, not the computed one, which every element has.
  await expect(page.locator('.attn li > p').last()).toHaveAttribute('style', /height: \d+px/);
  const found = await page.locator('.attn li > p').evaluateAll((all) => all.map((p) => {
    const before = p.getBoundingClientRect().height;
    const text = p.lastChild!;
    text.nodeValue += ' and so much more than has been said before that it needs another line, and one more, and another one after that';
    return { grew: p.getBoundingClientRect().height - before, fixed: (p as HTMLElement).style.height !== '' };
  }));
  expect(found.length).toBeGreaterThan(0);
  for (const one of found) expect(one).toEqual({ grew: 0, fixed: true });
});
