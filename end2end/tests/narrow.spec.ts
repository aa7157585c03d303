// The list where it is narrow, and everything without a mouse.
import type { Page } from '@playwright/test';
import { accessible, at, expect, kubectl, once, unique } from './portal';
import { action, more, open, ready, test } from './sample';

// Cells that are cut off, lie outside of their table, or lie on one another.
const crooked = (page: Page) => page.locator('table.apps').evaluate((table) => {
  const box = table.getBoundingClientRect();
  const found: string[] = [];
  let right = box.left;
  for (const head of table.querySelectorAll('thead th')) right = Math.max(right, head.getBoundingClientRect().right);
  if (box.right - right > 12) found.push(`the columns end ${Math.round(box.right - right)} px before the table`);
  for (const cell of table.querySelectorAll<HTMLElement>('tbody tr:not(.grp) > :not(.c-act), .grp > *')) {
    const at = cell.getBoundingClientRect();
    if (at.width === 0) continue;
    const where = `${cell.closest('tr')!.id || 'group'} ${cell.className}`;
    if (at.left < box.left - 1 || at.right > box.right + 1) found.push(`${where} lies outside`);
    if (cell.className.includes('c-st') && cell.querySelector('b')!.getBoundingClientRect().right > at.right) found.push(`${where}: the word is cut`);
  }
  return found;
});

for (const width of [1440, 1280, 1024]) {
  test(`the grouped list fills its table at ${width} px, and no cell is cut off`, once, async ({ admin: page }) => {
    await page.setViewportSize({ width, height: 900 });
    for (const group of ['namespace', 'team', 'release', 'none']) {
      await page.goto(at(`/apps?group=${group}`));
      await expect(page.locator('[data-live=live]')).toBeVisible();
      await expect(page.locator('tr[data-row]').first()).toBeVisible();
      expect(await crooked(page), `by ${group}`).toEqual([]);
      const short = await page.locator('.c-st .st > .trunc').evaluateAll((all) => all.filter((e) => 3 * e.clientWidth < 2 * e.scrollWidth).map((e) => e.textContent));
      if (width >= 1280) expect(short, 'most of each reason is seen').toEqual([]);
    }
    expect(await page.locator('.attn p').evaluateAll((all) => all.filter((p) => p.scrollWidth > p.clientWidth).map((p) => p.textContent)), 'sentences are whole').toEqual([]);
  });
}

test('an image that is too long for the list is cut once, before the end of its tag', once, async ({ admin: page, sample }) => {
  for (const [short, whole] of [['loklak', 'loklak:'], ['a-name-longer-than-the-column', 'a-name']]) {
    const reference = `registry.example.org/apps/${short}:latest-development-of-the-autumn`;
    const name = sample('tag', { replicas: 0, main: { image: reference } });
    await page.goto(at('/apps/web'));
    const image = page.locator(`tr[id="web/deployment/${name}"] .c-img > span`);
    await expect(image).toHaveAttribute('title', reference);
    const [begin, end] = [image.locator('> :first-child'), image.locator('> :last-child')];
    await expect(begin).toHaveText(`${short}:latest-development-of-the-`);
    await expect(end).toHaveText('autumn');
    // A row that is painted anew meanwhile has no size for a moment.
    const look = () => image.evaluate((all, letters) => {
      const [begin, end] = [...all.children];
      const cell = all.closest('td')!;
      const style = getComputedStyle(cell);
      const letter = end.getBoundingClientRect().width / end.textContent!.length;
      return {
        cut: [begin.scrollWidth > begin.clientWidth, end.scrollWidth > end.clientWidth],
        out: end.getBoundingClientRect().right - (cell.getBoundingClientRect().right - parseFloat(style.paddingRight)),
        room: begin.clientWidth / letter - letters,
      };
    }, whole.length);
    await expect.poll(async () => (await look()).cut).toEqual([true, false]);
    const places = await look();
    expect(places.out, 'all of it is inside its cell').toBeLessThanOrEqual(0.5);
    expect(places.room, `${whole} is seen`).toBeGreaterThan(1);
  }
});

