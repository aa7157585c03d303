// What the benchmarks put into a cluster that nothing there works on: many pods, changes of their status, and objects as
// large as a tenant can make them. The calls go straight to the API server, because kubectl takes a second for each.
//
// By hand: node end2end/bench/cluster.mjs fill | churn RATE SECONDS | hostile | clear   (KUBECONFIG names the cluster)
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:https';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

// Namespaces, apps in each, pods of each: QS_SCALE=2x2x3 tries the scripts out.
export const [SPACES, APPS, PODS] = (process.env.QS_SCALE ?? '50x10x20').split('x').map(Number);
const PREFIX = 'bench-scale-';
export const HOSTILE = 'bench-hostile';
// Calls at once.
const WIDTH = 12;

const config = JSON.parse(execFileSync('kubectl', ['config', 'view', '--raw', '--minify', '-o', 'json'], { encoding: 'utf8' }));
const server = new URL(config.clusters[0].cluster.server);
const pem = (text) => Buffer.from(text, 'base64');
const agent = new Agent({
  keepAlive: true, maxSockets: WIDTH, ca: pem(config.clusters[0].cluster['certificate-authority-data']),
  cert: pem(config.users[0].user['client-certificate-data']), key: pem(config.users[0].user['client-key-data']),
});

function once(method, path, body, type) {
  return new Promise((resolve, reject) => {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const headers = text === undefined ? {} : { 'content-type': type, 'content-length': Buffer.byteLength(text) };
    const call = request({ agent, host: server.hostname, port: server.port, method, path, headers }, (answer) => {
      const parts = [];
      answer.on('data', (part) => parts.push(part)).on('error', reject);
      answer.on('end', () => resolve({ status: answer.statusCode, body: JSON.parse(Buffer.concat(parts).toString() || '{}') }));
    });
    call.on('error', reject);
    call.end(text);
  });
}

// A server that is busy says so with 429; it is asked again.
export async function call(method, path, body, type = 'application/json') {
  for (;;) {
    const answer = await once(method, path, body, type);
    if (answer.status === 429) await new Promise((r) => setTimeout(r, 1000));
    else if (answer.status < 300 || (answer.status === 404 && method === 'DELETE') || (answer.status === 409 && method === 'POST')) return answer.body;
    else throw new Error(`${method} ${path}: ${answer.status} ${answer.body.message}`);
  }
}

// Does `work` with each of the items, some at a time.
async function each(items, work) {
  const left = items.values();
  await Promise.all(Array.from({ length: WIDTH }, async () => { for (const item of left) await work(item); }));
}

export const spaces = Array.from({ length: SPACES }, (_, n) => `${PREFIX}${n}`);

