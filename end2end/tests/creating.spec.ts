import { type Page } from '@playwright/test';
import { accessible, apply, at, awake, cluster, expect, kubectl, once, test, unique } from './portal';

const IMAGE = 'docker.io/local/sample:1';

async function open(page: Page, fields: Record<string, string>, namespace = 'web') {
  await page.goto(at(`/new-app/${namespace}?draft=no`));
  await awake(page);
  await fill(page, fields);
}

/** Fields by the names that the form gives them; rows are added where one is missing. */
async function fill(page: Page, fields: Record<string, string>) {
  for (const [name, text] of Object.entries(fields)) {
    const field = page.locator(`[name="${name}"]`);
    if (!(await field.count())) await page.locator(`[data-add="${name.split('.')[0]}"]`).click();
    // A probe is folded into one line.
    const folded = page.locator('details:not([open])', { has: field });
    if (await folded.count()) await folded.locator('summary').click();
    if (await field.evaluate((e) => e.localName === 'select')) await field.selectOption(text);
    else await field.fill(text);
  }
}

const create = (page: Page) => page.getByRole('button', { name: 'Create app' }).click();
const said = (page: Page, field: string) => page.locator(`[id="f-${field}-e"]`);
const objects = (namespace: string, name: string) => kubectl('-n', namespace, 'get', 'deployments,services,ingresses', '-o', 'name').split('\n').filter((line) => line.endsWith(`/${name}`));
const deployment = (name: string) => JSON.parse(kubectl('-n', 'web', 'get', 'deployment', name, '-o', 'json')).spec.template.spec.containers[0];

test('an app is created through the form and comes up', async ({ admin: page, sweep }) => {
  const name = unique('made');
  sweep('deployment,service', 'web', name);
  await page.goto(at('/new-app/web?draft=no'));
  await awake(page);
  await accessible(page);
  await fill(page, { name, image: IMAGE, 'ports.0.name': 'http', 'ports.0.port': '8080' });
  await create(page);
  await expect(page).toHaveURL(new RegExp(`/apps/web/deployment/${name}`));
  await expect(page.locator('.head')).toContainText('Running');
  expect(objects('web', name)).toEqual([`deployment.apps/${name}`, `service/${name}`]);
});

