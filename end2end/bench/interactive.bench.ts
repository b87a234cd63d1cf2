// How long a page takes from the navigation until it is interactive, and which requests it makes. Prints, and judges nothing.
import { type Browser, test } from "@playwright/test";

import { type Cookies } from "../support/api.js";
import { ADMIN, type Roster, startRoster } from "../support/server.js";
import { cookiesOf } from "../support/test.js";

const TURNS = 9;
const PAGES = { groups: "/apps/demo/chat/groups", accounts: "/apps/demo/chat/accounts", overview: "/apps/demo/chat/overview" };

/** Milliseconds to interactive, and the requested paths. */
async function turn(browser: Browser, roster: Roster, cookies: Cookies, path: string, warm: boolean) {
  const context = await browser.newContext();
  await context.addCookies(cookies);
  await context.addInitScript(() => {
    new MutationObserver(() => {
      if (document.documentElement?.hasAttribute("data-hydrated")) (window as { interactive?: number }).interactive ??= performance.now();
    }).observe(document, { attributes: true, childList: true, subtree: true });
  });
  const page = await context.newPage();
  const open = async () => {
    await page.goto(roster.url + path);
    const at = await page.waitForFunction(() => (window as { interactive?: number }).interactive);
    return (await at.jsonValue()) as number;
  };
  if (warm) await open();
  const asked: string[] = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  const time = await open();
  await context.close();
  return { time, asked };
}

const middle = (times: number[]) => times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? NaN;

test("from navigation to interactive", async ({ browser }) => {
  const roster = await startRoster();
  try {
    const cookies = await cookiesOf(roster, ADMIN.name, ADMIN.password);
    for (const [name, path] of Object.entries(PAGES)) {
      const cold: number[] = [];
      const warm: number[] = [];
      let asked: string[] = [];
      for (let n = 0; n < TURNS; n++) {
        const first = await turn(browser, roster, cookies, path, false);
        cold.push(first.time);
        asked = first.asked;
        warm.push((await turn(browser, roster, cookies, path, true)).time);
      }
      console.log(`${name}: interactive after ${middle(cold).toFixed(0)} ms with an empty cache, ${middle(warm).toFixed(0)} ms with a full one; asks for ${asked.map((path) => path.replace(/^.*\//, "")).join(", ")}`);
    }
  } finally {
    await roster.stop();
  }
});
