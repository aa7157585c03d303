// The portal as a pod of the cluster, from the image and the manifests that operators get; end2end/pod/pod.sh brings it
// there. One story after the other: each goes on where the last one ended. Its people: whoever reads its log first.
import { accessible, at, expect, kubectl, test } from './portal';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Page } from '@playwright/test';

test.describe.configure({ mode: 'serial' });
test.slow();

const ACCOUNT = 'system:serviceaccount:quayside:quayside';

const portal = (...args: string[]) => kubectl('-n', 'quayside', ...args);
const pod = () => portal('get', 'pods', '-l', 'app.kubernetes.io/name=quayside', '--field-selector=status.phase=Running', '-o', 'jsonpath={.items[0].metadata.name}');
const status = (field: string) => portal('get', 'pod', pod(), '-o', `jsonpath={.status.containerStatuses[0].${field}}`);
const ready = () => portal('rollout', 'status', 'deployment/quayside', '--timeout=60s');
const get = async (page: Page, path: string) => (await page.context().request.get(at(path))).json();
const namespaces = async (page: Page) => ((await get(page, '/api/v1/namespaces')).items as { namespace: string }[]).map((n) => n.namespace);
const row = (page: Page, id: string) => page.locator(`tr[id="${id}"]`);

/** The service leads to a portal that is well. */
const answers = (page: Page) => expect.poll(() => page.context().request.get(at('/healthy')).then((answer) => answer.status(), () => 0), { timeout: 30_000 }).toBe(200);

/** What the pod has said so far has no panic and no error in it. */
function calm() {
  const bad = portal('logs', pod(), '-c', 'quayside').split('\n').filter((line) => /panicked|"level":"ERROR"/.test(line));
  expect(bad, "the pod's log").toEqual([]);
}

/** A line of the API server's audit log. */
interface Call {
  verb: string;
  requestURI: string;
  objectRef?: { apiGroup?: string; resource: string; subresource?: string; namespace?: string };
  responseStatus?: { code: number };
  user: { username: string; extra?: Record<string, string[]> };
}

/** What the API server has heard from the pod that runs now. */
function calls(): Call[] {
  const audit = readFileSync(`${dirname(process.env.KUBECONFIG!)}/log/audit.log`, 'utf8').trim().split('\n').map((line): Call => JSON.parse(line));
  const name = pod();
  return audit.filter((call) => call.user.username === ACCOUNT && call.user.extra?.['authentication.kubernetes.io/pod-name']?.[0] === name);
}

test('the first user comes in by the link in the log, and sees the apps of exactly the named namespaces', async ({ page }) => {
  const token = /setup\?token=([\w-]+)/.exec(portal('logs', 'deployment/quayside'))![1];
  await page.goto(at(`/setup?token=${token}`));
  await page.locator('[name=name]').fill('admin');
  await page.locator('[name=display]').fill('Mara Okafor');
  await page.locator('[name=password]').fill(process.env.QS_ADMIN_PASSWORD!);
  await page.getByRole('button', { name: 'Set up' }).click();
  await expect(row(page, 'team-a/deployment/orders')).toContainText('Running');
  await expect(row(page, 'team-b/deployment/stock')).toContainText('Running');
  expect(await namespaces(page)).toEqual(['team-a', 'team-b', 'team-c']);
  const others = (await get(page, '/api/v1/apps')).items.filter((app: { id: { namespace: string } }) => !/^team-[ab]$/.test(app.id.namespace));
  expect(others).toEqual([]);
});

test('what is missing in a namespace is told by verb and resource, and the Role for it is printed', async ({ admin: page }) => {
  await page.goto(at('/apps'));
  const refusals = page.locator('details.refusals');
  await refusals.locator('summary').click();
  // team-b has a Role of old, without jobs; team-c has none.
  const sentence = (what: string, where: string) => `The portal isn't allowed to list and watch ${what} in ${where}. quayside rbac --namespace ${where} prints the Role it needs.`;
  await expect(refusals.locator('li')).toHaveText([sentence('cronjobs', 'team-b'), sentence('jobs', 'team-b'), sentence('anything', 'team-c')]);
  await accessible(page);
  const secrets = await page.context().request.get(at('/api/v1/namespaces/team-c/secrets'));
  expect((await secrets.json()).detail).toContain("isn't allowed to list secrets in team-c");

  const printed = portal('exec', 'deployment/quayside', '--', '/quayside', 'rbac', '--namespace', 'team-b', '--namespace', 'team-c');
  expect(printed).toMatch(/resources: \["jobs", "cronjobs"\]\n +verbs: \["get", "list", "watch"\]/);
  execFileSync('kubectl', ['apply', '-f', '-'], { input: printed });
});

test('log lines arrive', async ({ admin: page }) => {
  await page.goto(at('/apps/team-a/deployment/orders/logs'));
  const log = page.getByRole('log');
  await expect(log).toContainText(/line \d{6}/);
  const before = await log.innerText();
  await expect.poll(() => log.innerText()).not.toBe(before);
});

