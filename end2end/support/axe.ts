// Whether a page is accessible, as far as a program can check.
import { AxeBuilder } from "@axe-core/playwright";
import { type Browser, type BrowserContext, type Page, test } from "@playwright/test";

const WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"];

/** What axe finds on the present page, one line each: all of WCAG 2.2 A and AA, or these rules. */
export async function violations(page: Page, rules?: string[]): Promise<string[]> {
  if (test.info().project.use.javaScriptEnabled === false) return withCopy(page, (copy) => analyse(copy, rules));
  return analyse(page, rules);
}

async function analyse(page: Page, rules?: string[]): Promise<string[]> {
  // The page has no frames, so axe needs no second page to put its findings together in.
  const axe = new AxeBuilder({ page }).setLegacyMode();
  const found = await (rules ? axe.withRules(rules) : axe.withTags(WCAG)).analyze();
  return found.violations.flatMap(({ id, help, nodes }) => nodes.map((node) => `${id}: ${help}: ${node.html} ${node.failureSummary ?? ""}`));
}

/** One for all copies, so that it has the style sheets already. */
const contexts = new WeakMap<Browser, Promise<BrowserContext>>();

/** axe is a script, so without JavaScript it looks at a copy of the page's markup, with the same styles, in a context that has it. */
async function withCopy<T>(page: Page, work: (copy: Page) => Promise<T>): Promise<T> {
  const browser = page.context().browser();
  if (!browser) throw new Error("the page has no browser");
  const context = contexts.get(browser) ?? browser.newContext({ javaScriptEnabled: true });
  contexts.set(browser, context);
  const html = (await page.content()).replace(/<script\b[\s\S]*?<\/script>/g, "").replace(/<\/?noscript>/g, "");
  const dark = await page.evaluate(() => matchMedia("(prefers-color-scheme: dark)").matches);
  const copy = await (await context).newPage();
  try {
    await copy.setViewportSize(page.viewportSize() ?? { width: 1440, height: 900 });
    await copy.emulateMedia({ colorScheme: dark ? "dark" : "light" });
    await copy.route(page.url(), (route) => route.fulfill({ contentType: "text/html; charset=utf-8", body: html }));
    await copy.goto(page.url());
    return await work(copy);
  } finally {
    await copy.close();
  }
}