test('each wrong field says beside it what to change, and nothing is created', once, async ({ admin: page, sweep }) => {
  const name = `${unique('wrong')}_`;
  sweep('deployment,service', 'web', name.slice(0, -1));
  const sent: string[] = [];
  page.on('request', (request) => { if (request.method() === 'POST') sent.push(request.url()); });
  const wrong: [string, string, RegExp][] = [
    ['name', name, /App names can't contain "_"/],
    ['replicas', 'many', /"many" isn't a number. Enter one from 0 to /],
    ['image', 'https://registry.example.org/app', /Remove https:\/\/ from the image name/],
    ['ports.0.name', 'HTTP', /Port names can't contain/],
    ['ports.1.port', '70000', /65535|65,535/],
    ['env.0.name', '1PASSWORD', /can't start with a digit/],
    ['env.1.key', 'a key', /Keys can't contain spaces/],
    ['cpuRequest', 'plenty', /\S/],
    ['memoryLimit', '64Mi', /The memory limit 64 Mi is below the request 128 Mi/],
    ['readiness.port', 'admin', /No port is named admin/],
    ['liveness.command', '', /Enter a command/],
    ['nodePort', '80', /Enter a number from 30000 to 32767/],
    ['ingressHost', 'no host', /Host names can't contain/],
    ['ingressPath', 'shop', /Paths start with a slash/],
  ];
  await open(page, { 'ports.0.port': '8080', 'ports.1.name': 'more', 'env.1.name': 'FROM_SECRET', 'env.1.from': 'secret', 'env.1.value': 'loklak-admin', 'readiness.kind': 'http', 'readiness.path': '/', 'liveness.kind': 'command', service: 'NodePort' });
  await fill(page, Object.fromEntries(wrong.map(([field, text]) => [field, text])));
  await create(page);
  for (const [field, , sentence] of wrong) {
    await expect.soft(said(page, field), field).toHaveText(sentence);
    await expect.soft(said(page, field), field).toBeVisible();
    await expect.soft(page.locator(`[name="${field}"]`), field).toHaveAttribute('aria-invalid', 'true');
  }
  await expect(page.getByRole('alert').getByRole('link')).toHaveCount(wrong.length);
  await expect(page.locator('[aria-invalid=true]')).toHaveCount(wrong.length);
  await page.getByRole('alert').getByRole('link', { name: /No port is named admin/ }).click();
  await expect(page.locator('[name="readiness.port"]')).toBeFocused();
  await accessible(page);
  expect(sent.filter((url) => !url.includes('dryRun')), 'nothing was asked for').toEqual([]);
  expect(objects('web', name.slice(0, -1))).toEqual([]);
});

test('variables come from a secret and a config map, and a key that is not there is noticed before', once, async ({ admin: page, sweep }) => {
  const name = unique('env');
  for (const kind of ['deployment', 'secret', 'configmap']) sweep(kind, 'web', name);
  kubectl('-n', 'web', 'create', 'secret', 'generic', name, '--from-literal=password=of-the-secret');
  kubectl('-n', 'web', 'create', 'configmap', name, '--from-literal=greeting=hello');
  await open(page, {
    name, image: IMAGE, service: 'none',
    'env.0.name': 'PLAIN', 'env.0.value': 'a b',
    'env.1.name': 'PASSWORD', 'env.1.from': 'secret', 'env.1.value': name, 'env.1.key': 'passwrd',
    'env.2.name': 'GREETING', 'env.2.from': 'configMap', 'env.2.value': name, 'env.2.key': 'greeting',
  });
  await expect(said(page, 'env.1.key')).toContainText('passwrd');
  await create(page);
  await expect(page.getByRole('alert')).toContainText('passwrd');
  expect(objects('web', name)).toEqual([]);

  await fill(page, { 'env.1.key': 'password' });
  await create(page);
  await expect(page).toHaveURL(new RegExp(`/apps/web/deployment/${name}`));
  await expect(page.locator('.head')).toContainText('Running');
  expect(deployment(name).env).toEqual([
    { name: 'PLAIN', value: 'a b' },
    { name: 'PASSWORD', valueFrom: { secretKeyRef: { name, key: 'password' } } },
    { name: 'GREETING', valueFrom: { configMapKeyRef: { name, key: 'greeting' } } },
  ]);
  await page.goto(at(`/apps/web/deployment/${name}/configuration`));
  const variable = (of: string) => page.getByRole('row', { name: new RegExp(`^${of}`) });
  await expect(variable('PASSWORD')).toContainText('Hidden');
  await expect(variable('PASSWORD')).toContainText(name);
  await expect(variable('GREETING')).toContainText(`config map ${name}, key greeting, current value`);
  await expect(page.locator('main')).not.toContainText('of-the-secret');
});

test('probes, resources, a node port and an ingress become what was asked for, and the app answers', once, async ({ admin: page, sweep }) => {
  const name = unique('full');
  sweep('deployment,service,ingress', 'web', name);
  await open(page, {
    name, image: IMAGE, replicas: '1', args: '',
    'ports.0.name': 'http', 'ports.0.port': '8080',
    cpuRequest: '10m', cpuLimit: '200m', memoryRequest: '16Mi', memoryLimit: '64Mi',
    'readiness.kind': 'http', 'readiness.path': '/healthy', 'readiness.port': 'http', 'readiness.periodSeconds': '1',
    'liveness.kind': 'tcp', 'liveness.port': '8080', 'liveness.failureThreshold': '5',
    'startup.kind': 'http', 'startup.path': '/', 'startup.port': 'http', 'startup.periodSeconds': '1',
    service: 'NodePort', ingressHost: `${name}.example.org`, ingressPath: '/shop',
  });
  await create(page);
  await expect(page).toHaveURL(new RegExp(`/apps/web/deployment/${name}`));
  await expect(page.locator('.head')).toContainText('Running');
  const container = deployment(name);
  expect(container.resources).toEqual({ requests: { cpu: '10m', memory: '16Mi' }, limits: { cpu: '200m', memory: '64Mi' } });
  expect(container.readinessProbe).toMatchObject({ httpGet: { path: '/healthy', port: 'http' }, periodSeconds: 1 });
  expect(container.livenessProbe).toMatchObject({ tcpSocket: { port: 8080 }, failureThreshold: 5 });
  expect(container.startupProbe).toMatchObject({ httpGet: { path: '/', port: 'http' }, periodSeconds: 1 });
  const endpoints = page.getByRole('region', { name: 'Endpoints' });
  await expect(endpoints).toContainText(`${name}.example.org/shop`);
  const port = kubectl('-n', 'web', 'get', 'service', name, '-o', 'jsonpath={.spec.ports[0].nodePort}');
  await expect(endpoints).toContainText(port);
  await expect.poll(() => fetch(`http://${cluster().NODE_IP}:${port}/`).then((answer) => answer.text()).catch(String)).toContain(`sample 1 on ${name}`);
});

test('what the cluster refuses is said as a sentence, and nothing is half created', once, async ({ admin: page, sweep }) => {
  const namespace = unique('quota');
  sweep('namespace', 'default', namespace);
  apply({ apiVersion: 'v1', kind: 'List', items: [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'no-services', namespace }, spec: { hard: { 'count/services': '0' } } },
  ] });
  await expect.poll(() => kubectl('-n', namespace, 'get', 'resourcequota', 'no-services', '-o', 'jsonpath={.status.hard}')).toContain('services');
  await expect.poll(async () => (await page.context().request.get(at(`/new-app/${namespace}`))).status()).toBe(200);
  // The deployment would be taken; its service is not.
  await open(page, { name: 'refused', image: IMAGE, 'ports.0.name': 'http', 'ports.0.port': '8080' }, namespace);
  await create(page);
  await expect(page.getByRole('alert')).toContainText(/quota no-services/i);
  // What was typed last is checked meanwhile; that verdict may follow the refusal.
  await expect(page.locator('[data-why]')).toContainText(/^Not created. Fix \d field/);
  await accessible(page);
  expect(objects(namespace, 'refused')).toEqual([]);
});

test('a name and a node port that are taken are said at their fields', once, async ({ admin: page, sweep }) => {
  const name = unique('taken');
  sweep('deployment,service', 'web', name);
  await open(page, { name: 'loklak-server', image: IMAGE, 'ports.0.port': '8080' });
  await create(page);
  await expect(said(page, 'name')).toContainText(/loklak-server.* exists|exists.*loklak-server/);
  expect(kubectl('-n', 'web', 'get', 'deployment', 'loklak-server', '-o', 'jsonpath={.spec.template.spec.containers[*].name}')).toBe('loklak');
  await fill(page, { name, service: 'NodePort', nodePort: '30180' });
  await create(page);
  await expect(said(page, 'nodePort')).toContainText('30180');
  expect(objects('web', name)).toEqual([]);
});

test('a form under which the session ends keeps what was typed, and goes on after a sign-in beside it', async ({ visitor, sweep }) => {
  const name = unique('stayed');
  sweep('deployment,service', 'web', name);
  const { page, name: who, password } = await visitor('operator');
  await open(page, { name });
  await page.context().clearCookies();
  await fill(page, { image: IMAGE });
  const over = page.getByRole('alert').filter({ hasText: 'Session ended.' });
  await expect(over).toBeVisible();
  await create(page);
  await expect(page.locator('[data-why]')).toHaveText('Nothing was created.');
  await accessible(page);
  const beside = page.context().waitForEvent('page');
  await over.getByRole('link', { name: 'sign in in a new tab' }).click();
  const tab = await beside;
  await tab.locator('input[name=name]').fill(who);
  await tab.locator('input[name=password]').fill(password);
  await tab.getByRole('button', { name: 'Sign in' }).click();
  await expect(tab).toHaveURL(/\/apps/);
  await expect(page.locator('[name=name]')).toHaveValue(name);
  await create(page);
  await expect(page).toHaveURL(new RegExp(`/apps/web/deployment/${name}`));
});

test('each check that knows its remedy has a button, and a slip of the hand is mended with one', once, async ({ admin: page, sweep }) => {
  const name = unique('mended');
  for (const kind of ['deployment', 'service', 'secret']) sweep(kind, 'web', name);
  await open(page, { name, image: `${IMAGE.replace(':', ' :')}`, 'ports.0.name': 'http', 'ports.0.port': '8080', 'env.0.name': 'DB_PASSWORD', 'env.0.value': 'typed by mistake', memoryLimit: '256MB' });
  await page.locator('[name=memoryLimit]').blur();
  await said(page, 'image').getByRole('button', { name: 'Use docker.io/local/sample:1' }).click();
  await expect(page.locator('[name=image]')).toHaveValue(IMAGE);
  await expect(page.locator('[name=image]')).toBeFocused();
  await said(page, 'memoryLimit').getByRole('button', { name: 'Set the limit to 256Mi' }).click();

  const checks = page.getByRole('complementary', { name: 'Checks and YAML' });
  const section = (title: string) => page.getByRole('navigation', { name: 'Sections' }).getByRole('link', { name: title });
  await expect(section('Health checks')).toHaveText(/1 warning/);
  const probe = page.locator('[data-probe=readiness]');
  await expect(probe.locator('summary')).toContainText('Off');
  await checks.getByRole('button', { name: 'Add a readiness probe' }).click();
  await expect(probe.locator('summary')).toContainText('TCP on http, every 10 s, 3 failures');
  await expect(section('Health checks')).toHaveText(/complete/);
  await checks.getByRole('button', { name: 'Run 2' }).click();
  await expect(page.locator('[name=replicas]')).toHaveValue('2');

  await checks.getByRole('button', { name: 'Move to a secret…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Move to a new secret' });
  await expect(dialog.getByLabel('Name of the secret')).toHaveValue(name);
  await accessible(page);
  await dialog.getByRole('button', { name: 'Create secret' }).click();
  await expect(dialog).toBeHidden();
  await expect(page.locator('[name="env.0.key"]')).toHaveValue('DB_PASSWORD');
  await expect(checks).not.toContainText('looks like a secret');
  await accessible(page);
  await create(page);
  await expect(page).toHaveURL(new RegExp(`/apps/web/deployment/${name}`));
  expect(deployment(name).env).toEqual([{ name: 'DB_PASSWORD', valueFrom: { secretKeyRef: { name, key: 'DB_PASSWORD' } } }]);
  expect(kubectl('-n', 'web', 'get', 'secret', name, '-o', 'jsonpath={.data.DB_PASSWORD}')).toBe(Buffer.from('typed by mistake').toString('base64'));
});

test('the lines of an .env file become variables, and a line that cannot be read is named', once, async ({ admin: page }) => {
  await open(page, { 'env.0.name': 'MODE', 'env.0.value': 'slow' });
  await page.getByRole('button', { name: 'Paste .env' }).click();
  const text = page.getByLabel('Lines of an .env file');
  await expect(text).toBeFocused();
  await text.fill('# comment\nexport MODE=fast\njust words\nGREETING="two words # no comment"\n');
  await page.getByRole('button', { name: 'Add variables' }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'Line 3 has no =.' })).toBeVisible();
  await accessible(page);
  await text.fill((await text.inputValue()).replace('just words\n', ''));
  await page.getByRole('button', { name: 'Add variables' }).click();
  await expect(text).toBeHidden();
  await expect(page.locator('[name="env.0.value"]')).toHaveValue('fast');
  await expect(page.locator('[name="env.1.name"]')).toHaveValue('GREETING');
  await expect(page.locator('[name="env.1.value"]')).toHaveValue('two words # no comment');
  await expect(text, 'nothing stays').toHaveValue('');
});

test('what was typed is there again after a look elsewhere, and a missing secret is made without leaving the form', once, async ({ visitor, sweep }) => {
  const name = unique('draft');
  sweep('secret', 'web', name);
  const { page } = await visitor('operator');
  await page.goto(at('/new-app/web'));
  await awake(page);
  await fill(page, { name, image: IMAGE, 'env.0.name': 'PASSWORD', 'env.0.from': 'secret', 'env.0.value': name, 'env.0.key': 'password' });
  await expect(page.locator('[data-draft]')).toHaveText('Draft saved');
  await page.goto(at('/secrets/web'));
  await page.goto(at('/new-app/web'));
  await awake(page);
  await expect(page.locator('[name="env.0.value"]')).toHaveValue(name);
  await expect(page.locator('[data-restored]')).toContainText('Restored what you typed');

  const checks = page.getByRole('complementary', { name: 'Checks and YAML' });
  await page.locator('[name="env.0.key"]').press('End');
  await fill(page, { replicas: '2' });
  await checks.getByRole('button', { name: `Create secret ${name}…` }).click();
  const dialog = page.getByRole('dialog', { name: `New secret ${name}` });
  await dialog.getByLabel('password').fill('typed once');
  await accessible(page);
  await dialog.getByRole('button', { name: 'Create secret' }).click();
  await expect(dialog).toBeHidden();
  await expect(checks).not.toContainText(`Secret ${name} doesn't exist`);
  expect(kubectl('-n', 'web', 'get', 'secret', name, '-o', 'jsonpath={.data.password}')).toBe(Buffer.from('typed once').toString('base64'));

  await page.getByRole('button', { name: 'Start over' }).click();
  await awake(page);
  await expect(page.locator('[name="name"]')).toHaveValue('');
  await expect(page.locator('[data-restored]')).toHaveCount(0);
});
