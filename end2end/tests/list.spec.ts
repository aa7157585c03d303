// The list as a person works with it: what stays in sight, what holds still, and what can be done from a row.
import type { Page } from '@playwright/test';
import { accessible, at, expect, kubectl, known, once, test as base } from './portal';
import { test } from './sample';

const live = async (page: Page, path: string) => {
  await page.goto(at(path));
  await expect(page.locator('[data-live=live]')).toBeVisible();
};
const row = (page: Page, name: string) => page.locator(`tr[id="web/deployment/${name}"]`);
const names = (page: Page) => page.locator('tr[data-row]').evaluateAll((rows) => rows.map((row) => row.id.split('/')[2]));

for (const path of ['/apps', '/apps?embed=1']) {
  test(`the head of the table stays below the bar of ${path} while one scrolls`, async ({ admin: page }) => {
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

test('the link to more leads to all that need attention, and back', async ({ admin: page, sample }) => {
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

test('a group is collapsed, stays so when the page is loaded again, and tells its worst', async ({ admin: page, sample }) => {
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

test('rows hold still while somebody is there, and are in order again afterwards', async ({ admin: page, sample }) => {
  once();
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

test('a sentence that ticks does not move the table', async ({ admin: page }) => {
  await page.setViewportSize({ width: 1024, height: 800 });
  await live(page, '/apps');
  await expect(page.locator('.attn li > p').first()).toHaveCSS('height', /^\d+px$/);
  const found = await page.locator('.attn li > p').evaluateAll((all) => all.map((p) => {
    const before = p.getBoundingClientRect().height;
    const text = p.lastChild!;
    text.nodeValue += ' and so much more than has been said before that it needs another line, and one more, and another one after that';
    return { grew: p.getBoundingClientRect().height - before, fixed: (p as HTMLElement).style.height !== '' };
  }));
  expect(found.length).toBeGreaterThan(0);
  for (const one of found) expect(one).toEqual({ grew: 0, fixed: true });
});
