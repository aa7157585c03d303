// What every story needs: a page that fails on any console error, an admin who is signed in, axe, and the cluster.
import { test as base, expect, type BrowserContext, type BrowserContextOptions, type Page } from '@playwright/test';
import AxeBuilder from '@axe-core/playwright';
import { execFileSync } from 'node:child_process';
import { Quiet } from './quiet';

export { expect };

/** Paths are given without the leading slash, so that they stay below the base path. */
export const at = (path: string) => path.replace(/^\//, '');

/** What a user's name and password are, and the role that he has in `web`, if any. */
export interface Person {
  name: string;
  password: string;
}

/** Opens a browser of its own, which closes with the story. */
type Apart = (options?: BrowserContextOptions) => Promise<BrowserContext>;

interface Fixtures {
  quiet: Quiet;
  apart: Apart;
  admin: Page;
  stranger: Page;
  sweep: (...object: string[]) => void;
  person: (role?: string) => Promise<Person>;
  visitor: (role?: string) => Promise<Person & { page: Page }>;
}

export const test = base.extend<Fixtures>({
  /** Fails a story in which any page reports an error; contexts made by hand come from `apart` to be heard too. */
  quiet: async ({}, use) => {
    const quiet = new Quiet();
    await use(quiet);
    quiet.check();
  },
  context: async ({ context, quiet }, use) => {
    quiet.listen(context);
    await use(context);
  },
  apart: async ({ browser, baseURL, quiet }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async (options) => {
      const context = await browser.newContext({ baseURL, ...options });
      contexts.push(context);
      quiet.listen(context);
      return context;
    });
    for (const context of contexts) await context.close();
  },
  /** A page on which the portal's admin is signed in. */
  admin: async ({ page, context, apart, baseURL }, use) => {
    await context.addCookies(await adminCookies(apart, baseURL!));
    await use(page);
  },
  /** A page on which nobody is signed in. */
  stranger: async ({ page }, use) => {
    await use(page);
  },
  /** Takes an object (`deployment`, `web`, `name`) out of the cluster when the story is over, however it ended. */
  sweep: async ({}, use) => {
    const all: string[][] = [];
    await use((...object) => void all.push(object));
    for (const [kind, namespace, name] of all) kubectl('-n', namespace, 'delete', kind, name, '--ignore-not-found', '--wait=false');
  },
  /** Makes a user, with a role in `web` through a team of his own; both are gone from use afterwards. */
  person: async ({ apart, baseURL }, use) => {
    const context = await apart({ storageState: { cookies: await adminCookies(apart, baseURL!), origins: [] } });
    const post = (path: string, form: Record<string, string>) => context.request.post(at(path), { form });
    const id = async (page: string, pattern: RegExp) => pattern.exec(await (await context.request.get(at(page))).text())![1];
    const undo: (() => Promise<unknown>)[] = [];
    await use(async (role) => {
      const [name, team, password] = [unique('person'), unique('Team'), 'a long enough passphrase 42'];
      await post('/users/create', { name, display: name, password });
      const user = await id('/users', new RegExp(`f-(\\d+)-display"(?:(?!f-\\d+-display)[^])*?value="${name}"`));
      undo.push(() => post(`/users/${user}`, { display: name, disabled: 'true' }));
      if (role) {
        await post('/teams/create', { name: team, namespaces: 'web' });
        const number = await id('/teams', new RegExp(`id="t-(\\d+)"[^>]*>${team}<`));
        undo.push(() => post(`/teams/${number}/delete`, {}));
        await post(`/teams/${number}/member`, { user: name, role });
      }
      return { name, password };
    });
    for (const step of undo) await step();
  },
  /** Such a person, signed in with a browser of his own. */
  visitor: async ({ apart, person }, use) => {
    await use(async (role) => {
      const someone = await person(role);
      const page = await (await apart()).newPage();
      await signIn(page, someone.name, someone.password);
      return { ...someone, page };
    });
  },
});

