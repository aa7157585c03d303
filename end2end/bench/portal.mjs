// The portal that is measured in the full cluster: started with an empty database, looked at from outside, signed in to, and listened
// to on its socket.
//
// Environment (scripts/bench.sh sets it): QS_BINARY and QS_SITE of a release portal, QS_STATE, a folder for its database, and
// KUBECONFIG, which the portal reads itself.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { APPS, SPACES } from './cluster.mjs';
import { env, sleep } from './report.mjs';

const PASSWORD = randomBytes(12).toString('hex');

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((r) => server.once('listening', r));
  const { port } = server.address();
  await new Promise((r) => server.close(r));
  return port;
}

// A portal of its own with an empty database.
export async function start() {
  const port = await freePort();
  const folder = `${env('QS_STATE')}/scale`;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const settings = { PORT: String(port), QUAYSIDE_LISTEN: '127.0.0.1', QUAYSIDE_DATABASE: `${folder}/quayside.db`, QUAYSIDE_SITE_ROOT: env('QS_SITE'), QUAYSIDE_ADMIN_PASSWORD: PASSWORD };
  const log = openSync(`${folder}/portal.log`, 'a');
  const begun = performance.now();
  const child = spawn(env('QS_BINARY'), [], { env: { ...process.env, ...settings }, stdio: ['ignore', log, log] });
  const portal = { child, url: `http://127.0.0.1:${port}`, ended: false };
  child.on('exit', () => { portal.ended = true; });
  // Also where something fails in the middle.
  process.on('exit', () => child.kill('SIGKILL'));
  const until = async (what, test) => {
    const end = Date.now() + 120_000;
    while (!(await test().catch(() => false))) {
      if (portal.ended || Date.now() > end) throw new Error(`${what}: ${readFileSync(`${folder}/portal.log`, 'utf8').slice(-2000)}`);
      await sleep(10);
    }
    return performance.now() - begun;
  };
  const metrics = async () => (await fetch(`${portal.url}/metrics`)).text();
  portal.ready = await until('the portal has read the cluster', async () => /^quayside_cluster_ready 1$/m.test(await metrics()));
  await until('the list shows all apps', async () => Number(/^quayside_apps (\d+)$/m.exec(await metrics())?.[1]) >= SPACES * APPS);
  return portal;
}

export const status = (portal, field) => Number(new RegExp(`${field}:\\s+(\\d+)`).exec(readFileSync(`/proc/${portal.child.pid}/status`, 'utf8'))[1]);
export const cpuSeconds = (portal) => {
  const fields = readFileSync(`/proc/${portal.child.pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
};
export async function stop(portal) {
  portal.child.kill('SIGTERM');
  while (!portal.ended) await sleep(50);
}

export async function signIn(portal) {
  const answer = await fetch(`${portal.url}/api/v1/session`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ username: 'admin', password: PASSWORD }) });
  if (!answer.ok) throw new Error(`sign-in: ${answer.status}`);
  return answer.headers.getSetCookie().map((cookie) => cookie.split(';')[0]).join('; ');
}

// A frame of a WebSocket as a client sends it: masked, though with zeros, and shorter than 126 bytes.
const frame = (kind, text = '') => Buffer.concat([Buffer.from([0x80 | kind, 0x80 | text.length, 0, 0, 0, 0]), Buffer.from(text)]);

// Somebody looks at the list of all apps, as a tab does: what changed goes out to him.
export async function look(portal, cookie) {
  const headers = { cookie, origin: portal.url, connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13', 'sec-websocket-key': randomBytes(16).toString('base64') };
  const socket = await new Promise((resolve, reject) => {
    const call = request(`${portal.url}/api/v1/live`, { headers });
    call.on('upgrade', (_, upgraded) => resolve(upgraded)).on('response', (answer) => reject(new Error(`live: ${answer.statusCode}`))).on('error', reject);
    call.end();
  });
  socket.write(frame(1, JSON.stringify({ t: 'subscribe', id: 1, topic: { kind: 'apps', namespace: null } })));
  let bytes = 0;
  socket.on('data', (data) => { bytes += data.length; }).on('error', () => {});
  const alive = setInterval(() => socket.write(frame(9)), 10_000);
  return { bytes: () => bytes, close: () => { clearInterval(alive); socket.destroy(); } };
}
