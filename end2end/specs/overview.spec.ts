// The overview of an app: it counts what was just done, says it in a table too, and leads on.
import { speak } from "../support/own.js";
import { axe, expect, fact, hasJs, open, signIn, test } from "../support/test.js";

test.beforeEach(async ({ page }) => signIn(page));

test("what was just done is counted, in the charts' tables too", async ({ page, app }) => {
  await open(page, app.path("overview"));
  await expect(fact(page, "Groups")).toHaveText("0");
  await expect(page.getByText("No group has members yet.")).toBeVisible();

  await app.accounts([{ username: "ada" }, { username: "bob" }, { username: "root", type: "Admin" }]);
  const lunch = await app.group({ name: "Lunch", owner: "ada" });
  const gone = await app.group({ name: "Gone" });
  await app.members(lunch, ["bob"]);
  await app.message([lunch, gone], "Hello");
  await app.call("group/delete", { ids: [gone], confirm: "1" });
  await open(page, app.path("overview"));

  await expect(fact(page, "Accounts")).toHaveText("3");
  await expect(fact(page, "Groups")).toHaveText("1");
  await expect(fact(page, "Members")).toHaveText("2");
  await expect(fact(page, "Messages")).toHaveText("1");
  await expect(page.getByText("2 sent today")).toBeVisible();
  await expect(page.getByRole("meter", { name: "1 of 10 admin accounts" })).toHaveAttribute("value", "1");
  await expect(page.getByRole("meter", { name: "1 of 10,000 net new groups today" })).toHaveAttribute("value", "1");

  const chart = page.getByRole("region", { name: "New and deleted groups", exact: true }).first();
  const picture = chart.getByRole("img", { name: "New and deleted groups" });
  await expect(picture).toHaveAccessibleDescription(/days in UTC.*New: 2 in 30 days.*Deleted: 1 in 30 days/);
  const table = chart.getByRole("table");
  await expect(table).toBeHidden();
  await chart.getByText("Show as table").click();
  await expect(table).toBeVisible();
  const cells = (row: number) => table.getByRole("row").nth(row).getByRole("cell").allInnerTexts();
  await expect(table.getByRole("row")).toHaveCount(32);
  expect(await cells(1)).toEqual(["2", "1"]);
  expect(await cells(31)).toEqual(["2", "1"]);
});

test("groups and events lead to their pages", async ({ page, app }) => {
  await app.account({ username: "ada" });
  const lunch = await app.group({ name: "Lunch", owner: "ada" });
  await open(page, `/apps/${app.org}/chat`);
  await expect(page).toHaveURL(app.path("overview"));
  await page.getByRole("region", { name: "Largest groups" }).getByRole("link", { name: "Lunch" }).click();
  await expect(page).toHaveURL(app.groupPath(lunch));

  await open(page, app.path("overview"));
  const events = page.getByRole("region", { name: "Latest events" }).first();
  await events.getByRole("link", { name: /^Group added/ }).click();
  await expect(page).toHaveURL(/\/audit\?event=\d+$/);
  await expect(page.getByRole("dialog", { name: "Event" })).toContainText("Lunch");
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`nothing keeps anybody from reading it, ${colorScheme}`, { tag: "@js" }, async ({ page, app }) => {
    await page.emulateMedia({ colorScheme });
    await app.account({ username: "ada" });
    await app.group({ name: "Lunch", owner: "ada" });
    await open(page, app.path("overview"));
    for (const summary of await page.getByText("Show as table").all()) await summary.click();
    await axe(page);
  });
}

test("it speaks Korean", async ({ page, app, api }) => {
  await speak(api, "ko");
  try {
    await open(page, app.path("overview"));
    await expect(page.getByRole("heading", { level: 1, name: "개요" })).toBeVisible();
    await expect(page.getByRole("img", { name: "추가 및 해산된 그룹" })).toBeVisible();
    if (hasJs()) await expect(page.locator("html")).toHaveAttribute("lang", "ko");
  } finally {
    await speak(api, "en");
  }
});
