// Live refresh: a list says that what it shows has changed elsewhere, and reloads only on request. And its link to copy.
import { openList } from "../support/lists.js";
import { type Page, axe, dialog, expect, newApp, open, row, rows, signIn, status, test } from "../support/test.js";

test.beforeEach(async ({ page }) => signIn(page));

function notice(page: Page) {
  return page.getByRole("main").getByRole("button", { name: /Refresh$/ });
}

/** The page is notified of changes from here on. */
async function openLive(page: Page, path: string): Promise<void> {
  await Promise.all([page.waitForResponse((answer) => answer.url().includes("/changes?")), open(page, path)]);
}

test("a list tells of changes made elsewhere and shows them when asked", async ({ page, app }) => {
  await app.group({ name: "Lunch" });
  await openLive(page, app.path("groups"));
  await app.groups([{ name: "Dinner" }, { name: "Supper" }]);
  await expect(notice(page)).toHaveText(/^2 changes\s*·\s*Refresh$/);
  await app.group({ name: "Brunch" });
  await expect(notice(page)).toHaveText(/^3 changes/);
  await expect(rows(page), "nothing moves by itself").toHaveCount(1);
  await axe(page);
  await notice(page).click();
  await expect(rows(page)).toHaveCount(4);
  await expect(notice(page)).toBeHidden();
});

test("what a list does not show does not count", async ({ page, app, api }) => {
  await openLive(page, app.path("accounts"));
  await app.group({ name: "Lunch" });
  await (await newApp(api)).account({ username: "elsewhere" });
  await app.account({ username: "ada" });
  await expect(notice(page)).toHaveText(/^1 change\b/);
});

test("one's own changes show at once and are no news", async ({ page, app }) => {
  await app.group({ name: "Lunch" });
  await openLive(page, app.path("groups"));
  await page.getByRole("link", { name: "Add Group" }).click();
  await dialog(page, "Add Group").getByLabel("Group Name").fill("Dinner");
  await dialog(page, "Add Group").getByRole("button", { name: "OK" }).click();
  await expect(row(page, "Dinner")).toBeVisible();
  // The notification of another's change comes after its own would have.
  await app.group({ name: "Supper" });
  await expect(notice(page)).toHaveText(/^1 change\b/);
  await expect(status(page)).toContainText("added");
});

test("a group's page hears of its members, the audit log of everything", async ({ page, app }) => {
  await app.accounts([{ username: "ada" }, { username: "bob" }]);
  const [one = "", other = ""] = await app.groups([{ name: "One" }, { name: "Other" }]);
  await openLive(page, app.groupPath(one, "members"));
  await app.members(other, ["bob"]);
  await app.members(one, ["ada"]);
  await expect(notice(page)).toHaveText(/^1 change\b/);
  await notice(page).click();
  await expect(row(page, "ada")).toBeVisible();
  await openLive(page, app.path("audit"));
  await app.account({ username: "cy" });
  await expect(notice(page)).toBeVisible();
  await notice(page).click();
  await expect(rows(page).first()).toContainText("Account created");
});

test("what happened while the page came is told as well, and one line serves a page", async ({ page, app }) => {
  const lines: string[] = [];
  page.on("request", (request) => {
    if (request.url().includes("/changes?")) lines.push(request.url());
  });
  // The program loads late: by then the list has changed.
  await page.route("**/*.wasm", async (route) => {
    await app.account({ username: "ada" });
    await route.continue();
  });
  await openLive(page, app.path("accounts"));
  await expect(notice(page)).toHaveText(/^1 change\b/);
  expect(lines).toHaveLength(1);
  await page.getByRole("navigation", { name: "Main navigation" }).getByRole("link", { name: "Settings" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Settings" })).toBeVisible();
  expect(lines, "Settings shows nothing that changes").toHaveLength(1);
});

test("a list's link is copied as it is filtered, without its dialog", async ({ page, app, context, baseURL }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await app.group({ name: "Lunch", type: "Work" });
  await openList(page, app, "groups?type=Work&q=a%20%26%20b&sort=name");
  await page.getByRole("button", { name: "Copy link to this list" }).click();
  await expect(page.getByRole("button", { name: "Copied" })).toBeVisible();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(link).toBe(`${baseURL}${app.path("groups?type=Work&q=a%20%26%20b&sort=name")}`);
});
