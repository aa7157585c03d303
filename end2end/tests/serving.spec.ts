import { execFileSync } from 'node:child_process';
import { createServer as http, request as send, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as https } from 'node:https';
import { type AddressInfo } from 'node:net';
import { type Duplex } from 'node:stream';
import { type Page } from '@playwright/test';
import { at, awake, expect, known, kubectl, once, signIn, test, unique } from './portal';
import { type Quiet } from './quiet';

test('health is told at the root and under the path, without a sign-in', async ({ request, baseURL }) => {
  for (const path of ['healthy', 'up']) expect((await request.get(at(path))).status()).toBe(200);
  expect(baseURL).toBeTruthy();
});

test('what a browser says of where the portal is gets lost at the proxy', async ({ request, baseURL }, { project }) => {
  test.skip(project.name === 'root', 'there is no proxy');
  const headers = { 'x-forwarded-prefix': '/evil', 'x-forwarded-host': 'evil.example' };
  const answer = await request.get(at('/apps'), { headers, maxRedirects: 0 });
  expect(answer.headers()['location']).toBe(`${new URL(baseURL!).pathname}signin`);
  const foreign = await request.post(at('/theme'), { headers: { ...headers, origin: 'http://evil.example' }, form: { theme: 'dark' }, maxRedirects: 0 });
  expect(foreign.status()).toBe(403);
});

