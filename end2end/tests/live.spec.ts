// The one WebSocket of a page: what happens when it goes.
import { at, expect, kubectl } from './portal';
import { test } from './sample';

test('a lost connection shows, resumes by itself and has missed nothing', async ({ admin: page, sample }) => {
  const [stays, goes] = [sample('stays', { replicas: 0 }), sample('goes', { replicas: 0 })];
  let cut = () => {};
  let mend = () => {};
  let whole = Promise.resolve();
  await page.routeWebSocket(/\/api\/v1\/live$/, async (socket) => {
    await whole;
    socket.connectToServer();
    cut = () => {
      whole = new Promise((resolve) => { mend = resolve; });
      void socket.close({ code: 1001 });
    };
  });
  const state = page.locator('[data-live]');
  const row = (name: string) => page.locator(`tr[id="web/deployment/${name}"]`);
  await page.goto(at('/apps/web'));
  await expect(state).toHaveAttribute('data-live', 'live');
  await expect(row(stays)).toContainText('Stopped');
  await expect(row(goes)).toContainText('Stopped');

  cut();
  await expect(state).toHaveAttribute('data-live', 'reconnecting');
  await expect(state).toContainText('Reconnecting');
  const comes = sample('comes', { replicas: 0 });
  kubectl('-n', 'web', 'scale', 'deployment', stays, '--replicas=1');
  kubectl('-n', 'web', 'delete', 'deployment', goes);
  await expect(row(goes), 'what was last known stays').toContainText('Stopped');
  await expect(row(comes)).toHaveCount(0);

  mend();
  await expect(state).toHaveAttribute('data-live', 'live');
  await expect(row(comes)).toContainText('Stopped');
  await expect(row(stays)).toContainText('Running');
  await expect(row(goes)).toHaveCount(0);
  kubectl('-n', 'web', 'scale', 'deployment', stays, '--replicas=0');
  await expect(row(stays), 'and it goes on').toContainText('Stopped');
});
