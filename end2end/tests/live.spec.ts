// The one WebSocket of a page: what happens when it goes.
import type { Page } from '@playwright/test';
import { at, expect, kubectl, once } from './portal';
import { open, test } from './sample';

/** Cuts the page's socket, and lets no other through until it is mended. */
async function severable(page: Page) {
  let socket: { close: (how: { code: number }) => Promise<void> } | undefined;
  let mend = () => {};
  let whole = Promise.resolve();
  await page.routeWebSocket(/\/api\/v1\/live$/, async (asked) => {
    await whole;
    asked.connectToServer();
    socket = asked;
  });
  return {
    cut: async () => {
      whole = new Promise((resolve) => { mend = resolve; });
      await socket!.close({ code: 1001 });
    },
    mend: () => mend(),
  };
}

test('a lost connection shows, resumes by itself and has missed nothing', async ({ admin: page, sample }) => {
  const [stays, goes] = [sample('stays', { replicas: 0 }), sample('goes', { replicas: 0 })];
  const line = await severable(page);
  const state = page.locator('[data-live]');
  const row = (name: string) => page.locator(`tr[id="web/deployment/${name}"]`);
  await page.goto(at('/apps/web'));
  await expect(state).toHaveAttribute('data-live', 'live');
  await expect(row(stays)).toContainText('Stopped');
  await expect(row(goes)).toContainText('Stopped');

  await line.cut();
  await expect(state).toHaveAttribute('data-live', 'reconnecting');
  await expect(state).toContainText('Reconnecting');
  const comes = sample('comes', { replicas: 0 });
  kubectl('-n', 'web', 'scale', 'deployment', stays, '--replicas=1');
  kubectl('-n', 'web', 'delete', 'deployment', goes);
  await expect(row(goes), 'what was last known stays').toContainText('Stopped');
  await expect(row(comes)).toHaveCount(0);

  line.mend();
  await expect(state).toHaveAttribute('data-live', 'live');
  await expect(row(comes)).toContainText('Stopped');
  await expect(row(stays)).toContainText('Running');
  await expect(row(goes)).toHaveCount(0);
  kubectl('-n', 'web', 'scale', 'deployment', stays, '--replicas=0');
  await expect(row(stays), 'and it goes on').toContainText('Stopped');
});

test('a lost connection shows on a phone too', once, async ({ admin: page }) => {
  await page.setViewportSize({ width: 390, height: 800 });
  const line = await severable(page);
  await page.goto(at('/apps/web'));
  await expect(page.locator('[data-live=live]')).toBeVisible();
  await line.cut();
  await expect(page.locator('[data-live=reconnecting]')).toBeVisible();
});

test('ages go on while nothing happens', once, async ({ admin: page, sample }) => {
  const name = sample('ages', { replicas: 0 });
  await open(page, name);
  const seconds = (age: string) => Number(/(\d+) s/.exec(age)![1]);
  const goesOn = async (age: ReturnType<Page['locator']>) => {
    const before = seconds(await age.innerText());
    await expect.poll(async () => seconds(await age.innerText()), { timeout: 8000 }).toBeGreaterThan(before + 1);
  };
  await goesOn(page.locator('.head time[data-age]'));
  await page.goto(at('/apps/web'));
  await expect(page.locator('[data-live=live]')).toBeVisible();
  await goesOn(page.locator(`tr[id="web/deployment/${name}"] .c-age`));
});
