import { at, expect, test } from './portal';

test('health is told at the root and under the path, without a sign-in', async ({ request, baseURL }) => {
  for (const path of ['healthy', 'up']) expect((await request.get(at(path))).status()).toBe(200);
  expect(baseURL).toBeTruthy();
});

test('every link, asset and redirect stays below the path', async ({ admin: page, baseURL }) => {
  const base = new URL(baseURL!).pathname;
  const outside: string[] = [];
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.origin === new URL(baseURL!).origin && !url.pathname.startsWith(base)) outside.push(url.pathname);
  });
  for (const path of ['', 'apps', 'apps/web', 'apps/web/deployment/loklak-server', 'apps/web/deployment/loklak-server/logs', 'secrets', 'new-app', 'account', 'users', 'teams', 'audit']) {
    const answer = await page.goto(path || baseURL!);
    expect(answer!.status(), path).toBe(200);
    const links = await page.locator('a[href^="/"], form[action^="/"]').evaluateAll((all) => all.map((a) => a.getAttribute('href') ?? a.getAttribute('action')!));
    expect(links.filter((link) => !link.startsWith(base.replace(/\/$/, '') || '/'))).toEqual([]);
  }
  expect(outside).toEqual([]);
});

test('a page may not be framed unless the operator allows it, and scripts need their nonce', async ({ request }) => {
  const answer = await request.get(at('signin'));
  const csp = answer.headers()['content-security-policy'];
  expect(csp).toContain("frame-ancestors 'none'");
  expect(csp).toMatch(/script-src[^;]*'nonce-/);
  expect(csp).not.toMatch(/script-src[^;]*unsafe-inline/);
  expect(answer.headers()['x-content-type-options']).toBe('nosniff');
});

test('embedded pages have no rail', async ({ admin: page }) => {
  await page.goto(at('/apps?embed=1'));
  await expect(page.locator('.rail')).toHaveCount(0);
  await expect(page.locator('tr[data-row]').first()).toBeVisible();
});

test('without WebSockets the page says so and still follows the cluster', async ({ admin: page }) => {
  await page.addInitScript(() => {
    class Broken extends EventTarget { constructor() { super(); setTimeout(() => { this.dispatchEvent(new Event('error')); (this as any).onerror?.(new Event('error')); this.dispatchEvent(new CloseEvent('close')); (this as any).onclose?.(new CloseEvent('close')); }); } close() {} send() {} }
    (window as any).WebSocket = Broken;
  });
  await page.goto(at('/apps'));
  await expect(page.locator('[data-live=polling]')).toBeVisible({ timeout: 30_000 });
});
