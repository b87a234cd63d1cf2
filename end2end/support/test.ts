// What every spec imports: `test` with a server of its own, a watch on everything that goes wrong in the background, and helpers.
import AxeBuilder from "@axe-core/playwright";
import { type BrowserContext, type Page, test as base, expect, request } from "@playwright/test";

import { Problems } from "./problems.js";
import { ADMIN, type Roster, startRoster } from "./server.js";

export { ADMIN, expect, startRoster };
export type { Page, Roster };

type Cookies = Awaited<ReturnType<BrowserContext["cookies"]>>;

interface ForTest {
  /** Fails the test when something goes wrong in the background; `problems.expect(/_fn\/group\/create/, 422)` allows an answer. */
  problems: Problems;
}

interface ForWorker {
  /** The server of this worker, with the sample app and the owner `admin`. */
  roster: Roster;
  /** The cookies of a session of `admin`. */
  adminCookies: Cookies;
}

export const test = base.extend<ForTest, ForWorker>({
  roster: [
    async ({}, use) => {
      const roster = await startRoster();
      await use(roster);
      await roster.stop();
    },
    { scope: "worker" },
  ],

  adminCookies: [
    async ({ roster }, use) => {
      await use(await cookiesOf(roster, ADMIN.name, ADMIN.password));
    },
    { scope: "worker" },
  ],

  baseURL: async ({ roster }, use) => {
    await use(roster.url);
  },

  problems: [
    async ({ context, roster }, use) => {
      const problems = new Problems();
      await problems.watch(context, roster.url);
      await use(problems);
      expect(problems.list(), "nothing may go wrong in the background").toEqual([]);
    },
    { auto: true },
  ],

  // So that `signIn(page)` needs nothing but the page.
  page: async ({ page, adminCookies }, use) => {
    sessions.set(page.context(), adminCookies);
    await use(page);
  },
});

const sessions = new WeakMap<BrowserContext, Cookies>();

/** Signs in over HTTP and returns the cookies of the session. */
export async function cookiesOf(roster: Roster, name: string, password: string): Promise<Cookies> {
  const http = await request.newContext({ baseURL: roster.url, extraHTTPHeaders: { "Sec-Fetch-Site": "same-origin" } });
  const answer = await http.post("/_fn/session/sign-in", { form: { name, password }, headers: { Accept: "application/json" } });
  if (!answer.ok()) throw new Error(`signing in as ${name} failed: ${answer.status()} ${await answer.text()}`);
  const { cookies } = await http.storageState();
  await http.dispose();
  return cookies;
}

/** Makes the page's browser signed in as the owner `admin`, without going through the sign-in page. */
export async function signIn(page: Page): Promise<void> {
  const cookies = sessions.get(page.context());
  if (!cookies) throw new Error("signIn needs the page of the fixture");
  await page.context().addCookies(cookies);
}

/** Makes the page's browser signed in with these cookies (see `cookiesOf`). */
export async function signInWith(page: Page, cookies: Cookies): Promise<void> {
  await page.context().clearCookies();
  await page.context().addCookies(cookies);
}

/** Whether this run has JavaScript. */
export function hasJs(): boolean {
  return test.info().project.use.javaScriptEnabled !== false;
}

/** Waits until the page is loaded and, with JavaScript, interactive. Before that, clicks would get the answers for no JavaScript. */
export async function ready(page: Page): Promise<void> {
  await page.waitForLoadState("load");
  if (hasJs()) await page.locator("html[data-hydrated]").waitFor({ state: "attached" });
}

/** Opens a path and waits until it is ready. */
export async function open(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await ready(page);
}

/** No violation of WCAG 2.2 A and AA on the page as it is now. */
export async function axe(page: Page): Promise<void> {
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"];
  const { violations } = await new AxeBuilder({ page }).withTags(tags).analyze();
  const lines = violations.flatMap(({ id, help, nodes }) => nodes.map((node) => `${id}: ${help}: ${node.html} ${node.failureSummary}`));
  expect(lines, `accessibility of ${page.url()}`).toEqual([]);
}
