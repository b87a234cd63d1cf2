// An account's own page: its profile, its groups, what was done to it last.
import { openList } from "../support/lists.js";
import { sendForm } from "../support/own.js";
import { axe, dialog, each, expect, fact, numbered, open, ready, row, rows, signIn, status, test } from "../support/test.js";

test.beforeEach(async ({ page }) => signIn(page));

test("it shows the profile, the groups it is in and owns, and its latest events", async ({ page, app }) => {
  await app.accounts([{ username: "ada", nickname: "Ada Lovelace", type: "Admin" }, { username: "bob" }]);
  const owned = await app.group({ name: "Engines", owner: "ada" });
  const joined = await app.group({ name: "Lunch", owner: "bob", type: "Work" });
  await app.members(joined, ["ada"]);
  await openList(page, app, "accounts");
  await row(page, "ada").getByRole("link", { name: "ada", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Ada Lovelace" })).toBeVisible();
  await expect(page).toHaveTitle("Ada Lovelace · Roster");
  const profile = page.getByRole("region", { name: "Profile" });
  await expect(fact(profile, "Username")).toContainText("ada");
  await expect(fact(profile, "Account Type")).toHaveText("Admin");
  const groups = page.getByRole("region", { name: "Groups of this account" }).first();
  await expect(rows(groups)).toHaveCount(2);
  await expect(row(groups, "Lunch")).toContainText("Member");
  await expect(row(groups, "Engines")).toContainText("Owner");
  await expect(rows(page.getByRole("region", { name: "Groups it owns" }).first())).toHaveCount(1);
  await expect(page.getByRole("region", { name: "Latest events" }).getByRole("listitem")).toHaveText([/^Account created/]);
  await axe(page);
  await row(groups, "Engines").getByRole("link", { name: "Engines" }).click();
  await expect(page).toHaveURL(app.groupPath(owned));
  await fact(page.getByRole("main"), "Group Owner").getByRole("link").click();
  await expect(page.getByRole("heading", { level: 1, name: "Ada Lovelace" })).toBeVisible();
});

test("it is edited and deleted from its page", async ({ page, app }) => {
  await app.account({ username: "ada" });
  await open(page, app.path("accounts/ada"));
  await expect(page.getByText("It belongs to no group.")).toBeVisible();
  await expect(page.getByText("It owns no group.")).toBeVisible();
  await page.getByRole("link", { name: "Edit", exact: true }).click();
  const edit = dialog(page, /^Edit account/);
  await edit.getByLabel("Nickname").fill("Ada");
  await sendForm(page, edit.getByRole("button", { name: "Confirm" }));
  await expect(status(page)).toContainText("Account saved.");
  await expect(page.getByRole("heading", { level: 1, name: "Ada" })).toBeVisible();
  await expect(page).toHaveURL(app.path("accounts/ada"));
  await page.getByRole("link", { name: "Delete", exact: true }).click();
  const remove = dialog(page, "Delete accounts");
  await sendForm(page, remove.getByRole("button", { name: /^Delete/ }));
  await expect(status(page)).toContainText("1 account deleted.");
  await expect(page).toHaveURL(app.path("accounts"));
});

test("names with signs of their own have a page; others have none", async ({ page, app, problems }) => {
  problems.expect(/accounts\/nobody/, 404);
  for (const username of ["a%2Fb", "a/b?c#d&e", "+"]) {
    await app.account({ username, nickname: `about ${username}` });
    await open(page, app.path(`accounts/${encodeURIComponent(username)}`));
    await expect(page.getByRole("heading", { level: 1, name: `about ${username}` })).toBeVisible();
  }
  await open(page, app.path("accounts/nobody"));
  await expect(page.getByRole("alert")).toContainText(/no such account/i);
});

test("many groups come in pages, the two lists apart", async ({ page, app }) => {
  await app.accounts([{ username: "ada" }]);
  await each(numbered(25, (n) => n), (n) => app.group({ name: `Team ${n}`, owner: "ada", type: "Public" }));
  await open(page, app.path("accounts/ada"));
  const joined = page.getByRole("region", { name: "Groups of this account" }).first();
  const owned = page.getByRole("region", { name: "Groups it owns" }).first();
  await expect(rows(joined)).toHaveCount(20);
  await expect(rows(owned)).toHaveCount(20);
  await owned.getByRole("link", { name: "Next" }).click();
  await ready(page);
  await expect(rows(owned)).toHaveCount(5);
  await expect(rows(joined)).toHaveCount(20);
  await joined.getByRole("link", { name: "Next" }).click();
  await ready(page);
  await expect(rows(joined)).toHaveCount(5);
  await expect(rows(owned)).toHaveCount(5);
});