test('the container runs as nobody special, and only its volume can be written', async () => {
  // Beside the portal, in its process namespace and with its user: all that somebody who breaks in would have.
  const look = 'grep -E "^(Uid|Gid|CapPrm|CapBnd|NoNewPrivs|Seccomp):" /proc/1/status; awk \'$5 == "/" {print "root", $6}\' /proc/1/mountinfo; ls /proc/1/root; touch /proc/1/root/site/x /proc/1/root/data/x; rm /proc/1/root/data/x && echo data written';
  const name = pod();
  portal('debug', name, '-q', '--image=docker.io/local/busybox:1', '--target=quayside', '--profile=restricted', '-c', 'look', '--', 'sh', '-c', look);
  portal('wait', `pod/${name}`, '--for=jsonpath={.status.ephemeralContainerStatuses[0].state.terminated.reason}', '--timeout=30s');
  const seen = portal('logs', name, '-c', 'look').replace(/[\t ]+/g, ' ');
  expect(seen).toContain('Uid: 65532 65532 65532 65532');
  expect(seen).toContain('Gid: 65532 65532 65532 65532');
  expect(seen).toContain('CapPrm: 0000000000000000');
  expect(seen).toContain('CapBnd: 0000000000000000');
  expect(seen).toContain('NoNewPrivs: 1');
  expect(seen).toContain('Seccomp: 2');
  expect(seen).toMatch(/^root ro,/m);
  expect(seen).toContain('/proc/1/root/site/x: Read-only file system');
  expect(seen).toContain('data written');
  expect(seen, 'no shell, no tools').not.toMatch(/^(bin|usr|sbin)$/m);
});

test('the printed Role has cured it without a restart', async ({ admin: page }) => {
  // It was applied above; the portal asks again every thirty seconds.
  await page.goto(at('/apps'));
  await expect(row(page, 'team-c/deployment/ledger')).toContainText('Running', { timeout: 60_000 });
  await expect(page.locator('details.refusals')).toHaveCount(0, { timeout: 10_000 });
  expect(await page.context().request.get(at('/api/v1/namespaces/team-c/secrets')).then((answer) => answer.status())).toBe(200);
  expect(status('restartCount')).toBe('0');
});

test('no call goes beyond the namespaces, and none is refused with the Roles in place', async ({ admin: page }) => {
  // A round through what asks the API server by itself, with the forms, which know most kinds of objects.
  const orders = '/apps/team-a/deployment/orders';
  for (const path of ['/apps', orders, `${orders}/history`, `${orders}/yaml`, `${orders}/metrics`, '/secrets/team-a', '/new-app/team-a', '/new-secret/team-a']) {
    expect((await page.goto(at(path)))!.status(), path).toBe(200);
  }
  const post = async (path: string, data: object) => (await page.context().request.post(at(`/api/v1/namespaces/team-a${path}`), { data })).text();
  const form = { name: 'made', image: 'docker.io/local/sample:1', ports: [{ name: 'http', port: '8080' }], service: 'ClusterIP', ingressHost: 'made.example.org', ingressClass: 'nginx' };
  expect(await post('/apps?dryRun=true', form)).toContain('kind: Ingress');
  expect(await post('/apps/deployment/orders/restart', {})).toBe('');

  const own = calls();
  expect(own.length).toBeGreaterThan(100);
  const told = (event: Call) => `${event.verb} ${event.requestURI} ${event.responseStatus?.code}`;
  const beyond = own.filter((event) => !event.objectRef?.namespace).map(told);
  expect(beyond.filter((call) => call !== 'get /version 200'), 'calls without a namespace').toEqual([]);
  expect(own.filter((event) => !/^team-[abc]$/.test(event.objectRef?.namespace ?? 'team-a')).map(told), 'calls elsewhere').toEqual([]);
  const refused = own.filter((event) => event.responseStatus?.code === 403);
  const expected = (of: { namespace: string; resource: string }) => of.namespace === 'team-c' || (of.namespace === 'team-b' && /^(cron)?jobs$/.test(of.resource));
  expect(refused.filter((event) => !expected(event.objectRef)).map(told), 'refused').toEqual([]);
  console.log(`the service account's calls: ${own.length}, of which ${beyond.length} ask for the version and ${refused.length} were refused, for want of a Role`);
});

