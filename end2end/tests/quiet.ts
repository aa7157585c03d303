// No page of a story may report an error, whoever opened it.
import { expect, type BrowserContext, type ConsoleMessage } from '@playwright/test';

/** What the browser says of each answer that refuses something. */
const refusal = /the server responded with a status of 4(01|03|04|22|29)\b/;

export class Quiet {
  private readonly reported: string[] = [];
  private readonly expected: RegExp[] = [];
  private readonly documents = new Set<string>();

  /** Listens to all pages of a context from now on. */
  listen(context: BrowserContext) {
    context.on('request', (request) => void (request.isNavigationRequest() && this.documents.add(request.url())));
    context.on('weberror', (thrown) => void this.reported.push(`page error: ${thrown.error().message}`));
    context.on('console', (message) => {
      if (message.type() === 'error' && !this.refusedByDesign(message)) this.reported.push(`${message.text()} (${message.location().url})`);
    });
  }

  /** A story that brings an error about says which. */
  except(expected: RegExp) {
    this.expected.push(expected);
  }

  /** Nothing else was reported. */
  check() {
    expect(this.reported.filter((error) => !this.expected.some((expected) => expected.test(error))), 'the console stays quiet').toEqual([]);
  }

  // Pages, forms and the API refuse what they should; a script, a font or another file that is missing is a fault.
  private refusedByDesign(message: ConsoleMessage): boolean {
    const { url } = message.location();
    return refusal.test(message.text()) && (this.documents.has(url) || new URL(url).pathname.includes('/api/v1/'));
  }
}
