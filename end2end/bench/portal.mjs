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

// Everybody's.
export const PASSWORD = randomBytes(12).toString('hex');

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((r) => server.once('listening', r));
  const { port } = server.address();
  await new Promise((r) => server.close(r));
  return port;
}

// A portal of its own with an empty database; its list shows so many apps.
export async function start(apps = SPACES * APPS) {
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
  await until('the list shows all apps', async () => Number(/^quayside_apps (\d+)$/m.exec(await metrics())?.[1]) >= apps);
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

export async function signIn(portal, username = 'admin') {
  const answer = await fetch(`${portal.url}/api/v1/session`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ username, password: PASSWORD }) });
  if (!answer.ok) throw new Error(`sign-in: ${answer.status}`);
  return answer.headers.getSetCookie().map((cookie) => cookie.split(';')[0]).join('; ');
}

// Sends a form of a page, and returns the address to which the portal leads from there.
export async function submit(portal, cookie, path, fields) {
  const answer = await fetch(`${portal.url}${path}`, { method: 'POST', redirect: 'manual', headers: { cookie }, body: new URLSearchParams(fields) });
  if (answer.status !== 303) throw new Error(`${path}: ${answer.status}`);
  return new URL(answer.headers.get('location'), portal.url);
}

// A frame of a WebSocket as a client sends it: masked, though with zeros, and shorter than 126 bytes.
const frame = (kind, text = '') => Buffer.concat([Buffer.from([0x80 | kind, 0x80 | text.length, 0, 0, 0, 0]), Buffer.from(text)]);

// Calls `told` with the text of each frame of a server, which sends them unmasked and in one piece.
function frames(told) {
  let rest = Buffer.alloc(0);
  return (data) => {
    rest = Buffer.concat([rest, data]);
    while (rest.length >= 2) {
      const length = rest[1], head = { 126: 4, 127: 10 }[length] ?? 2;
      if (rest.length < head) return;
      const size = head === 2 ? length : rest.readUIntBE(head === 4 ? 2 : 4, head === 4 ? 2 : 6);
      if (rest.length < head + size) return;
      if ((rest[0] & 0x0f) === 1) told(rest.toString('utf8', head, head + size));
      rest = rest.subarray(head + size);
    }
  };
}

// Somebody looks at the list of all apps, or at that of one namespace, as a tab does: what changed goes out to him, and `told` gets
// the text of each frame.
export async function look(portal, cookie, { namespace = null, told } = {}) {
  const headers = { cookie, origin: portal.url, connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13', 'sec-websocket-key': randomBytes(16).toString('base64') };
  const [socket, first] = await new Promise((resolve, reject) => {
    const call = request(`${portal.url}/api/v1/live`, { headers });
    call.on('upgrade', (_, ...upgraded) => resolve(upgraded)).on('response', (answer) => reject(new Error(`live: ${answer.statusCode}`))).on('error', reject);
    call.end();
  });
  const read = told && frames(told);
  let bytes = 0;
  const heard = (data) => { bytes += data.length; read?.(data); };
  heard(first);
  socket.on('data', heard).on('error', () => {});
  socket.write(frame(1, JSON.stringify({ t: 'subscribe', id: 1, topic: { kind: 'apps', namespace } })));
  const alive = setInterval(() => socket.write(frame(9)), 10_000);
  return { bytes: () => bytes, close: () => { clearInterval(alive); socket.destroy(); } };
}