// One paused deployment with the replica set and the pods that its controller would make. No scheduler takes the pods, and each
// is about as large as one of a real app: variables, an annotation of a mesh, the fields of its managers.
export async function app(space, name, pods = PODS) {
  const labels = { app: name }, hash = randomUUID().slice(0, 8);
  const env = Array.from({ length: 20 }, (_, n) => ({ name: `VARIABLE_${n}`, value: `of some use ${n}` }));
  const container = { name: 'main', image: `registry.example.org/team/${name}:2.7.1`, env, resources: { requests: { cpu: '5m', memory: '8Mi' } } };
  const spec = { schedulerName: 'nobody', containers: [container] };
  const own = (kind, object) => [{ apiVersion: 'apps/v1', kind, name: object.metadata.name, uid: object.metadata.uid, controller: true }];
  const deployment = await call('POST', `/apis/apps/v1/namespaces/${space}/deployments`, {
    metadata: { name, labels }, spec: { paused: true, replicas: pods, selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
  });
  const all = { ...labels, 'pod-template-hash': hash };
  const set = await call('POST', `/apis/apps/v1/namespaces/${space}/replicasets`, {
    metadata: { name: `${name}-${hash}`, labels: all, ownerReferences: own('Deployment', deployment), annotations: { 'deployment.kubernetes.io/revision': '1' } },
    spec: { replicas: 0, selector: { matchLabels: all }, template: { metadata: { labels: all }, spec } },
  });
  const annotations = { 'mesh.example.org/state': 'm'.repeat(5_000) };
  for (let n = 0; n < pods; n += 1) {
    await call('POST', `/api/v1/namespaces/${space}/pods`, { metadata: { name: `${name}-${hash}-${String(n).padStart(5, '0')}`, labels: all, annotations, ownerReferences: own('ReplicaSet', set) }, spec });
  }
  await call('PATCH', `/apis/apps/v1/namespaces/${space}/replicasets/${name}-${hash}`, { spec: { replicas: pods } }, 'application/merge-patch+json');
}

export async function fill() {
  await each(spaces, (name) => call('POST', '/api/v1/namespaces', { metadata: { name } }));
  // The service accounts that pods need come a moment later.
  await each(spaces, async (space) => {
    for (;;) {
      const accounts = await call('GET', `/api/v1/namespaces/${space}/serviceaccounts`);
      if (accounts.items.length > 0) return;
      await new Promise((r) => setTimeout(r, 200));
    }
  });
  await addApps('app', PODS);
}

// As many apps in each namespace as `fill` makes, of so many pods each.
async function addApps(prefix, pods) {
  await each(spaces.flatMap((space, s) => Array.from({ length: APPS }, (_, n) => [space, `${prefix}-${s}-${n}`])), ([space, name]) => app(space, name, pods));
}

// Twice the apps with hardly more pods: as many again, of one pod each. A cluster that was left full may have them.
export async function addSingles() {
  if ((await podsOf(spaces[0], 'single-0-0')).length === 0) await addApps('single', 1);
}

const addressOf = ({ metadata }) => `/api/v1/namespaces/${metadata.namespace}/pods/${metadata.name}`;

// The addresses of an app's pods.
export async function podsOf(space, name) {
  return (await call('GET', `/api/v1/namespaces/${space}/pods?limit=500&labelSelector=app%3D${name}`)).items.map(addressOf);
}

// What the benches need to know of a pod: its address, its app as `namespace/name`, and how often it has restarted.
export const factsOf = (pod) => ({
  address: addressOf(pod), app: `${pod.metadata.namespace}/${pod.metadata.labels?.app}`, restarts: pod.status.containerStatuses?.[0].restartCount ?? 0,
});

// All pods in the namespaces that `fill` makes.
export async function allPods() {
  const pods = [];
  await each(spaces, async (space) => pods.push(...(await call('GET', `/api/v1/namespaces/${space}/pods?limit=500`)).items.map(factsOf)));
  return pods;
}

// Calls `told` with each line of a watch on pods, from now on; what it returns closes the watch.
export async function watchPods(path, told, labels = '') {
  const { metadata } = await call('GET', `${path}?limit=1`);
  const asked = request({
    host: server.hostname, port: server.port, ca: agent.options.ca, cert: agent.options.cert, key: agent.options.key,
    path: `${path}?watch=true&resourceVersion=${metadata.resourceVersion}&labelSelector=${encodeURIComponent(labels)}`,
  });
  await new Promise((resolve, reject) => {
    asked.on('error', reject).on('response', (answer) => {
      // Closing it breaks the answer off.
      answer.on('error', () => {});
      createInterface({ input: answer }).on('line', told).on('error', () => {});
      resolve();
    }).end();
  });
  return () => asked.destroy();
}

// Notes when each change of an app's pods arrives at a watch, from now on.
export async function watchPod(space, name) {
  const heard = [];
  const close = await watchPods(`/api/v1/namespaces/${space}/pods`, () => heard.push(Date.now()), `app=${name}`);
  return { heard, close };
}

// Changes the status of this many pods a second, each between ready and not ready: of all that `fill` made, or of those given.
// `restarts` says how often the pod of the nth change has restarted.
export async function churn(rate, seconds, pods, restarts = (n) => n % 100) {
  pods ??= (await allPods()).map((pod) => pod.address);
  const start = performance.now();
  let begun = 0, done = 0;
  const worker = async () => {
    for (;;) {
      const now = (performance.now() - start) / 1000;
      if (now >= seconds) return;
      if (begun >= now * rate) { await new Promise((r) => setTimeout(r, 2)); continue; }
      const n = begun;
      begun += 1;
      const ready = n % 2 === 0, since = new Date().toISOString().replace(/\.\d+/, '');
      await call('PATCH', `${pods[(n * 7919) % pods.length]}/status`, { status: {
        phase: 'Running', conditions: [{ type: 'Ready', status: ready ? 'True' : 'False', lastTransitionTime: since }],
        containerStatuses: [{ name: 'main', image: 'i', imageID: 'i', ready, restartCount: restarts(n), state: { running: { startedAt: since } } }],
      } }, 'application/strategic-merge-patch+json');
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: WIDTH }, worker));
  return done / seconds;
}

