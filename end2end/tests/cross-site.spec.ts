// What a page of another site makes a browser send. 127.0.0.1 and localhost are two sites, so the session's cookie
// stays at home in most of it; two ports of 127.0.0.1 are one site, so there it is sent and the portal has to refuse.
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { type Page } from '@playwright/test';
import { at, expect, kubectl, known, once, test, unique } from './portal';

let server: Server;
test.beforeEach(async () => {
  server = createServer((_, answer) => answer.setHeader('content-type', 'text/html').end('<!DOCTYPE html><link rel=icon href=data:,><title>Elsewhere</title>'));
  await new Promise<void>((done) => server.listen(0, done));
});
test.afterEach(() => {
  server.close();
  server.closeAllConnections();
});
const elsewhere = (host: string) => `http://${host}:${(server.address() as AddressInfo).port}/`;

/** Sends a form from the foreign page, as a click on it would, and gives back the portal's answer. */
async function post(page: Page, address: string, fields: Record<string, string>) {
  const [answer] = await Promise.all([
    page.waitForResponse((answer) => answer.request().method() === 'POST'),
    page.evaluate(
      ({ address, fields }) => {
        const form = Object.assign(document.createElement('form'), { method: 'post', action: address });
        for (const [name, value] of Object.entries(fields)) form.append(Object.assign(document.createElement('input'), { name, value }));
        document.body.append(form);
        form.submit();
      },
      { address, fields },
    ),
  ]);
  await page.waitForLoadState();
  return answer;
}

for (const [host, sort] of [['localhost', 'another site'], ['127.0.0.1', 'another port of this host']] as const) {
  const how = host === 'localhost' ? once : {};
  test(`a form on ${sort} signs nobody in or out and restarts nothing`, how, async ({ admin, context, baseURL, sweep, quiet }) => {
    // Beside JSON the browser looks for an icon at the root of the host, which is not the portal behind a path.
    quiet.except(/ERR_BLOCKED_BY_RESPONSE|favicon\.ico/);
    const name = unique('cross');
    sweep('deployment', 'web', name);
    kubectl('-n', 'web', 'create', 'deployment', name, '--image=docker.io/local/sample:1', '--replicas=0');
    await known(admin, name);
    const before = await context.cookies(baseURL!);
    const forms: [string, Record<string, string>][] = [
      ['signin', { name: 'admin', password: process.env.QS_ADMIN_PASSWORD!, next: '/apps' }],
      ['signout', {}],
      [`apps/web/deployment/${name}/restart`, {}],
      [`apps/web/deployment/${name}/delete`, { confirm: name }],
      [`api/v1/namespaces/web/apps/deployment/${name}/restart`, {}],
      ['users/create', { name: name, display: name, password: 'a long enough passphrase 42', admin: 'true' }],
    ];
    const page = await context.newPage();
    for (const [path, fields] of forms) {
      await page.goto(elsewhere(host));
      const answer = await post(page, `${baseURL}${path}`, fields);
      expect(answer.status(), path).toBe(403);
      expect(await answer.headerValue('set-cookie'), path).toBeNull();
      await expect(page.locator('body'), path).toContainText('This request came from another site, so nothing was done.');
    }
    expect((await context.cookies(baseURL!)).map((c) => c.value)).toEqual(before.map((c) => c.value));
    // Still there, never restarted, and the admin is still signed in.
    expect(kubectl('-n', 'web', 'get', 'deployment', name, '-o', 'jsonpath={.spec.template.metadata.annotations}')).toBe('');
    await admin.goto(at('/users'));
    await expect(admin.getByRole('heading', { level: 1 })).toHaveText('Users');
    await expect(admin.locator('main')).not.toContainText(name);
  });

  test(`a script on ${sort} reads nothing and opens no WebSocket`, how, async ({ admin, context, quiet, baseURL }) => {
    quiet.except(/favicon\.ico|blocked by CORS policy|net::ERR_FAILED|ERR_BLOCKED_BY_RESPONSE|WebSocket connection .* failed|Unexpected response code: 403|status of 403 .*\/signout\)$/);
    await admin.goto(at('/account'));
    const page = await context.newPage();
    await page.goto(elsewhere(host));
    const got = await page.evaluate(async (base) => {
      const read = async (init: RequestInit) => fetch(`${base}api/v1/session`, { credentials: 'include', ...init }).then((a) => a.text(), () => 'refused');
      const socket = new WebSocket(`${base.replace(/^http/, 'ws')}api/v1/live`);
      const opened = await new Promise((done) => {
        socket.onopen = () => done('open');
        socket.onclose = () => done('refused');
      });
      return [await read({}), await read({ method: 'DELETE' }), opened];
    }, baseURL!);
    expect(got).toEqual(['refused', 'refused', 'refused']);
    // A request that needs no leave from the browser is not obeyed either.
    await page.evaluate((base) => fetch(`${base}signout`, { method: 'POST', mode: 'no-cors', credentials: 'include' }).catch(() => null), baseURL!);
    await admin.reload();
    await expect(admin.getByRole('heading', { level: 1 })).toHaveText('Account');
  });
}

test('a link into the portal leads nowhere else after signing in', async ({ admin: page, baseURL }) => {
  for (const next of ['//evil.example', '/\\evil', '/\\/evil.example', 'https://evil.example', '/%09/evil.example', '/..//evil.example']) {
    const asked: string[] = [];
    const note = (request: { url(): string }) => asked.push(request.url());
    page.on('request', note);
    // Signed in, the page leads on at once; it takes the same words as the form's field.
    await page.goto(at(`/signin?next=${encodeURIComponent(next)}`));
    await expect(page).toHaveURL(/\/apps$/);
    page.off('request', note);
    expect(asked.filter((url) => !url.startsWith(baseURL!)), next).toEqual([]);
  }
});

test('the field of the sign-in form leads nowhere else either', async ({ stranger: page, baseURL }) => {
  await page.goto(at('/signin?next=/apps'));
  await page.locator('input[name=next]').evaluate((e) => ((e as HTMLInputElement).value = '/\\evil.example'));
  await page.locator('input[name=name]').fill('admin');
  await page.locator('input[name=password]').fill(process.env.QS_ADMIN_PASSWORD!);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).toHaveURL(`${baseURL}apps`);
});
