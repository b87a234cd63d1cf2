// What every spec imports: `test` with a server of its own, a watch for errors in the background, and helpers.
import { type BrowserContext, type Locator, type Page, test as base, expect } from "@playwright/test";

import { Api, App, type Cookies } from "./api.js";
import { violations } from "./axe.js";
import { Problems } from "./problems.js";
import { ADMIN, type Roster, startRoster } from "./server.js";

export { each, numbered } from "./api.js";
export * from "./locate.js";
export { ADMIN, Api, App, expect, startRoster };
export type { Cookies, Locator, Page, Roster };

export type Role = "owner" | "admin" | "viewer";

/** An operator of the test's own, already set up and signed in. */
export interface Operator {
  id: number;
  name: string;
  password: string;
  cookies: Cookies;
}

interface ForTest {
  /** Fails the test when something goes wrong in the background; `problems.expect(/_fn\/group\/create/, 422)` allows an answer. */
  problems: Problems;
  /** An empty app that only this test knows. */
  app: App;
  /** Makes an operator, so that a test may change or end the session. */
  operator: (role: Role) => Promise<Operator>;
}

interface ForWorker {
  /** The server of this worker, with the sample app and the owner `admin`. */
  roster: Roster;
  /** The cookies of a session of `admin`. */
  adminCookies: Cookies;
  /** Server functions, called as `admin`. */
  api: Api;
}

/** Nothing else in this worker has this word. */
let made = 0;
export function unique(word: string): string {
  made += 1;
  return `${word}-${test.info().workerIndex}-${made}`;
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

  api: [
    async ({ roster, adminCookies }, use) => {
      const api = await Api.of(roster.url, adminCookies);
      await use(api);
      await api.close();
    },
    { scope: "worker" },
  ],

  app: async ({ api }, use) => {
    await use(await newApp(api));
  },

  operator: async ({ roster, api }, use) => {
    await use((role) => newOperator(roster, api, role));
  },

  baseURL: async ({ roster }, use) => {
    await use(roster.url);
  },

  problems: [
    async ({ context, roster }, use) => {
      const problems = new Problems(hasJs());
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
  const api = await Api.of(roster.url);
  await api.call("session/sign-in", { name, password });
  const cookies = await api.cookies();
  await api.close();
  return cookies;
}

export async function newApp(api: Api, display = unique("App")): Promise<App> {
  const app = new App(api, unique("org"), "chat", display);
  await api.call("application/create", {
    "input[display_name]": display,
    "input[org_name]": app.org,
    "input[app_name]": app.name,
  });
  return app;
}

async function newOperator(roster: Roster, owner: Api, role: Role): Promise<Operator> {
  const [name, password] = [unique(role), "a few words in a row"];
  const { token } = await owner.call<{ token: string }>("operator/add", { name, role });
  const visitor = await Api.of(roster.url);
  await visitor.call("session/set-up", { token, password, repeat: password });
  const cookies = await visitor.cookies();
  await visitor.close();
  const all = await owner.call<{ id: number; name: string }[]>("operator/list");
  const id = all.find((one) => one.name === name)?.id ?? 0;
  return { id, name, password, cookies };
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
  expect(await violations(page), `accessibility of ${page.url()}`).toEqual([]);
}