test('on a phone one sees all of a pod, and rolls back from the history', once, async ({ admin: page, sample }) => {
  const name = sample('phone', { env: { GREETING: 'the first' } });
  ready(name);
  kubectl('-n', 'web', 'set', 'env', `deployment/${name}`, 'GREETING=the second');
  ready(name);
  await page.setViewportSize({ width: 390, height: 800 });
  const sticksOut = (selector: string) => page.locator(selector).evaluateAll((all) => all.filter((e) => e.getBoundingClientRect().right > innerWidth).map((e) => e.textContent));
  await open(page, name);
  await expect(page.locator('.pods [data-row]')).toHaveCount(1);
  await expect(page.locator('.pods [data-row]').first()).toContainText('Restarts 0');
  expect(await sticksOut('.pods tbody *')).toEqual([]);
  await accessible(page);

  await page.goto(at(`/apps/web/deployment/${name}/history`));
  await expect(page.locator('[data-live=live]')).toBeVisible();
  expect(await sticksOut('.hist tbody *')).toEqual([]);
  await accessible(page);
  const first = page.locator('table.hist tbody tr').filter({ has: page.getByRole('rowheader', { name: 'Revision 1' }) });
  await first.locator('summary', { hasText: 'Roll back' }).click();
  expect(await sticksOut('.hist .act-pop')).toEqual([]);
  await first.getByRole('button', { name: 'Roll back' }).click();
  await expect(page.locator('table.hist tbody tr').filter({ hasText: 'Current' }).getByRole('rowheader')).toHaveText('Revision 3');
});

test('on a phone the navigation opens, closes with Escape and leads on', async ({ admin: page }) => {
  await page.setViewportSize({ width: 390, height: 800 });
  await page.goto(at('/apps'));
  await expect(page.locator('[data-live=live]')).toBeAttached();
  const [opener, drawer] = [page.getByRole('link', { name: 'Open navigation' }), page.locator('#nav')];
  await expect(drawer).toBeHidden();
  await opener.focus();
  await page.keyboard.press('Enter');
  await expect(drawer).toBeVisible();
  await page.keyboard.press('Tab');
  expect(await drawer.evaluate((nav) => nav.contains(document.activeElement)), 'Tab goes into the drawer').toBe(true);
  await page.keyboard.press('Escape');
  await expect(drawer).toBeHidden();

  await opener.click();
  await drawer.getByRole('link', { name: 'Secrets' }).click();
  await expect(page).toHaveURL(/\/secrets$/);
  await expect(page.locator('#nav')).toBeHidden();
});

