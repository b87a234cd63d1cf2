// An operator's layout of the lists: columns, density, rows per page. Stored with the operator, for any browser.
import { openList } from "../support/lists.js";
import { type Operator, type Page, axe, dialog, expect, numbered, open, ready, rows, signInWith, test } from "../support/test.js";

function column(page: Page, name: string) {
  return page.getByRole("columnheader", { name, exact: true });
}

/** Opens the View dialog, makes the given changes, saves. */
async function arrange(page: Page, change: (view: ReturnType<typeof dialog>) => Promise<void>): Promise<void> {
  await page.getByRole("link", { name: "View", exact: true }).click();
  const view = dialog(page, "View");
  await change(view);
  await view.getByRole("button", { name: "Save" }).click();
  await expect(view).toBeHidden();
  await ready(page);
}

let me: Operator;

test.beforeEach(async ({ page, operator }) => {
  me = await operator("viewer");
  await signInWith(page, me.cookies);
});

test("columns, density and rows are remembered for the operator, and for nobody else", async ({ page, app, browser, baseURL, operator }) => {
  await app.accounts(numbered(25, (n) => ({ username: `user${n}` })));
  await openList(page, app, "accounts?q=user");
  await expect(rows(page)).toHaveCount(20);
  await arrange(page, async (view) => {
    for (const name of ["Nickname", "Type", "Profile Photo", "Created"]) await expect(view.getByLabel(name)).toBeChecked();
    await axe(page);
    await view.getByLabel("Profile Photo").uncheck();
    await view.getByLabel("Compact").check();
    await view.getByRole("radio", { name: "50" }).check();
  });
  await expect(page, "the list stays as it was filtered").toHaveURL(/accounts\?q=user$/);
  await expect(rows(page)).toHaveCount(25);
  await expect(column(page, "Profile Photo")).toBeHidden();
  await expect(column(page, "Type")).toBeVisible();
  await expect(page.getByRole("table")).toHaveClass(/compact/);
  await expect(page.getByRole("link", { name: "50 rows" })).toHaveAttribute("aria-current", "true");

  await test.step("other lists keep their columns, and share the density", async () => {
    await app.group({ name: "Lunch" });
    await openList(page, app, "groups");
    await expect(column(page, "Group Owner")).toBeVisible();
    await expect(page.getByRole("table")).toHaveClass(/compact/);
  });
  await test.step("another browser of the same operator has them too; another operator does not", async () => {
    for (const [cookies, hidden] of [
      [me.cookies, true],
      [(await operator("viewer")).cookies, false],
    ] as const) {
      const context = await browser.newContext({ baseURL, javaScriptEnabled: test.info().project.use.javaScriptEnabled });
      await context.addCookies(cookies);
      const other = await context.newPage();
      await open(other, app.path("accounts"));
      await expect(rows(other)).toHaveCount(hidden ? 25 : 20);
      await expect(column(other, "Profile Photo")).toBeVisible({ visible: !hidden });
      await context.close();
    }
  });
  await test.step("and back", async () => {
    await openList(page, app, "accounts");
    await arrange(page, async (view) => {
      await expect(view.getByLabel("Profile Photo")).not.toBeChecked();
      await expect(view.getByLabel("Compact")).toBeChecked();
      await expect(view.getByRole("radio", { name: "50" })).toBeChecked();
      await view.getByLabel("Profile Photo").check();
      await view.getByRole("radio", { name: "20" }).check();
    });
    await expect(column(page, "Profile Photo")).toBeVisible();
    await expect(rows(page)).toHaveCount(20);
  });
});

test("an address that says how many rows counts more than the habit", async ({ page, app }) => {
  await app.accounts(numbered(25, (n) => ({ username: `user${n}` })));
  await openList(page, app, "accounts");
  await arrange(page, (view) => view.getByRole("radio", { name: "100" }).check());
  await expect(rows(page)).toHaveCount(25);
  await page.getByRole("link", { name: "20 rows" }).click();
  await expect(page).toHaveURL(/size=20/);
  await expect(rows(page)).toHaveCount(20);
});

test("members and the audit log have columns of their own", async ({ page, app }) => {
  await app.accounts([{ username: "ada" }, { username: "bob" }]);
  const group = await app.group({ name: "Lunch", owner: "ada" });
  await app.members(group, ["bob"]);
  for (const [path, name, other] of [
    [app.groupPath(group, "members"), "Join Time", "Role"],
    [app.path("audit"), "Address", "Target"],
  ] as const) {
    await open(page, path);
    await arrange(page, (view) => view.getByLabel(name, { exact: true }).uncheck());
    await expect(column(page, name)).toBeHidden();
    await expect(column(page, other)).toBeVisible();
  }
});
