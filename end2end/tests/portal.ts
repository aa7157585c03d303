// What every story needs: a page that fails on any console error, an admin who is signed in, axe, and the cluster.
import { test as base, expect, type Browser, type Page } from '@playwright/test';
import AxeBuilder from '@axe-core/playwright';
import { execFileSync } from 'node:child_process';

export { expect };

/** Paths are given without the leading slash, so that they stay below the base path. */
export const at = (path: string) => path.replace(/^\//, '');

export const test = base.extend<{ admin: Page; stranger: Page }>({
  page: async ({ page }, use) => {
    const errors = listen(page);
    await use(page);
    expect(errors, 'the console stays quiet').toEqual([]);
  },
  /** A page on which the portal's admin is signed in. */
  admin: async ({ page, context, baseURL }, use) => {
    await context.addCookies(await adminCookies(page.context().browser()!, baseURL!));
    await use(page);
  },
  /** A page on which nobody is signed in. */
  stranger: async ({ page }, use) => {
    await use(page);
  },
});

function listen(page: Page): string[] {
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(`page error: ${error.message}`));
  page.on('console', (message) => {
    // A refused form answers 401 or 422 by design; the browser reports each such answer as an error of its own.
    if (message.type() === 'error' && !/status of 4(01|03|04|22|29)/.test(message.text())) errors.push(message.text());
  });
  return errors;
}

// One sign-in per way of serving and run: argon2 is slow on purpose, and the limiter counts.
const kept = new Map<string, Awaited<ReturnType<import('@playwright/test').BrowserContext['cookies']>>>();
async function adminCookies(browser: Browser, baseURL: string) {
  const found = kept.get(baseURL);
  if (found) return found;
  const context = await browser.newContext({ baseURL });
  const page = await context.newPage();
  await signIn(page, 'admin', process.env.QS_ADMIN_PASSWORD!);
  const cookies = await context.cookies();
  kept.set(baseURL, cookies);
  await context.close();
  return cookies;
}

export async function signIn(page: Page, name: string, password: string) {
  await page.goto(at('/signin'));
  await page.locator('input[name=name]').fill(name);
  await page.locator('input[name=password]').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL((url) => !url.pathname.endsWith('/signin'));
}

/**
 * The page has no violation of WCAG 2 A and AA that axe can see. Pod names in log lines are lower than 24 px, which
 * 2.5.8 allows where another control does the same: the choice of pods above the log.
 */
export async function accessible(page: Page) {
  const found = await new AxeBuilder({ page }).exclude('.lg-p').withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).analyze();
  expect(found.violations.map((v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => n.target.join(' ')).join(' | ')}`)).toEqual([]);
}

export function kubectl(...args: string[]): string {
  return execFileSync('kubectl', args, { encoding: 'utf8', maxBuffer: 1 << 28 });
}

export function apply(object: object) {
  execFileSync('kubectl', ['apply', '-f', '-'], { input: JSON.stringify(object), encoding: 'utf8' });
}

/** A name nobody else uses, so that the three ways of serving do not meet in the one cluster. */
export const unique = (prefix: string) => `${prefix}-${test.info().project.name}-${Date.now().toString(36)}`;

/** The portal has heard of a deployment that was just made beside it. */
export async function known(page: Page, name: string) {
  await expect.poll(async () => (await page.context().request.get(at(`/api/v1/namespaces/web/apps/deployment/${name}`))).status()).toBe(200);
}
