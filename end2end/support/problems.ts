// Watches a browser context: any error in the background fails the test, even when the page looks right.
import type { BrowserContext, ConsoleMessage, Request, Response } from "@playwright/test";

/** A small grey square for every picture from another host: the tests need no network. */
const PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><rect width="40" height="40" fill="#999"/></svg>';

export class Problems {
  private found: string[] = [];
  private expected: { url: RegExp; status: number }[] = [];
  private own = new Set<string>();

  constructor(private scripts: boolean) {}

  /** Says that answers with this status from addresses like this are part of the test. */
  expect(url: RegExp, status: number): void {
    this.expected.push({ url, status });
  }

  /** Lets the browser reach another server of the test. */
  trust(url: string): void {
    this.own.add(new URL(url).origin);
  }

  /** What went wrong so far, one line each. */
  list(): string[] {
    return [...this.found];
  }

  async watch(context: BrowserContext, own: string): Promise<void> {
    this.trust(own);
    await context.route(
      (url) => !this.own.has(url.origin) && url.protocol.startsWith("http"),
      (route) =>
        route.request().resourceType() === "image"
          ? route.fulfill({ contentType: "image/svg+xml", body: PICTURE })
          : route.abort("blockedbyclient"),
    );
    context.on("console", (message) => this.console(message));
    context.on("weberror", (error) => this.found.push(`uncaught: ${error.error().stack ?? error.error().message}`));
    context.on("requestfailed", (request) => this.failed(request));
    context.on("response", (response) => this.response(response));
  }

  private isExpected(url: string, status?: number): boolean {
    return this.expected.some((one) => one.url.test(url) && (status === undefined || status === one.status));
  }

  // CSP violations and hydration complaints arrive here too.
  private console(message: ConsoleMessage): void {
    if (message.type() !== "error" && message.type() !== "warning") return;
    // The browser's own line about an answer that `response` checks.
    if (message.text().startsWith("Failed to load resource: the server responded")) return;
    // Without scripts nothing uses the program that the page names in advance.
    if (!this.scripts && message.text().includes("was preloaded using link preload but not used")) return;
    this.found.push(`console ${message.type()}: ${message.text()} (${message.location().url})`);
  }

  private failed(request: Request): void {
    const why = request.failure()?.errorText ?? "";
    // Caused by leaving the page, or by a download.
    if (why === "net::ERR_ABORTED") return;
    // Chromium's message about a script that it does not fetch because scripts are switched off.
    if (!this.scripts && why === "csp" && request.resourceType() === "script") return;
    this.found.push(`request failed: ${request.method()} ${request.url()} ${why}`);
  }

  private response(response: Response): void {
    const status = response.status();
    if (status < 400 || this.isExpected(response.url(), status)) return;
    this.found.push(`answer ${status}: ${response.request().method()} ${response.url()}`);
  }
}
