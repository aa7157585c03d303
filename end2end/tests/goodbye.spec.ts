// A portal of this story's own is stopped and started under an open page.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, openSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, kubectl, once, signIn } from './portal';
import { test } from './sample';

const free = () => new Promise<number>((resolve) => {
  const server = createServer().listen(0, '127.0.0.1', () => {
    const { port } = server.address() as AddressInfo;
    server.close(() => resolve(port));
  });
});
const ended = (child: ChildProcess) => new Promise<number | null>((resolve) => child.once('exit', resolve));

test('a portal that restarts says goodbye, and the open page goes on by itself', once, async ({ apart, quiet, sample }) => {
  const { QS_BINARY, QS_SITE, QS_SERVER_LOG, QS_ADMIN_PASSWORD, KUBECONFIG, PATH, HOME } = process.env;
  test.skip(!QS_BINARY, 'nobody says where the portal is');
  const folder = mkdtempSync(join(tmpdir(), 'goodbye-'));
  const PORT = String(await free());
  const url = `http://127.0.0.1:${PORT}/`;
  const start = async () => {
    const log = QS_SERVER_LOG ? openSync(QS_SERVER_LOG, 'a') : 'ignore';
    const env = { PATH, HOME, KUBECONFIG, PORT, QUAYSIDE_DATABASE: join(folder, 'quayside.db'), QUAYSIDE_SITE_ROOT: QS_SITE, QUAYSIDE_ADMIN_PASSWORD: QS_ADMIN_PASSWORD };
    const child = spawn(QS_BINARY!, { env, stdio: ['ignore', log, log] });
    await expect.poll(() => fetch(`${url}healthy`).then((answer) => answer.status, () => 0)).toBe(200);
    return child;
  };
  let portal = await start();
  const context = await apart({ baseURL: url });
  // Nobody listens in between.
  quiet.except(/ERR_CONNECTION_|WebSocket connection to .* failed/);
  try {
    const name = sample('bye', { replicas: 0 });
    const page = await context.newPage();
    const said: string[] = [];
    page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => said.push(String(payload))));
    await signIn(page, 'admin', QS_ADMIN_PASSWORD!);
    await page.goto('apps/web');
    const state = page.locator('[data-live]');
    const row = page.locator(`tr[id="web/deployment/${name}"]`);
    await expect(state).toHaveAttribute('data-live', 'live');
    await expect(row).toContainText('Stopped');
    await page.evaluate(() => { document.title = 'not loaded again'; });

    const gone = ended(portal);
    portal.kill('SIGTERM');
    await expect(state).not.toHaveAttribute('data-live', 'live');
    expect(said.some((frame) => frame.includes('"restarting"')), 'it says goodbye').toBe(true);
    expect(await gone, 'it ends well').toBe(0);
    kubectl('-n', 'web', 'scale', 'deployment', name, '--replicas=1');
    await expect(row, 'what was last known stays').toContainText('Stopped');
    portal = await start();
    await expect(state).toHaveAttribute('data-live', 'live', { timeout: 40_000 });
    await expect(row).toContainText('Running');
    expect(await page.title()).toBe('not loaded again');
  } finally {
    await context.close();
    const gone = ended(portal);
    if (portal.exitCode === null && portal.kill('SIGTERM')) await gone;
    rmSync(folder, { recursive: true });
  }
});
