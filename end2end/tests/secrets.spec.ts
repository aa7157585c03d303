import { execFileSync } from 'node:child_process';
import { type Page } from '@playwright/test';
import { accessible, apply, at, awake, cluster, expect, hearing, kubectl, once, test, unique } from './portal';

const secret = (name: string) => JSON.parse(kubectl('-n', 'web', 'get', 'secret', name, '-o', 'json')) as { type: string; data?: Record<string, string> };
const value = (name: string, key: string) => Buffer.from(secret(name).data?.[key] ?? '', 'base64').toString();

async function open(page: Page, kind: string, name: string) {
  // Drafts are of the person, and all stories share the admin.
  await page.goto(at(`/new-secret/web?kind=${kind}&draft=no`));
  await awake(page);
  await page.locator('[name=name]').fill(name);
  // As a person does who goes on to the next field.
  await page.locator('[name=name]').blur();
}

async function create(page: Page, name: string) {
  await page.getByRole('button', { name: 'Create secret' }).click();
  await expect(page).toHaveURL(new RegExp(`/secrets/web/${name}`));
}

/** Signs in on the page that asks for it. */
async function signInHere(page: Page, name: string, password: string) {
  await page.locator('input[name=name]').fill(name);
  await page.locator('input[name=password]').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

const wrong = (page: Page, field: string) => page.locator(`[id="f-${field}-e"]`);

/** A tag of the sample image that no node has pulled yet, so that pulling it asks for the password. */
async function freshImage(tag: string): Promise<string> {
  const { REGISTRY, REGISTRY_FROM_HOST, REGISTRY_USER, REGISTRY_PASSWORD } = cluster();
  const type = 'application/vnd.docker.distribution.manifest.v2+json';
  const authorization = `Basic ${Buffer.from(`${REGISTRY_USER}:${REGISTRY_PASSWORD}`).toString('base64')}`;
  const manifests = `http://${REGISTRY_FROM_HOST}/v2/apps/sample/manifests`;
  const manifest = await (await fetch(`${manifests}/1`, { headers: { authorization, accept: type } })).text();
  const put = await fetch(`${manifests}/${tag}`, { method: 'PUT', headers: { authorization, 'content-type': type }, body: manifest });
  expect(put.status).toBe(201);
  return `${REGISTRY}/apps/sample:${tag}`;
}

test('a registry secret made here opens the registry to an app made here', once, async ({ admin: page, sweep }) => {
  const [name, app] = [unique('pull'), unique('pulled')];
  sweep('secret', 'web', name);
  sweep('deployment', 'web', app);
  const { REGISTRY, REGISTRY_USER, REGISTRY_PASSWORD } = cluster();
  const image = await freshImage(app);

  await open(page, 'docker-registry', name);
  await accessible(page);
  await page.getByLabel('Registry', { exact: true }).fill(REGISTRY);
  await page.getByLabel('Username', { exact: true }).fill(REGISTRY_USER);
  await page.getByLabel('Password or token').fill(REGISTRY_PASSWORD);
  await create(page, name);
  await expect(page.locator('main')).toContainText('Docker registry');
  expect(secret(name).type).toBe('kubernetes.io/dockerconfigjson');

  await page.goto(at('/new-app/web?draft=no'));
  await awake(page);
  await page.locator('[name=name]').fill(app);
  await page.locator('[name=image]').fill(image);
  await expect(page.locator(`#names-pull option[value="${name}"]`)).toHaveCount(1);
  await page.getByLabel('Pull secret').fill(name);
  await page.getByRole('button', { name: 'Create app' }).click();
  await expect(page).toHaveURL(new RegExp(`/apps/web/deployment/${app}`));
  await expect(page.locator('.head')).toContainText('Running');
  await page.goto(at(`/secrets/web/${name}`));
  await expect(page.getByRole('region', { name: 'Used by' })).toContainText(`${app}pull secret`);
});

test('a TLS secret is made from PEM text and a file; swapped fields and a strange key are noticed', once, async ({ admin: page, sweep }) => {
  const name = unique('tls');
  sweep('secret', 'web', name);
  const pair = () => {
    const made = execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1', '-subj', '/CN=app.example.org', '-keyout', '-'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    return ['PRIVATE KEY', 'CERTIFICATE'].map((label) => new RegExp(`-----BEGIN ${label}-----[^]*?-----END ${label}-----`).exec(made)![0]);
  };
  const [key, certificate] = pair();
  const [another] = pair();

  await open(page, 'tls', name);
  await accessible(page);
  await page.getByLabel('Certificate chain').fill(key);
  await page.getByLabel('Private key').fill(certificate);
  await page.getByRole('button', { name: 'Create secret' }).click();
  await expect(wrong(page, 'certificate')).toContainText('Swap them back.');
  await page.getByLabel('Certificate chain').fill(certificate);
  await page.getByLabel('Private key').fill(another);
  await page.getByRole('button', { name: 'Create secret' }).click();
  await expect(wrong(page, 'private_key')).toContainText('The private key doesn\'t match the certificate.');
  expect(kubectl('-n', 'web', 'get', 'secrets', '-o', 'name')).not.toContain(name);

  await page.locator('[data-into="f-private_key"]').setInputFiles({ name: 'app.key', mimeType: 'text/plain', buffer: Buffer.from(key) });
  await expect(page.getByLabel('Private key')).toHaveValue(key);
  await create(page, name);
  await expect(page.locator('main')).toContainText('TLS');
  expect(secret(name).type).toBe('kubernetes.io/tls');
  expect(value(name, 'tls.crt').trim()).toBe(certificate);
  expect(value(name, 'tls.key').trim()).toBe(key);
});

test('a basic-auth secret needs a user and a password', once, async ({ admin: page, sweep }) => {
  const name = unique('basic');
  sweep('secret', 'web', name);
  await open(page, 'basic-auth', name);
  await page.getByLabel('Username', { exact: true }).fill('harvester');
  await page.getByRole('button', { name: 'Create secret' }).click();
  await expect(wrong(page, 'password')).toHaveText('Enter the password.');
  await page.getByLabel('Password or token').fill('open sesame ä');
  await create(page, name);
  expect(secret(name).type).toBe('kubernetes.io/basic-auth');
  expect([value(name, 'username'), value(name, 'password')]).toEqual(['harvester', 'open sesame ä']);
});

test('a file becomes a key, byte by byte, and one that is too large is not read', once, async ({ admin: page, sweep }) => {
  const name = unique('file');
  sweep('secret', 'web', name);
  const bytes = Buffer.from([...Array(256).keys(), 255, 254, 0]);
  await open(page, 'opaque', name);
  await page.locator('[data-files]').setInputFiles({ name: 'large.bin', mimeType: 'application/octet-stream', buffer: Buffer.alloc((1 << 20) + 1) });
  await expect(page.getByRole('alert')).toContainText('large.bin is larger than 1 MiB');
  await page.locator('[data-files]').setInputFiles({ name: 'key store.p12', mimeType: 'application/x-pkcs12', buffer: bytes });
  await expect(page.locator('[data-file-name]').first()).toHaveText('key store.p12');
  await expect(page.getByLabel('Key 1', { exact: true })).toHaveValue('key-store.p12');
  await accessible(page);
  await create(page, name);
  await expect(page.locator('.krow2')).toContainText('259 B');
  expect(secret(name).data).toEqual({ 'key-store.p12': bytes.toString('base64') });
});

test('keys are replaced, added and removed, and no value ever comes back', once, async ({ admin: page, sweep }) => {
  const name = unique('keys');
  sweep('secret', 'web', name);
  const canary = () => `canary-${Math.random().toString(36).slice(2)}`;
  const [first, second, third] = [canary(), canary(), canary()];
  const heard = hearing(page);
  await open(page, 'opaque', name);
  await accessible(page);
  await page.getByLabel('Key 1', { exact: true }).fill('password');
  await page.getByLabel('Value 1', { exact: true }).fill(first);
  await page.getByRole('button', { name: 'Add key' }).click();
  await page.getByLabel('Key 2', { exact: true }).fill('again');
  await page.getByLabel('Value 2', { exact: true }).fill(first);
  await create(page, name);
  const said = (sentence: string) => expect(page.getByRole('status').filter({ hasText: sentence })).toBeVisible();
  await said(`Created ${name}`);
  expect(value(name, 'password')).toBe(first);

  const row = (key: string) => page.locator('.krow2').filter({ has: page.locator('.font-medium', { hasText: new RegExp(`^${key}$`) }) });
  const fingerprint = (key: string) => row(key).locator('.mono').last().innerText();
  const before = await fingerprint('password');
  expect(await fingerprint('again'), 'equal values look equal').toBe(before);

  await row('password').locator('summary', { hasText: 'Replace' }).click();
  await row('password').getByLabel('New value').fill(second);
  await row('password').getByRole('button', { name: 'Replace password' }).click();
  await expect(row('password')).not.toContainText(before);
  await said('Replaced the value of password.');
  expect([value(name, 'password'), value(name, 'again')]).toEqual([second, first]);

  await page.locator('summary', { hasText: 'Add key' }).click();
  await page.getByLabel('Key', { exact: true }).fill('token');
  await page.getByLabel('Or a file').last().setInputFiles({ name: 'token', mimeType: 'text/plain', buffer: Buffer.from(third) });
  await page.getByRole('button', { name: 'Add key' }).click();
  await expect(row('token')).toContainText(`${third.length} B`);
  await said('Added key token.');
  expect(value(name, 'token')).toBe(third);

  await row('again').locator('summary', { hasText: 'Remove' }).click();
  await expect(row('again')).toContainText('No app uses this secret. again can\'t be recovered.');
  await row('again').getByRole('button', { name: 'Remove again' }).click();
  await expect(row('again')).toHaveCount(0);
  await said('Removed key again');
  expect(Object.keys(secret(name).data!).sort()).toEqual(['password', 'token']);
  await accessible(page);

  await page.goto(at('/secrets/web'));
  await page.goto(at('/new-app/web?draft=no'));
  await awake(page);
  await page.goto(at('/apps/web'));
  await expect(page.locator('[data-live=live]')).toBeVisible();
  const all = await heard();
  expect(all, 'the ears are open').toContain(name);
  for (const canary of [first, second, third]) {
    expect(all.includes(canary), 'a value came back').toBe(false);
    expect(all.includes(Buffer.from(canary).toString('base64').slice(0, 18)), 'a value came back in base64').toBe(false);
  }
});

test('an empty form does not wipe the value of a key', once, async ({ admin: page, sweep }) => {
  const name = unique('kept');
  sweep('secret', 'web', name);
  kubectl('-n', 'web', 'create', 'secret', 'generic', name, '--from-literal=password=precious');
  await page.goto(at(`/secrets/web/${name}`));
  await page.locator('.krow2').locator('summary', { hasText: 'Replace' }).click();
  await page.getByRole('button', { name: 'Replace password' }).click();
  await expect(page.locator('main')).toContainText(/Enter a value or choose a file/);
  expect(value(name, 'password')).toBe('precious');
});

test('the list tells keys, sizes, fingerprints and users, and deleting warns about the users', once, async ({ admin: page, sweep }) => {
  const [name, app] = [unique('used'), unique('user')];
  sweep('secret', 'web', name);
  sweep('deployment', 'web', app);
  kubectl('-n', 'web', 'create', 'secret', 'generic', name, '--from-literal=password=twelve-bytes', '--from-literal=token=abc', '--from-literal=z=1');
  apply({
    apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: app, namespace: 'web' },
    spec: { replicas: 0, selector: { matchLabels: { app } }, template: { metadata: { labels: { app } }, spec: { containers: [{ name: 'main', image: 'docker.io/local/sample:1', env: [{ name: 'P', valueFrom: { secretKeyRef: { name, key: 'password' } } }] }] } } },
  });
  const row = page.locator(`[data-secret="web/${name}"]`);
  await expect(async () => {
    await page.goto(at(`/secrets/web?q=${name}`));
    await expect(row.locator('.s-u')).toHaveText(app, { timeout: 500 });
  }).toPass();
  await expect(row.locator('.key').nth(0)).toHaveText(/^password\s*12 B\s*[0-9a-f]{4}$/);
  await expect(row.locator('.key').nth(1)).toHaveText(/^token\s*3 B\s*[0-9a-f]{4}$/);
  await expect(row.locator('.s-k')).toContainText('+1');
  await accessible(page);

  await row.getByRole('link', { name }).click();
  await expect(page.getByRole('region', { name: 'Used by' })).toContainText(app);
  const form = page.locator('details.act', { hasText: `Delete ${name}?` });
  await expect(form.getByLabel(/to confirm/), 'nothing red stands open').toBeHidden();
  await form.locator('summary').click();
  await accessible(page);
  await expect(form).toContainText(`${app} uses it and can't restart without it.`);
  await form.getByLabel(/to confirm/).fill('another name');
  await form.getByRole('button', { name: `Delete ${name}` }).click();
  await expect(page.locator('main')).toContainText('Nothing was deleted.');
  expect(secret(name).type).toBe('Opaque');

  await page.goto(at(`/secrets/web/${name}`));
  await form.locator('summary').click();
  await form.getByLabel(/to confirm/).fill(name);
  await form.getByRole('button', { name: `Delete ${name}` }).click();
  await expect(page.getByRole('status').filter({ hasText: `Deleted ${name}` })).toBeVisible();
  await expect(row).toHaveCount(0);
  expect(kubectl('-n', 'web', 'get', 'secrets', '-o', 'name')).not.toContain(name);
});