// As much as one tenant can write into few objects: 14 MB of lists.
export async function hostile() {
  const space = `/api/v1/namespaces/${HOSTILE}`, apps = `/apis/apps/v1/namespaces/${HOSTILE}`;
  await call('POST', '/api/v1/namespaces', { metadata: { name: HOSTILE } });
  const template = { metadata: { labels: { app: 'x' } }, spec: { schedulerName: 'nobody', containers: [{ name: 'main', image: 'x' }] } };
  const deployment = (name, extra) => ({ metadata: { name, ...extra }, spec: { paused: true, replicas: 0, selector: { matchLabels: { app: 'x' } }, template } });
  // Statuses with thousands of entries.
  for (const name of ['conditions-1', 'conditions-2']) {
    await call('POST', `${apps}/deployments`, deployment(name));
    const conditions = Array.from({ length: 5_000 }, (_, n) => ({ type: `Kind${n}`, status: 'True', reason: 'r', message: 'm'.repeat(60), lastTransitionTime: '2024-01-01T00:00:00Z' }));
    await call('PATCH', `${apps}/deployments/${name}/status`, { status: { conditions } }, 'application/merge-patch+json');
  }
  // Objects of a megabyte in other ways: variables, annotations, ports, config.
  for (let n = 0; n < 4; n += 1) {
    const env = Array.from({ length: 8_000 }, (_, e) => ({ name: `V_${e}`, value: 'v'.repeat(80) }));
    const large = deployment(`variables-${n}`);
    large.spec.template = { ...template, spec: { ...template.spec, containers: [{ name: 'main', image: 'x', env }] } };
    await call('POST', `${apps}/deployments`, large);
    await call('POST', `${apps}/statefulsets`, { metadata: { name: `notes-${n}`, annotations: Object.fromEntries(Array.from({ length: 2_000 }, (_, a) => [`note-${a}`, 'n'.repeat(100)])) }, spec: { replicas: 0, serviceName: 'x', selector: { matchLabels: { app: 'x' } }, template } });
    await call('POST', `${space}/configmaps`, { metadata: { name: `large-${n}` }, data: { text: 't'.repeat(1_000_000) } });
    await call('POST', `${space}/secrets`, { metadata: { name: `large-${n}` }, stringData: { text: 's'.repeat(1_000_000) } });
    await call('POST', `/apis/batch/v1/namespaces/${HOSTILE}/cronjobs`, { metadata: { name: `cron-${n}` }, spec: { schedule: '0 0 1 1 *', suspend: true, jobTemplate: { spec: { template: { spec: { ...large.spec.template.spec, restartPolicy: 'Never' } } } } } });
  }
}

export async function clear(names = [...spaces, HOSTILE]) {
  await each(names, (space) => call('DELETE', `/api/v1/namespaces/${space}`));
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [what, ...numbers] = process.argv.slice(2);
  const told = await { fill, churn, hostile, clear }[what](...numbers.map(Number));
  if (told !== undefined) console.log(`${told.toFixed(0)} changes a second`);
  agent.destroy();
}