test('the Role allows what the portal does, and nothing else', async ({ admin: page }) => {
  kubectl('apply', '-f', `${import.meta.dirname}/../pod/kinds.yaml`);
  const send = (method: string, path: string, data?: object) => page.context().request.fetch(at(`/api/v1/namespaces/team-a${path}`), { method, data });
  // Until the portal's watches have brought what the step before has left.
  const done = (method: string, path: string, data?: object) =>
    expect.poll(async () => { const answer = await send(method, path, data); return answer.ok() || `${answer.status()} ${await answer.text()}`; }, { message: `${method} ${path}` }).toBe(true);

  const form = { name: 'all', image: 'docker.io/local/sample:1', ports: [{ name: 'http', port: '8080' }], service: 'ClusterIP', ingressHost: 'all.example.org', ingressClass: 'nginx', env: [{ name: 'A', from: 'configMap', value: 'kube-root-ca.crt', key: 'ca.crt' }] };
  await done('POST', '/apps', form);
  for (const kind of ['deployment/all', 'statefulset/each', 'daemonset/each']) {
    await done('POST', `/apps/${kind}/restart`);
    if (!kind.startsWith('daemonset')) await done('POST', `/apps/${kind}/scale`, { replicas: 0 });
    await done('POST', `/apps/${kind}/rollback`, { revision: 1 });
  }
  for (const kind of ['job/each', 'cronjob/each']) await done('POST', `/apps/${kind}/pause`);
  for (const kind of ['deployment/all', 'statefulset/each', 'daemonset/each', 'job/each', 'cronjob/each', 'pod/each']) {
    expect((await page.goto(at(`/apps/team-a/${kind}/yaml`)))!.status(), kind).toBe(200);
    await done('DELETE', `/apps/${kind}`);
  }
  await done('POST', '/secrets', { name: 'all', kind: 'opaque', entries: [{ key: 'k', value: 'v' }] });
  await done('PUT', '/secrets/all', { entries: [{ key: 'k', value: 'w' }] });
  await done('DELETE', '/secrets/all');

  const { rules } = JSON.parse(kubectl('-n', 'team-a', 'get', 'role', 'quayside', '-o', 'json')) as { rules: { apiGroups: string[]; resources: string[]; verbs: string[] }[] };
  const allowed = new Set(rules.flatMap((rule) => rule.resources.flatMap((resource) => rule.verbs.map((verb) => `${verb} ${rule.apiGroups[0]}/${resource}`))));
  const used = () => new Set(calls().filter((call) => call.objectRef?.namespace === 'team-a').map(({ verb, objectRef: of }) => `${verb} ${of!.apiGroup ?? ''}/${of!.resource}${of!.subresource ? `/${of!.subresource}` : ''}`));
  // The log is written a moment after the answer, and CPU and memory are asked for every fifteen seconds.
  await expect.poll(() => [...allowed].filter((right) => !used().has(right)), { message: 'allowed and not used', timeout: 30_000 }).toEqual([]);
  expect([...used()].filter((right) => !allowed.has(right)), 'used and not allowed').toEqual([]);
});

test('its own probes ask it, and none has failed', async ({ request }) => {
  const numbers = await (await request.get(at('/metrics'))).text();
  for (const route of ['/up', '/healthy']) expect(numbers).toMatch(new RegExp(`route="${route}".*status="200"`));
  const unhealthy = JSON.parse(portal('get', 'events', '--field-selector=reason=Unhealthy', '-o', 'json')).items.map((event: { message: string }) => event.message);
  // The first question may come before it serves.
  expect(unhealthy.filter((message: string) => !/^Readiness.*connection refused/.test(message))).toEqual([]);
});

test('a session outlives kill -9 and the pod, because the database lies on the volume', async ({ admin: page }) => {
  const served = async () => {
    await page.goto(at('/apps'));
    await expect(row(page, 'team-a/deployment/orders')).toContainText('Running');
    await expect(page.locator('.rail')).toContainText('admin');
  };
  await served();
  // A page that stays would complain of its socket; that it reconnects is told elsewhere.
  await page.goto('about:blank');
  calm();

  const [script, ...options] = process.env.QS_CLUSTER!.split(' ');
  execFileSync(script, [...options, 'kill-container', status('containerID')]);
  await expect.poll(() => status('restartCount'), { timeout: 30_000 }).toBe('1');
  await answers(page);
  await served();
  await page.goto('about:blank');
  expect(status('lastState.terminated.exitCode')).toBe('137');
  calm();

  const before = pod();
  portal('delete', 'pod', before);
  ready();
  expect(pod()).not.toBe(before);
  await answers(page);
  await served();
  expect(portal('logs', 'deployment/quayside')).not.toContain('There are no users yet');
});

test('with a ClusterRole the portal discovers namespaces, also new ones', async ({ admin: page }) => {
  for (const namespace of ['team-a', 'team-b', 'team-c']) kubectl('-n', namespace, 'delete', 'role,rolebinding', 'quayside');
  kubectl('apply', '-f', `${import.meta.dirname}/../../deploy/cluster-wide.yaml`);
  ready();
  await answers(page);
  await page.goto(at('/apps'));
  await expect(row(page, 'team-c/deployment/ledger')).toContainText('Running');
  await expect(row(page, 'web/deployment/loklak-server')).toBeVisible();
  await expect(page.locator('details.refusals')).toHaveCount(0);
  expect(await namespaces(page)).toEqual(kubectl('get', 'namespaces', '-o', 'jsonpath={.items[*].metadata.name}').split(' '));

  kubectl('create', 'namespace', 'team-d');
  kubectl('-n', 'team-d', 'create', 'deployment', 'returns', '--image=docker.io/local/sample:1');
  await expect(row(page, 'team-d/deployment/returns')).toContainText('Running');
  expect(await namespaces(page)).toContain('team-d');
  calm();
});