test('the names of a new secret survive the end of the session, and its values are asked for again', async ({ visitor, sweep }) => {
  const name = unique('drafted');
  sweep('secret', 'web', name);
  const { page, name: who, password } = await visitor('operator');
  await page.goto(at('/new-secret/web'));
  await awake(page);
  await page.locator('[name=name]').fill(name);
  await page.getByLabel('Key 1', { exact: true }).fill('password');
  await page.getByLabel('Value 1', { exact: true }).fill('never kept');
  await expect(page.locator('[data-draft]')).toHaveText('Draft saved');
  await page.context().clearCookies();
  await page.goto(at('/new-secret/web'));
  await signInHere(page, who, password);
  await expect(page).toHaveURL(/\/new-secret\/web/);
  await awake(page);
  await expect(page.locator('[data-restored]')).toContainText('Values are never kept: type 1 again.');
  await expect(page.getByLabel('Key 1', { exact: true })).toHaveValue('password');
  const value = page.getByLabel('Value 1', { exact: true });
  await expect(value).toHaveValue('');
  await expect(value).toHaveAttribute('placeholder', 'Type it again');
  await accessible(page);
  await value.fill('typed again');
  await create(page, name);
  expect(secret(name).data).toEqual({ password: Buffer.from('typed again').toString('base64') });
  await page.goto(at('/new-secret/web'));
  await expect(page.locator('[data-restored]')).toHaveCount(0);
});