// Escape sends the focus to the content instead of the button that opened the drawer.
test('closing the navigation on a phone gives the focus back', once, async ({ admin: page }) => {
  await page.setViewportSize({ width: 390, height: 800 });
  await page.goto(at('/apps'));
  await expect(page.locator('[data-live=live]')).toBeAttached();
  const opener = page.getByRole('link', { name: 'Open navigation' });
  await opener.press('Enter');
  await expect(page.locator('#nav')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(opener).toBeFocused();
});

test('from the list to an app and an action with the keyboard alone, and one sees where one is', once, async ({ admin: page, sample }) => {
  const name = sample('keys', { replicas: 0 });
  const focus = () => page.evaluate(() => {
    const style = getComputedStyle(document.activeElement!);
    return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
  });
  const tabTo = async (there: () => Promise<boolean>) => {
    for (let i = 0; i < 60; i++) {
      await page.keyboard.press('Tab');
      expect(await focus(), 'the focus is seen at each stop').toBe(true);
      if (await there()) return;
    }
    throw new Error('60 tabs did not lead there');
  };
  const on = (text: string) => () => page.evaluate((t) => document.activeElement!.textContent!.includes(t), text);

  await open(page, name);
  await page.goto(at('/apps/web'));
  await expect(page.locator('[data-live=live]')).toBeVisible();
  await expect(page.locator('tr[data-row]').first()).toBeVisible();
  await page.keyboard.press('/');
  await expect(page.getByRole('searchbox', { name: 'Filter apps' })).toBeFocused();
  await page.keyboard.type(name);
  await expect(page.locator('tr[data-row]')).toHaveCount(1);
  await page.keyboard.press('Escape');
  await page.keyboard.press('j');
  await expect(page.locator(`tr[id="web/deployment/${name}"] a.name`)).toBeFocused();
  expect(await focus(), 'the row is seen to have the focus').toBe(true);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(name);
  await expect(page.locator('[data-live=live]')).toBeVisible();

  await tabTo(on('Scale'));
  await page.keyboard.press('Enter');
  await expect(action(page, 'Scale').getByLabel('Replicas')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(action(page, 'Scale').getByLabel('Replicas')).toBeHidden();
  await expect(action(page, 'Scale').locator('summary')).toBeFocused();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await expect(action(page, 'Scale').getByLabel('Replicas')).toBeFocused();
  await page.keyboard.type('1');
  await page.keyboard.press('Enter');
  await expect(page.locator('.head .pill')).toHaveText('Running');
  await expect(action(page, 'Scale').locator('summary')).toBeFocused();
});

for (const width of [1440, 1024, 390]) {
  test(`users and the audit table are readable at ${width} px without a pointer that hovers`, once, async ({ admin: page }) => {
    const name = `${unique('a.person.with.quite.a.long.name')}.${width}`;
    const form = { name, display: `Wilhelmina Featherstonehaugh-Cholmondeley ${width}`, password: 'a long enough passphrase 42' };
    expect((await page.request.post(at('/users/create'), { form, maxRedirects: 0 })).status()).toBe(303);
    await page.setViewportSize({ width, height: 900 });
    for (const [path, table] of [['/users', 'table.people'], [`/audit?filter=${name}`, 'table.audit']]) {
      await page.goto(at(path));
      await expect(page.locator(table)).toContainText(name);
      const cut = await page.locator(`${table} tbody tr > *`).evaluateAll((cells) => cells
        .filter((cell) => cell.scrollWidth > cell.clientWidth + 1 || cell.scrollHeight > cell.clientHeight + 1 || cell.getBoundingClientRect().right > document.documentElement.clientWidth)
        .map((cell) => cell.textContent));
      expect(cut, path).toEqual([]);
    }
    await page.goto(at('/users'));
    const row = page.getByRole('row').filter({ hasText: name });
    await row.locator('summary', { hasText: 'Edit' }).click();
    const outside = await row.locator('details[open] .act-pop *').evaluateAll((parts) => parts
      .filter((part) => part.getBoundingClientRect().left < 0 || part.getBoundingClientRect().right > document.documentElement.clientWidth).length);
    expect(outside, 'the form lies within the page').toBe(0);
  });
}

test('on a phone the log has all its tools behind one button', once, async ({ admin: page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(at('/apps/web/deployment/loklak-server/logs'));
  await expect(page.locator('.logs .lg').first()).toBeVisible();
  const bar = page.locator('[data-tools]');
  const times = bar.getByRole('button', { name: 'Times' });
  await expect(times).toBeHidden();
  await bar.locator('summary').click();
  for (const name of ['Container', 'Level', 'Time range']) await expect(bar.getByLabel(name)).toBeVisible();
  await expect(bar.getByRole('link', { name: 'Previous' })).toBeVisible();
  await expect(bar.getByRole('button', { name: 'Wrap' }), 'lines wrap there in any case').toBeHidden();
  await times.click();
  await expect(page.locator('.logs .lg time').first()).toBeHidden();
  expect(await page.evaluate(() => document.documentElement.scrollWidth), 'nothing hangs over the edge').toBe(390);
  await accessible(page);
});

test('on a phone one sees the chosen tab, the messages of events, and the way back to another revision', once, async ({ admin: page, sample }) => {
  const name = sample('small', { env: { GREETING: 'the first' } });
  ready(name);
  kubectl('-n', 'web', 'set', 'env', `deployment/${name}`, 'GREETING=the second');
  ready(name);
  await page.setViewportSize({ width: 390, height: 800 });
  const inSight = (selector: string) => page.locator(selector).evaluateAll((all) => all.every((e) => { const { left, right } = e.getBoundingClientRect(); return left >= 0 && right <= innerWidth; }));
  for (const tab of ['logs', 'metrics', 'events', 'configuration', 'history', 'yaml']) {
    await open(page, name, `/${tab}`);
    expect(await inSight('.tabs [aria-current]'), tab).toBe(true);
    expect(await page.evaluate(() => document.documentElement.scrollWidth), tab).toBe(390);
  }
  await open(page, name, '/events');
  await expect(page.locator('table.events .e-m').first()).toBeVisible();
  expect(await inSight('table.events td')).toBe(true);
  await accessible(page);
  await more(page);
  expect(await inSight('.act-more .pop')).toBe(true);
  await page.locator('.act-more').getByRole('link', { name: 'Roll back' }).click();
  await expect(page).toHaveURL(/\/history$/);
});

test('on a phone the list is sorted from a menu and grouped, also without scripts', once, async ({ admin: page, apart }) => {
  const viewport = { width: 390, height: 800 };
  await page.setViewportSize(viewport);
  await page.goto(at('/apps?group=none'));
  await expect(page.locator('[data-live=live]')).toBeAttached();
  const sorts = page.locator('.tools-sort');
  const link = (name: string) => sorts.getByRole('group', { name: 'Sort by' }).getByRole('link', { name: new RegExp(`^${name}`) });
  // Apps made by other stories meanwhile may be in other places.
  const names = async () => (await page.locator('tr[data-row]').evaluateAll((rows) => rows.map((row) => row.id.split('/')[2]))).filter((name) => !/-(root|stripped|kept|header)-/.test(name));
  await sorts.locator('summary').click();
  expect(await link('Age').getAttribute('href')).toBe(await page.locator('th.c-age a').getAttribute('href'));
  await accessible(page);
  await link('Name').click();
  await expect(page).toHaveURL(/sort=name/);
  await expect(sorts, 'a choice closes the menu').not.toHaveAttribute('open');
  await expect(sorts.locator('summary')).toBeFocused();
  await expect(sorts.locator('summary')).toContainText('Name, ascending');
  const inOrder = await names();
  expect(inOrder).toEqual([...inOrder].sort());
  await sorts.locator('summary').click();
  await link('Name').click();
  await expect(sorts.locator('summary')).toContainText('Name, descending');
  expect(await names()).toEqual([...inOrder].reverse());
  await page.getByRole('combobox', { name: 'Groups' }).selectOption('team');
  await expect(page.locator('tr.grp').first()).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth), 'nothing hangs over the edge').toBe(390);

  const context = await apart({ javaScriptEnabled: false, viewport });
  await context.addCookies(await page.context().cookies());
  const plain = await context.newPage();
  await plain.goto(at('/apps'));
  await plain.locator('.tools-sort summary').click();
  await plain.locator('.tools-sort').getByRole('link', { name: 'Restarts' }).click();
  await expect(plain).toHaveURL(/sort=restarts/);
  await plain.getByRole('combobox', { name: 'Groups' }).selectOption('team');
  await plain.getByRole('button', { name: 'Apply' }).click();
  await expect(plain).toHaveURL(/group=team/);
  await expect(plain.locator('.tools-sort summary')).toContainText('Restarts, descending');
});

test('on a phone the tab of the log has the actions of its app', once, async ({ admin: page, sample }) => {
  const name = sample('within', { replicas: 0 });
  await page.setViewportSize({ width: 390, height: 800 });
  await open(page, name, '/logs');
  const scale = action(page, 'Scale');
  await scale.locator('summary').click();
  const field = scale.getByLabel('Replicas');
  await expect(field).toBeInViewport({ ratio: 1 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth), 'nothing hangs over the edge').toBe(390);
  await accessible(page);
  await field.fill('1');
  await field.press('Enter');
  await expect(page.locator('#toasts')).toContainText(`Scaled ${name} to 1`);
  await more(page);
  await expect(action(page, 'Delete').locator('summary')).toBeInViewport({ ratio: 1 });
  await action(page, 'Delete').locator('summary').click();
  await expect(action(page, 'Delete').getByRole('button', { name: `Delete ${name}` })).toBeInViewport({ ratio: 1 });
});