test('every link, asset and redirect stays below the path', async ({ admin: page, baseURL }) => {
  const base = new URL(baseURL!).pathname;
  const outside: string[] = [];
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.origin === new URL(baseURL!).origin && !url.pathname.startsWith(base)) outside.push(url.pathname);
  });
  const app = 'apps/web/deployment/loklak-server';
  const tabs = ['', '/configuration', '/history', '/events', '/yaml', '/logs', '/metrics'].map((tab) => `${app}${tab}`);
  for (const path of ['', 'apps', 'apps/web?group=team&collapsed=', ...tabs, 'secrets', 'secrets/web/loklak-admin', 'new-app', 'new-app/web?draft=no', 'new-secret/web?draft=no', 'account', 'users', 'teams', 'audit']) {
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

test('an embedded page has no rail, and stays embedded wherever its links lead', async ({ admin: page }) => {
  const embedded = async () => {
    await expect(page).toHaveURL(/[?&]embed=1(&|$)/);
    await expect(page.locator('.rail')).toHaveCount(0);
  };
  await page.goto(at('/apps?embed=1'));
  await expect(page.locator('[data-live=live]')).toBeVisible();
  await embedded();
  await page.locator('tr[id$="/loklak-server"]').getByRole('link', { name: 'loklak-server', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('loklak-server');
  await embedded();
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), 'nothing hangs over the edge').toBeLessThanOrEqual(0);
  await page.getByRole('link', { name: 'Logs', exact: true }).click();
  await expect(page.locator('.lg-m').first()).toBeVisible();
  await embedded();
  for (const path of ['/apps', '/secrets', '/new-app/web', '/new-secret/web', '/account', '/users', '/teams', '/audit', '/apps/web/deployment/loklak-server/history']) {
    await page.goto(at(`${path}?embed=1`));
    const leaving = await page.locator('a[href^="/"]:not([target=_blank])').evaluateAll((all) => all.map((a) => a.getAttribute('href')!).filter((href) => !/[?&]embed=1/.test(href)));
    expect.soft(leaving, path).toEqual([]);
  }
});

test('an embedded page stays embedded when a form is sent', async ({ admin: page, sweep }) => {
  const name = unique('framed');
  for (const kind of ['deployment', 'secret']) sweep(kind, 'web', name);
  kubectl('-n', 'web', 'create', 'secret', 'generic', name, '--from-literal=a=1', '--from-literal=b=2');
  kubectl('-n', 'web', 'create', 'deployment', name, '--image=docker.io/local/sample:1', '--replicas=0');
  await page.goto(at(`/secrets/web/${name}?embed=1`));
  const row = page.locator('.krow2').first();
  await row.locator('summary', { hasText: 'Remove' }).click();
  await row.getByRole('button', { name: 'Remove a' }).click();
  await expect(page.locator('.krow2')).toHaveCount(1);
  await expect.soft(page.locator('.rail'), 'after a key was removed').toHaveCount(0);
  await known(page, name);
  await page.goto(at(`/apps/web/deployment/${name}?embed=1`));
  await page.locator('summary[aria-label="More actions"]').click();
  await page.locator('summary', { hasText: 'Delete' }).click();
  await page.getByLabel(/Type .* to confirm/).fill(name);
  await page.getByRole('button', { name: `Delete ${name}` }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Apps' })).toBeVisible();
  await expect.soft(page.locator('.rail'), 'after an app was deleted').toHaveCount(0);
});

test('a form in an embedded page leads to an embedded page', async ({ admin: page, sweep }) => {
  const name = unique('inside');
  sweep('secret', 'web', name);
  await page.goto(at('/new-secret/web?kind=basic-auth&draft=no&embed=1'));
  await awake(page);
  await page.locator('[name=name]').fill(name);
  await page.locator('[name=username]').fill('a');
  await page.locator('[name=password]').fill('b');
  await page.getByRole('button', { name: 'Create secret' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(name);
  await expect(page.locator('.rail')).toHaveCount(0);
});

/** Serves until the story is over. */
async function serve(server: Server, port = 0): Promise<number> {
  await new Promise<void>((done) => server.listen(port, done));
  open.push(server);
  return (server.address() as AddressInfo).port;
}
const open: Server[] = [];
test.afterEach(() => {
  for (const server of open.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

/** A page of another site with the portal in a frame. */
const around = (portal: string): RequestListener => (_, answer) =>
  answer.setHeader('content-type', 'text/html').end(`<!DOCTYPE html><link rel=icon href=data:,><title>Elsewhere</title><iframe name=portal width=1200 height=800 src="${portal}"></iframe>`);

/** TLS in front of a portal, as an operator's proxy does it. */
async function withTls(portal: URL): Promise<string> {
  const pem = execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1', '-subj', '/CN=portal', '-keyout', '-'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  const upstream = (asked: IncomingMessage) =>
    send({ host: portal.hostname, port: portal.port, method: asked.method, path: asked.url, headers: { ...asked.headers, 'x-forwarded-proto': 'https' } });
  const proxy = https({ key: pem, cert: pem }, (asked, answer) => {
    asked.pipe(upstream(asked).on('response', (got) => got.pipe(answer.writeHead(got.statusCode!, got.headers))).on('error', () => answer.destroy()));
  });
  proxy.on('upgrade', (asked, socket: Duplex, early: Buffer) => {
    const onward = upstream(asked).on('error', () => socket.destroy());
    onward.on('upgrade', (got, other: Duplex, first: Buffer) => {
      socket.on('error', () => other.destroy());
      other.on('error', () => socket.destroy());
      socket.write(`HTTP/1.1 101 Switching Protocols\r\n${Object.entries(got.headers).map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`);
      socket.write(first);
      other.write(early);
      socket.pipe(other).pipe(socket);
    });
    onward.end();
  });
  return `https://127.0.0.1:${await serve(proxy as unknown as Server)}`;
}

/** What the browser says where it refuses the frame. */
async function refused(page: Page, quiet: Quiet, address: string) {
  quiet.except(/frame-ancestors|ERR_BLOCKED_BY_RESPONSE/);
  const [message, request] = await Promise.all([page.waitForEvent('console', (said) => said.text().includes('frame-ancestors')), page.waitForEvent('requestfailed'), page.goto(address)]);
  expect(request.failure()?.errorText).toBe('net::ERR_BLOCKED_BY_RESPONSE');
  await expect(page.frameLocator('iframe').getByLabel('Password')).toHaveCount(0);
  return message.text();
}

async function framed(page: Page, address: string) {
  await page.goto(address);
  return page.frameLocator('iframe');
}

test('another site cannot show the portal in a frame', async ({ context, quiet, baseURL }) => {
  const page = await context.newPage();
  const port = await serve(http(around(`${baseURL}signin`)));
  expect(await refused(page, quiet, `http://localhost:${port}`)).toContain("frame-ancestors 'none'");
});

test.describe('a portal that another site may frame', () => {
  test.skip(() => !process.env.QS_URL_FRAMED, 'no portal was started for it');
  test.use({ ignoreHTTPSErrors: true });
  const portal = () => new URL(process.env.QS_URL_FRAMED!);
  const origin = () => new URL(process.env.QS_FRAME_ORIGIN!);

  test('is signed in to, live and steered inside the frame, over https', once, async ({ context }) => {
    const page = await context.newPage();
    const secure = await withTls(portal());
    await serve(http(around(`${secure}/apps?embed=1`)), Number(origin().port));
    const frame = await framed(page, origin().href);
    await frame.getByLabel('Username').fill('admin');
    await frame.getByLabel('Password').fill(process.env.QS_ADMIN_PASSWORD!);
    await frame.getByRole('button', { name: 'Sign in' }).click();
    await expect(frame.locator('[data-live=live]')).toBeVisible();
    await expect(frame.locator('.rail')).toHaveCount(0);
    await frame.locator('tr[id$="/loklak-server"]').getByRole('link', { name: 'loklak-server', exact: true }).click();
    await expect(frame.locator('.head')).toContainText('Running');
    await expect(frame.locator('.rail')).toHaveCount(0);
    const cookie = (await page.context().cookies(secure)).find((c) => c.name === 'quayside_session')!;
    expect([cookie.sameSite, cookie.secure, cookie.httpOnly]).toEqual(['None', true, true]);
    // A state-changing request out of the frame is the portal's own.
    await frame.locator('.act summary', { hasText: 'Scale' }).click();
    await frame.getByLabel('Replicas').fill('3');
    await frame.locator('.act[open] button[type=submit]').click();
    await expect(frame.locator('#toasts')).toContainText('Scaled loklak-server to 3');
  });

  test('is still refused to a site that is not named', once, async ({ context, quiet }) => {
    const page = await context.newPage();
    const port = await serve(http(around(`${portal().origin}/signin`)));
    expect(await refused(page, quiet, `http://localhost:${port}`)).toContain(`frame-ancestors ${origin().origin}`);
  });

  test('has an ordinary cookie without https, which a frame of another site does not keep', once, async ({ context }) => {
    const page = await context.newPage();
    await serve(http(around(`${portal().origin}/apps?embed=1`)), Number(origin().port));
    const frame = await framed(page, origin().href);
    await expect(frame.getByLabel('Password')).toBeVisible();
    await signIn(page, 'admin', process.env.QS_ADMIN_PASSWORD!, portal().origin);
    const cookie = (await page.context().cookies(portal().origin)).find((c) => c.name === 'quayside_session')!;
    expect([cookie.sameSite, cookie.secure]).toEqual(['Lax', false]);
    await page.goto(origin().href);
    await expect(frame.getByLabel('Password')).toBeVisible();
  });

  test('says in a frame without https why signing in leads nowhere', once, async ({ context }) => {
    const page = await context.newPage();
    await serve(http(around(`${portal().origin}/apps?embed=1`)), Number(origin().port));
    const frame = await framed(page, origin().href);
    await frame.getByLabel('Username').fill('admin');
    await frame.getByLabel('Password').fill(process.env.QS_ADMIN_PASSWORD!);
    await frame.getByRole('button', { name: 'Sign in' }).click();
    await expect(frame.getByRole('alert')).toContainText(/cookie|https/);
  });
});

test('without WebSockets the page says so and still follows the cluster', async ({ admin: page }) => {
  await page.addInitScript(() => {
    class Broken extends EventTarget { constructor() { super(); setTimeout(() => { this.dispatchEvent(new Event('error')); (this as any).onerror?.(new Event('error')); this.dispatchEvent(new CloseEvent('close')); (this as any).onclose?.(new CloseEvent('close')); }); } close() {} send() {} }
    (window as any).WebSocket = Broken;
  });
  await page.goto(at('/apps'));
  await expect(page.locator('[data-live=polling]')).toBeVisible({ timeout: 30_000 });
  const name = unique('polled');
  const row = page.locator(`tr[id$="/${name}"]`);
  await expect(row).toHaveCount(0);
  kubectl('-n', 'web', 'create', 'deployment', name, '--image=docker.io/local/sample:1');
  await expect(row, 'what is new comes without a reload').toBeVisible({ timeout: 30_000 });
  kubectl('-n', 'web', 'delete', 'deployment', name);
  await expect(row, 'and what is gone goes').toHaveCount(0, { timeout: 30_000 });
});

test('what the portal saves as a file is saved below the path', async ({ admin: page, baseURL }) => {
  await page.goto(at('/apps/web/deployment/loklak-server/logs'));
  await expect(page.locator('.lg-m').first()).toBeVisible();
  const [log] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: /download/i }).click()]);
  expect(log.url().startsWith(baseURL!)).toBe(true);
  expect(log.suggestedFilename()).toMatch(/loklak-server.*\.(log|txt)$/);
  const chunks: Buffer[] = [];
  for await (const chunk of await log.createReadStream()) chunks.push(chunk as Buffer);
  expect(Buffer.concat(chunks).toString().split('\n').length).toBeGreaterThan(3);
});

test('the log and the one WebSocket work below the path', async ({ admin: page, baseURL }) => {
  const sockets: string[] = [];
  page.on('websocket', (socket) => sockets.push(socket.url()));
  await page.goto(at('/apps/web/deployment/loklak-server/logs'));
  const lines = page.locator('.lg-m');
  await expect(lines.first()).toBeVisible();
  const last = await lines.last().innerText();
  await expect(lines.last(), 'lines go on coming').not.toHaveText(last);
  expect(sockets).toEqual([`${baseURL!.replace(/^http/, 'ws')}api/v1/live`]);
});

const pieces: [string, RegExp, string][] = [
  ['script', /\/pkg\/quayside\..*\.js$/, '/apps/web'],
  ['module', /\/pkg\/quayside\..*\.wasm$/, '/apps/web'],
  ['own piece', /\/pkg\/split_.*\.wasm$/, '/apps/web/deployment/loklak-server/logs'],
];
for (const [what, piece, path] of pieces) {
  test(`a page whose ${what} does not come stays as it is and says so`, what === 'script' ? {} : once, async ({ admin: page, quiet }) => {
    // The browser says it in its own words: not found, no module, no wasm.
    quiet.except(/404|Failed to fetch|[Ii]mport|WebAssembly|wasm|unreachable|split/);
    await page.route(piece, (route) => route.fulfill({ status: 404, body: 'gone' }));
    await page.goto(at(path));
    const said = page.locator('#stale');
    await expect(said).toBeVisible();
    await expect(said).toContainText('Part of this page didn\'t load');
    await expect(page.getByRole('main')).toContainText(/loklak-server|Follow/);
    await page.unroute(piece);
    await said.getByRole('link', { name: 'Reload' }).click();
    await expect(path.endsWith('logs') ? page.locator('.logs .lg').first() : page.locator('[data-live=live]')).toBeVisible();
    await expect(said).toBeHidden();
  });
}