test('a value that was sent after the session had ended leads back to its form', async ({ visitor, sweep }) => {
  const name = unique('late');
  sweep('secret', 'web', name);
  kubectl('-n', 'web', 'create', 'secret', 'generic', name, '--from-literal=password=first', '--from-literal=token=x');
  const { page, name: who, password } = await visitor('operator');
  await page.goto(at(`/secrets/web/${name}`));
  const row = page.locator('.krow2').filter({ hasText: 'token' });
  await row.locator('summary', { hasText: 'Replace' }).click();
  await row.getByLabel('New value').fill('second');
  await page.context().clearCookies();
  await row.getByRole('button', { name: 'Replace token' }).click();
  await expect(page.getByRole('status')).toHaveText('Session ended. Sign in to go on.');
  await accessible(page);
  await signInHere(page, who, password);
  await expect(page).toHaveURL(new RegExp(`/secrets/web/${name}`));
  await expect(page.getByRole('status').filter({ hasText: 'Type the value again.' })).toBeVisible();
  await expect(row.getByLabel('New value')).toBeVisible();
  await expect(row.getByLabel('New value')).toHaveValue('');
  await row.getByLabel('New value').fill('third');
  await row.getByRole('button', { name: 'Replace token' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'token' })).toBeVisible();
  expect(value(name, 'token')).toBe('third');
});

test('a pasted .env file becomes keys, and its lines are kept nowhere else', once, async ({ admin: page, sweep }) => {
  const name = unique('dotenv');
  sweep('secret', 'web', name);
  await open(page, 'opaque', name);
  const key = page.getByLabel('Key 1', { exact: true });
  await key.focus();
  await key.evaluate((field, text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text', text);
    field.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, "export DB_PASSWORD='a \"b\" $c'\nDB_KEY=\"-----BEGIN KEY-----\nMIIB==\n-----END KEY-----\"\n");
  await expect(page.getByLabel('Key 2', { exact: true })).toHaveValue('DB_KEY');
  await expect(page.getByLabel('Value 1', { exact: true })).toHaveClass(/masked/);
  await create(page, name);
  expect([value(name, 'DB_PASSWORD'), value(name, 'DB_KEY')]).toEqual(['a "b" $c', '-----BEGIN KEY-----\nMIIB==\n-----END KEY-----']);
});
