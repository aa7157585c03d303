// The list in the browser: it takes over the rows that the server has written, and changes as little of them as it can.
import type { Page } from '@playwright/test';
import { at, expect, known, kubectl, once } from './portal';
import { test } from './sample';

interface Seen {
  rows: Element[];
  cells: string[];
}

/** Remembers the rows of the page as the server has written them, and which cells change afterwards. */
const watch = (page: Page) => page.addInitScript(() => addEventListener('DOMContentLoaded', () => {
  const seen: Seen = { rows: [...document.querySelectorAll('tr[data-row]')], cells: [] };
  new MutationObserver((changes) => {
    for (const { target } of changes) {
      const element = target instanceof Element ? target : target.parentElement;
      const cell = element?.closest('[data-row] > *');
      // Ages go on by themselves.
      if (cell && !element!.closest('time')) seen.cells.push(`${cell.parentElement!.id} ${/c-\w+/.exec(cell.className)![0]}`);
    }
  }).observe(document.querySelector('table.apps')!, { subtree: true, childList: true, characterData: true, attributes: true });
  Object.assign(window, { seen });
}));

/** How many rows have another element than the server's; apps that are gone meanwhile do not count. */
const replaced = (page: Page) => page.evaluate(() => (window as unknown as { seen: Seen }).seen.rows.filter((row) => {
  const now = document.getElementById(row.id);
  return now && now !== row;
}).length);

const cells = async (page: Page, id: string) => {
  const all = await page.evaluate(() => (window as unknown as { seen: Seen }).seen.cells);
  return [...new Set(all.filter((cell) => cell.startsWith(`${id} `)).map((cell) => cell.slice(id.length + 1)))];
};

test('the rows that the server has written stay, and a change paints the cells that say something else', once, async ({ admin: page, sample }) => {
  const name = sample('adopts', { replicas: 0 });
  const id = `web/deployment/${name}`;
  await known(page, name);
  await watch(page);
  await page.goto(at('/apps/web'));
  await expect(page.locator('[data-live=live]')).toBeVisible();
  const row = page.locator(`tr[id="${id}"]`);
  await row.locator('a.name').focus();
  kubectl('-n', 'web', 'scale', 'deployment', name, '--replicas=1');
  await expect(row).toContainText('Running');
  await expect(row).toContainText('1/1');
  const changed = await cells(page, id);
  expect(changed).toEqual(expect.arrayContaining(['c-st', 'c-rdy']));
  for (const cell of ['c-name', 'c-img', 'c-rst', 'c-age', 'c-act']) expect(changed, cell).not.toContain(cell);
  await expect(row.locator('a.name'), 'the focus stays').toBeFocused();
  expect(await replaced(page)).toBe(0);
});

test('order, groups and filters move the rows that are there', async ({ admin: page, sample }) => {
  const names = [sample('order-b', { replicas: 0 }), sample('order-a', { replicas: 0 })];
  for (const name of names) await known(page, name);
  await watch(page);
  await page.goto(at('/apps'));
  await expect(page.locator('[data-live=live]')).toBeVisible();
  const shown = () => page.locator('tr[data-row]').evaluateAll((rows) => rows.map((row) => row.id));
  const mine = names.map((name) => `web/deployment/${name}`);

  await page.getByRole('combobox', { name: 'Groups' }).selectOption('none');
  await expect(page.locator('tr.grp')).toHaveCount(0);
  await expect(page.locator(`tr[id="web/deployment/${names[0]}"] .c-ns`)).toHaveText('web');
  await page.getByRole('link', { name: 'Name', exact: true }).click();
  await expect(page.locator('th[aria-sort=ascending]')).toHaveText('Name');
  // What other stories make meanwhile stands at the end, because somebody reads.
  const inOrder = (await shown()).map((id) => id.split('/')[2]).filter((name) => names.includes(name) || !/-(root|stripped|kept|header|framed)-/.test(name));
  expect(inOrder).toEqual([...inOrder].sort());

  await page.getByRole('searchbox', { name: 'Filter apps' }).fill(names[1]);
  await expect(page.locator('tr[data-row]')).toHaveCount(1);
  await page.getByRole('searchbox', { name: 'Filter apps' }).fill('no such app');
  await expect(page.getByText('No apps match no such app')).toBeVisible();
  await expect(page.locator('table.apps')).toBeHidden();
  await page.getByRole('link', { name: 'Clear filter' }).click();
  for (const id of mine) await expect(page.locator(`tr[id="${id}"]`)).toHaveCount(1);
  await page.getByRole('combobox', { name: 'Groups' }).selectOption('namespace');
  await expect(page.locator('tr.grp').first()).toBeVisible();
  await page.goBack();
  await expect(page.locator('tr.grp')).toHaveCount(0);
  await expect(page.getByRole('combobox', { name: 'Groups' })).toHaveValue('none');
  expect(await replaced(page)).toBe(0);
});