// One sign-in per way of serving and run: argon2 is slow on purpose, and the limiter counts.
const kept = new Map<string, Awaited<ReturnType<BrowserContext['cookies']>>>();
async function adminCookies(apart: Apart, baseURL: string) {
  const found = kept.get(baseURL);
  if (found) return found;
  const context = await apart();
  const page = await context.newPage();
  await signIn(page, 'admin', process.env.QS_ADMIN_PASSWORD!);
  const cookies = await context.cookies();
  kept.set(baseURL, cookies);
  await context.close();
  return cookies;
}

export async function signIn(page: Page, name: string, password: string, portal?: string) {
  await page.goto(portal ? `${portal}/signin` : at('/signin'));
  await page.locator('input[name=name]').fill(name);
  await page.locator('input[name=password]').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL((url) => !url.pathname.endsWith('/signin'));
}

/** The page has no violation of WCAG 2 A and AA that axe can see. */
export async function accessible(page: Page, where = '') {
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).analyze();
  // Pod names in log lines are lower than 24 px, which 2.5.8 allows where another control does the same: the choice of
  // pods above the log.
  const small = (v: (typeof violations)[number], html: string) => v.id === 'target-size' && /class="[^"]*\blg-p\b/.test(html);
  const found = violations.map((v) => ({ id: v.id, nodes: v.nodes.filter((n) => !small(v, n.html)) })).filter((v) => v.nodes.length);
  expect(found.map((v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => n.target.join(' ')).join(' | ')}`), where).toEqual([]);
}

export function kubectl(...args: string[]): string {
  return execFileSync('kubectl', args, { encoding: 'utf8', maxBuffer: 1 << 28 });
}

export function apply(object: object) {
  execFileSync('kubectl', ['apply', '-f', '-'], { input: JSON.stringify(object), encoding: 'utf8' });
}

/** A name nobody else uses, so that the three ways of serving do not meet in the one cluster. */
export const unique = (prefix: string) => `${prefix}-${test.info().project.name}-${test.info().parallelIndex}${Date.now().toString(36)}`;

/** Marks stories that don't depend on how the portal is served: `test('…', once, async …)`. Leave it out if a story follows links or
 * redirects, opens sockets, sends forms, writes addresses or loads files in a way that no other story does. */
export const once = { tag: '@once' };

/** The portal has heard of a deployment that was just made beside it. */
export async function known(page: Page, name: string) {
  await expect.poll(async () => (await page.context().request.get(at(`/api/v1/namespaces/web/apps/deployment/${name}`))).status()).toBe(200);
}

/** The form on the page has woken: what is typed before would be read by the server only. */
export async function awake(page: Page) {
  await expect(page.locator('[data-add]:not([hidden])').first()).toBeAttached();
}

/** All that the page has heard from the portal so far: every body and every frame of a socket. */
export function hearing(page: Page): () => Promise<string> {
  const heard: Promise<string>[] = [];
  page.on('response', (answer) => heard.push(answer.body().then((body) => body.toString('latin1'), () => '')));
  page.on('websocket', (socket) => socket.on('framereceived', (frame) => heard.push(Promise.resolve(typeof frame.payload === 'string' ? frame.payload : frame.payload.toString('latin1')))));
  return async () => (await Promise.all(heard)).join('\n');
}

/** Addresses of the test cluster and the account of its registry. */
export function cluster(): Record<'NODE_IP' | 'REGISTRY' | 'REGISTRY_FROM_HOST' | 'REGISTRY_USER' | 'REGISTRY_PASSWORD', string> {
  const [script, ...options] = process.env.QS_CLUSTER!.split(' ');
  const lines = execFileSync(script, [...options, 'env'], { encoding: 'utf8' }).trim().split('\n');
  return Object.fromEntries(lines.map((line) => line.split(/=(.*)/s))) as ReturnType<typeof cluster>;
}
