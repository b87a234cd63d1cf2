// Lists in daily work: they stay intact in every window, and what is needed stays in sight.
import { Api, type App, type Page, each, expect, hasJs, numbered, open, ready, signIn, signInWith, test } from "../support/test.js";
import { expectHolds, focusIn } from "../support/tables.js";

const PHONE = { width: 390, height: 844 };

test.beforeEach(async ({ page }) => signIn(page));

/** Names as long as they may be. */
async function longNames(app: App): Promise<string> {
  const owner = `owner-${"w".repeat(26)}`;
  await app.account({ username: owner, nickname: `Nickname ${"wide ".repeat(15)}` });
  const members = await app.accounts(numbered(3, (n) => ({ username: `w${n}${"m".repeat(30)}`, nickname: `말이 긴 사람 ${n} ${"길다 ".repeat(12)}` })));
  await app.groups(numbered(4, (n) => ({ name: `Wide Wide Wide Wide Wide Wid${n}`, owner, type: "AVChatRoom" as const })));
  const group = await app.group({ name: "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWW", owner, type: "Public" });
  await app.members(group, members);
  await app.call("member/change", { group_id: group, work: "mute", ids: [members[0] ?? ""], duration: "1d" });
  return group;
}

/** The whole is hit where its middle is: nothing covers it. */
async function onTop(page: Page, selector: string): Promise<boolean> {
  return page.locator(selector).first().evaluate((element) => {
    const box = element.getBoundingClientRect();
    const hit = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    return !!hit && (element.contains(hit) || hit.contains(element));
  });
}

test("lists hold together at 1024, 1280 and 1440 px, with the longest names", { tag: "@js" }, async ({ page, app, roster, operator }) => {
  test.slow();
  const group = await longNames(app);
  const lists = [app.path("groups"), app.path("accounts"), app.groupPath(group, "members"), app.path("audit")];
  for (const path of lists) {
    await open(page, path);
    for (const width of [1440, 1280, 1024, 768]) {
      await page.setViewportSize({ width, height: 900 });
      await expectHolds(page, `${path} at ${width} px`);
    }
  }
  await test.step("whole texts stand in the title", async () => {
    await open(page, app.path("groups"));
    await expect(page.getByRole("link", { name: "W".repeat(30), exact: true })).toHaveAttribute("title", /^W{30}$/);
  });
  await test.step("in Korean and Chinese too", async () => {
    const { cookies } = await operator("owner");
    const session = await Api.of(roster.url, cookies);
    await signInWith(page, cookies);
    for (const language of ["ko", "zh"]) {
      await session.call("session/preferences", { language });
      for (const path of lists) {
        await open(page, path);
        for (const width of [1280, 1024]) {
          await page.setViewportSize({ width, height: 900 });
          await expectHolds(page, `${language} ${path} at ${width} px`);
        }
      }
    }
    await session.close();
  });
});

test("sixteen rows are seen at once", { tag: "@js" }, async ({ page, app }) => {
  await app.groups(numbered(20, (n) => ({ name: `Group ${n}` })));
  await open(page, app.path("groups"));
  const seen = await page.locator("main tbody tr").evaluateAll((rows) => rows.filter((row) => row.getBoundingClientRect().bottom <= innerHeight).length);
  expect(seen).toBeGreaterThanOrEqual(16);
});

