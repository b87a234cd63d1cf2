// The command palette: Ctrl K or ⌘ K, typing, arrows, Enter.
import { openList } from "../support/lists.js";
import { type Page, dialog, expect, open, signIn, test } from "../support/test.js";

test.beforeEach(async ({ page }) => signIn(page));

function palette(page: Page) {
  return dialog(page, "Search");
}

test("it opens over any page by key, finds as one types, and Enter opens the first", async ({ page, app }) => {
  const ids = await app.groups([{ name: "Lunch" }, { name: "Lunch again" }]);
  await app.account({ username: "lunchbox" });
  await openList(page, app, "accounts?q=x");
  await page.getByRole("searchbox").focus();
  await page.keyboard.press("Control+k");
  const field = palette(page).getByLabel("Search groups, accounts and actions");
  await expect(field).toBeFocused();
  await expect(palette(page).getByRole("list", { name: "Actions" }).getByRole("link").first()).toHaveText("Add Group");
  await page.keyboard.type("lunch");
  await expect(palette(page).getByRole("status")).toHaveText("3 suggestions");
  await expect(palette(page).getByRole("list", { name: "Accounts" }).getByRole("link", { name: "lunchbox" })).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(app.groupPath(ids[0] ?? ""));
  await expect(page.getByRole("main")).toBeFocused();
  await expect(palette(page)).toBeHidden();
});

test("arrows walk through what was found, and typing goes on in the field", async ({ page, app }) => {
  const ids = await app.groups([{ name: "Lunch a" }, { name: "Lunch b" }]);
  await openList(page, app, "groups");
  await page.keyboard.press("Meta+k");
  const field = palette(page).getByLabel("Search groups, accounts and actions");
  await expect(field).toBeFocused();
  await page.keyboard.type("lunc");
  const hits = palette(page).getByRole("list", { name: "Groups" }).getByRole("link");
  await expect(hits).toHaveCount(3);
  await page.keyboard.press("ArrowDown");
  await expect(hits.nth(0)).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await expect(hits.nth(1)).toBeFocused();
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("ArrowUp");
  await expect(field).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.type("h");
  await expect(field).toBeFocused();
  await expect(field).toHaveValue("lunch");
  await expect(hits).toHaveCount(3);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(app.groupPath(ids[1] ?? ""));
});

test("Esc shuts it whatever was typed, and the focus is back where it was", async ({ page, app }) => {
  await openList(page, app, "groups?type=Work");
  const button = page.getByRole("banner").getByRole("link", { name: "Search" });
  await button.focus();
  await page.keyboard.press("Enter");
  await expect(palette(page)).toBeVisible();
  await page.keyboard.type("something");
  await page.keyboard.press("Escape");
  await expect(palette(page)).toBeHidden();
  await expect(button).toBeFocused();
  await expect(page).toHaveURL(app.path("groups?type=Work"));
});

test("where nothing is found, Enter leads to the search page, which says so", async ({ page, app }) => {
  await openList(page, app, "groups");
  await page.keyboard.press("Control+k");
  await page.keyboard.type("zzzz");
  await expect(palette(page).getByRole("status")).toHaveText("Nothing found for “zzzz”.");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(app.path("search?q=zzzz"));
  await expect(page.getByRole("main")).toContainText("Nothing found for “zzzz”.");
});

test("outside of an app it knows the actions alone", async ({ page }) => {
  await open(page, "/");
  await page.keyboard.press("Control+k");
  await page.keyboard.type("oper");
  await expect(palette(page).getByRole("link", { name: "Go to Operators" })).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL("/operators");
});
