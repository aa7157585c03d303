// What the portal says when metrics-server is gone. This removes it for every test, so it runs once, after the stories of
// metrics.spec.ts that need a fresh measurement, and ends only when measuring works again.
import { at, expect, kubectl, once, test } from './portal';

test('without metrics-server the page says so and how to get it, and goes on by itself', once, async ({ admin: page }) => {
  test.setTimeout(240_000);
  const scale = (replicas: number) => kubectl('-n', 'kube-system', 'scale', 'deployment', 'metrics-server', `--replicas=${replicas}`);
  const note = page.locator('quays-chart [data-note]');
  await page.goto(at('/apps/web/deployment/loklak-server/metrics?range=15m'));
  await expect(page.locator('quays-chart canvas')).toHaveCount(2, { timeout: 45_000 });
  await expect(note).toBeHidden();
  try {
    scale(0);
    // The portal asks every 15 s, and so does the page.
    await expect(note).toContainText(/metrics-server/, { timeout: 60_000 });
    await expect(note).toContainText('kubectl apply -f https://github.com/kubernetes-sigs/metrics-server/');
    await expect(page.locator('quays-chart canvas'), 'what was measured stays').toHaveCount(2);
  } finally {
    scale(1);
    kubectl('-n', 'kube-system', 'rollout', 'status', 'deployment/metrics-server', '--timeout=90s');
  }
  await expect(note).toBeHidden({ timeout: 150_000 });
});
