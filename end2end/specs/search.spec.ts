// The search over everything: the page, and the dialog that leads to it. What only scripts do is in palette.hydrate.spec.ts.
import { openList } from "../support/lists.js";
import { type App, type Page, axe, dialog, expect, hasJs, numbered, open, signIn, signInWith, test } from "../support/test.js";

test.beforeEach(async ({ page }) => signIn(page));

async function search(page: Page, app: App, term: string): Promise<void> {
  await open(page, app.path("search"));
  const box = page.getByRole("main").getByRole("searchbox");
  await box.fill(term);
  await box.press("Enter");
  await expect(page).toHaveURL(app.path(`search?q=${encodeURIComponent(term)}`));
}

test("groups, accounts and actions are found and opened", async ({ page, app }) => {
  await app.accounts([{ username: "lunch.bot", nickname: "Bot" }, { username: "ada", nickname: "Lunch lady" }, { username: "bob" }]);
  const group = await app.group({ name: "Lunch", owner: "bob" });
  await app.group({ name: "Dinner" });
  await search(page, app, "lunch");
  const main = page.getByRole("main");
  const groups = main.getByRole("list", { name: "Groups" });
  const accounts = main.getByRole("list", { name: "Accounts" });
  await expect(groups.getByRole("link")).toHaveText([/^Lunch/, "All matches in Group Management"]);
  await expect(accounts.getByRole("link")).toHaveCount(3);
  await axe(page);
  await groups.getByRole("link", { name: group }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Lunch" })).toBeVisible();
  await page.goBack();
  await accounts.getByRole("link", { name: "lunch.bot" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Bot" })).toBeVisible();
  await search(page, app, "audit");
  await main.getByRole("list", { name: "Actions" }).getByRole("link", { name: "Go to Audit Log" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Audit Log" })).toBeVisible();
});

test("short Chinese and Korean words are found, hostile ones do no harm, and nothing says so", async ({ page, app }) => {
  await app.group({ name: "产品讨论组" });
  await app.account({ username: "minji", nickname: "김민지" });
  for (const [term, found] of [
    ["讨论", "产品讨论组"],
    ["민지", "김민지"],
  ] as const) {
    await search(page, app, term);
    await expect(page.getByRole("main").getByRole("link", { name: found })).toBeVisible();
  }
  for (const term of [`"'%_\\`, "<b>x</b>", "zzzz"]) {
    await search(page, app, term);
    await expect(page.getByRole("main")).toContainText(`Nothing found for “${term}”.`);
  }
});

test("eight of each at most, and the way to all", async ({ page, app }) => {
  await app.accounts(numbered(12, (n) => ({ username: `user${n}` })));
  await search(page, app, "user");
  const accounts = page.getByRole("main").getByRole("list", { name: "Accounts" });
  await expect(accounts.getByRole("link")).toHaveCount(9);
  await accounts.getByRole("link", { name: "All matches in Account Management" }).click();
  await expect(page).toHaveURL(app.path("accounts?q=user"));
  await expect(page.getByText("12 results", { exact: true })).toBeVisible();
});

test("a viewer is offered nothing that changes things", async ({ page, app, operator }) => {
  await open(page, app.path("search?q=add"));
  const actions = page.getByRole("main").getByRole("list", { name: "Actions" });
  await expect(actions.getByRole("link", { name: "Add Group" })).toBeVisible();
  await signInWith(page, (await operator("viewer")).cookies);
  await open(page, app.path("search?q=add"));
  await expect(page.getByRole("main")).toContainText("Nothing found for “add”.");
});

test("the top bar's button opens the search over any page, and its form leads to the results", async ({ page, app }) => {
  await app.group({ name: "Lunch" });
  for (const rest of ["groups", "accounts", "audit", "jobs", "settings", "overview"]) {
    await openList(page, app, rest);
    await page.getByRole("banner").getByRole("link", { name: "Search" }).click();
    await expect(dialog(page, "Search")).toBeVisible();
  }
  const palette = dialog(page, "Search");
  await axe(page);
  await palette.getByLabel("Search groups, accounts and actions").fill("Lunch");
  if (hasJs()) {
    await expect(palette.getByRole("link", { name: "Lunch" })).toBeVisible();
    await palette.getByRole("link", { name: "Lunch" }).click();
  } else {
    await palette.getByLabel("Search groups, accounts and actions").press("Enter");
    await expect(page).toHaveURL(app.path("search?q=Lunch"));
    await page.getByRole("main").getByRole("link", { name: "Lunch" }).click();
  }
  await expect(page.getByRole("heading", { level: 1, name: "Lunch" })).toBeVisible();
});