test("header and batch bar stay in sight while anything is selected", async ({ page, app }) => {
  await app.account({ username: "ada", nickname: "Ada" });
  await app.groups(numbered(40, (n) => ({ name: `Group ${n}`, owner: "ada" })));
  await open(page, app.path("groups?size=50"));
  const toBottom = () => page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
  const header = page.getByRole("columnheader", { name: "Group Name" });
  const button = page.getByRole("button", { name: "Delete Groups" });

  await toBottom();
  await expect(header).toBeInViewport({ ratio: 1 });
  await page.getByRole("checkbox", { name: "Select Group 01" }).check();
  for (const width of [1440, 1024]) {
    await page.setViewportSize({ width, height: 800 });
    await toBottom();
    for (const part of [header, button, page.getByRole("button", { name: "Send Messages" })]) await expect(part).toBeInViewport({ ratio: 1 });
    if (hasJs()) await expect(page.getByText("1 selected")).toBeInViewport({ ratio: 1 });
    expect(await onTop(page, ".batch button[value=delete]"), "nothing lies over the bar").toBe(true);
    expect(await onTop(page, "thead .sort"), "nor over the header").toBe(true);
  }

  await test.step("people are seen in selected rows", async () => {
    const [row, avatar] = await page.locator("tr:has(input:checked)", { hasText: "Group 01" }).evaluate((row) => {
      const ground = (element: Element | null) => (element ? getComputedStyle(element).backgroundColor : "");
      return [ground(row), ground(row.querySelector(".avatar"))];
    });
    expect(avatar).not.toBe(row);
  });

  await test.step("on a phone at the bottom edge, and the last row above it", async () => {
    await page.setViewportSize(PHONE);
    await toBottom();
    await expect(button).toBeInViewport({ ratio: 1 });
    expect(await onTop(page, ".batch button[value=delete]")).toBe(true);
    const [bar, pager] = await page.evaluate(() => [
      document.querySelector(".batch")?.getBoundingClientRect().top ?? 0,
      document.querySelector("main .list")?.getBoundingClientRect().bottom ?? Infinity,
    ]);
    expect(pager).toBeLessThanOrEqual(bar);
  });
});

test("on a phone one sorts and ticks the page from the head of the list", async ({ page, app }) => {
  await app.groups(numbered(3, (n) => ({ name: `Group ${n}` })));
  await page.setViewportSize(PHONE);
  await open(page, app.path("groups"));
  const names = page.locator("tbody .row-title");
  await page.getByRole("link", { name: "Group Name", exact: true }).click();
  await expect(names).toHaveText(["Group 1", "Group 2", "Group 3"]);
  await ready(page);
  if (hasJs()) {
    await page.getByRole("checkbox", { name: "Select all rows of this page" }).check();
    await expect(page.getByText("3 selected")).toBeInViewport();
  }
});

for (const [name, size, selected] of [
  ["a list", { width: 1280, height: 800 }, false],
  ["a list with rows ticked", { width: 1280, height: 800 }, true],
  ["a list on a phone", PHONE, true],
] as const) {
  test(`Tab never leads below what stays in sight: ${name}`, { tag: "@js" }, async ({ page, app }) => {
    await app.account({ username: "ada" });
    await each(numbered(20, (n) => ({ name: `Group ${n}`, owner: "ada" })), (one) => app.group(one));
    await page.setViewportSize(size);
    await open(page, app.path("groups"));
    if (selected) await page.getByRole("checkbox", { name: "Select Group 05" }).check();
    // From the beginning, not from what was ticked.
    await page.evaluate(() => document.querySelector<HTMLElement>(".skip-link")?.focus());
    const hidden: string[] = [];
    for (const key of ["Tab", "Shift+Tab"]) {
      let stops = 0;
      for (; stops < 300; stops++) {
        await page.keyboard.press(key);
        const focus = await focusIn(page);
        if (!focus) break;
        if (!focus.seen || focus.small) hidden.push(`${key}: ${focus.what}`);
      }
      expect(stops, "through the whole list").toBeGreaterThan(100);
      expect(stops, "and out of it").toBeLessThan(300);
    }
    expect(hidden).toEqual([]);
  });
}

test("the menu of a phone is a column of whole lines", { tag: "@js" }, async ({ page, app }) => {
  await page.setViewportSize(PHONE);
  await open(page, app.path("groups"));
  await page.locator("summary[aria-label=Menu]").click();
  const links = await page.getByRole("navigation", { name: "Main navigation" }).getByRole("link").evaluateAll((links) =>
    links.map((link) => {
      const box = (selector: string) => link.querySelector(selector)?.getBoundingClientRect() ?? new DOMRect();
      const [all, icon, words] = [link.getBoundingClientRect(), box(".icon"), box("span")];
      return { height: all.height, icon: icon.left - all.left, gap: words.left - icon.right, words: words.height };
    }),
  );
  expect(links).toHaveLength(6);
  for (const link of links) {
    expect(link.height).toBeGreaterThanOrEqual(44);
    expect(link.words, "one line").toBeLessThan(26);
    expect([link.icon, link.gap]).toEqual([links[0]?.icon, links[0]?.gap]);
    expect(link.gap).toBeLessThan(20);
    expect(link.gap).toBeGreaterThan(4);
  }
});
