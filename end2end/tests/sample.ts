// The sample app of the test cluster under names of its own, gone when the story is over.
import type { Page } from '@playwright/test';
import { apply, expect, kubectl, known, test as base, unique } from './portal';

type Env = Record<string, string | number>;
interface Wanted {
  env?: Env;
  replicas?: number;
  /** What else the container says: resources, probes, arguments. */
  main?: object;
  /** Other containers beside it. */
  beside?: object[];
}

export const image = 'docker.io/local/sample:1';
export const variables = (env: Env) => Object.entries(env).map(([name, value]) => ({ name, value: String(value) }));
export const ready = (name: string) => kubectl('-n', 'web', 'rollout', 'status', `deployment/${name}`, '--timeout=50s');

export const test = base.extend<{ sample: (prefix: string, wanted?: Wanted) => string }>({
  /** Deploys it into `web` and gives its name; its pods may take a moment. */
  sample: async ({}, use) => {
    const made: string[] = [];
    await use((prefix, { env = {}, replicas = 1, main = {}, beside = [] } = {}) => {
      const name = unique(prefix);
      made.push(name);
      const labels = { app: name };
      const containers = [{ name: 'main', image, env: variables(env), ...main }, ...beside];
      apply({
        apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, namespace: 'web', labels },
        spec: { replicas, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { terminationGracePeriodSeconds: 1, containers } } },
      });
      return name;
    });
    for (const name of made) kubectl('-n', 'web', 'delete', 'deployment,service,event', '-l', `app=${name}`, '--wait=false');
  },
});

/** Opens a page of the app once the portal knows it, and waits until it is live. */
export async function open(page: Page, name: string, tab = '') {
  await known(page, name);
  await page.goto(`apps/web/deployment/${name}${tab}`);
  await expect(page.locator('[data-live=live]')).toBeVisible();
}

/** Asks the app something from inside its pod: `log?lines=5`, `memory?mb=64`. */
export const tell = (name: string, what: string) => kubectl('-n', 'web', 'exec', `deployment/${name}`, '-c', 'main', '--', 'sample', 'get', `http://127.0.0.1:8080/${what}`);

/** The newest pod of the app. */
export const pod = (name: string) => kubectl('-n', 'web', 'get', 'pods', '-l', `app=${name}`, '--sort-by=.metadata.creationTimestamp', '-o', 'jsonpath={.items[-1:].metadata.name}');

/** Opens the menu with the actions that have no button of their own. */
export const more = (page: Page) => page.locator('.act-more > summary').click();

/** A button of the page, or of its menu, that opens a form. */
export const action = (page: Page, label: string) => page.locator('.head details.act').filter({ has: page.locator('summary', { hasText: label }) });
