// Keyboard shortcuts: each one, never while typing, and the switch that turns them off.
import { openList } from "../support/lists.js";
import { type Page, axe, dialog, expect, menu, open, row, rows, signInWith, test } from "../support/test.js";

test.beforeEach(async ({ page, operator }) => signInWith(page, (await operator("owner")).cookies));

async function expectTitle(page: Page, name: string): Promise<void> {
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
}

test("g leads to the lists, / to the search, n to the new, ? to the help", async ({ page, app }) => {
  await app.group({ name: "Lunch" });
  await openList(page, app, "settings");
  for (const [key, title] of [
    ["o", "Overview"],
    ["a", "Account Management"],
    ["g", "Group Management"],
  ] as const) {
    await page.keyboard.press("g");
    await page.keyboard.press(key);
    await expectTitle(page, title);
  }
  await page.keyboard.press("/");
  await expect(page.getByRole("main").getByRole("searchbox")).toBeFocused();
  await expect(page.getByRole("main").getByRole("searchbox")).toHaveValue("");
  await page.getByRole("main").focus();
  await page.keyboard.press("n");
  await expect(dialog(page, "Add Group")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(dialog(page, "Add Group")).toBeHidden();
  await page.keyboard.press("?");
  await expect(dialog(page, "Keyboard shortcuts")).toBeVisible();
  await axe(page);
  await page.keyboard.press("Escape");
  await expect(dialog(page, "Keyboard shortcuts")).toBeHidden();
});

test("j and k walk the rows, x ticks one, Enter opens it", async ({ page, app }) => {
  const ids = await app.groups([{ name: "One" }, { name: "Two" }, { name: "Three" }]);
  await openList(page, app, "groups");
  const title = (name: string) => row(page, name).getByRole("link", { name, exact: true });
  await page.keyboard.press("j");
  await expect(title("Three")).toBeFocused();
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await expect(title("One")).toBeFocused();
  await page.keyboard.press("j");
  await expect(title("One"), "the last row is the last").toBeFocused();
  await page.keyboard.press("k");
  await expect(title("Two")).toBeFocused();
  await page.keyboard.press("x");
  await expect(page.getByLabel("Select Two")).toBeChecked();
  await expect(page.getByText("1 selected")).toBeVisible();
  await page.keyboard.press("x");
  await expect(page.getByLabel("Select Two")).not.toBeChecked();
  await page.keyboard.press("k");
  await page.keyboard.press("x");
  await expect(page.getByLabel("Select Three")).toBeChecked();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(app.groupPath(ids[2] ?? ""));
});

test("never while typing, never in a dialog, never with another key held", async ({ page, app }) => {
  await app.account({ username: "ada" });
  await openList(page, app, "accounts");
  const box = page.getByRole("main").getByRole("searchbox");
  await box.focus();
  await page.keyboard.type("gnjx?/");
  await expect(box).toHaveValue("gnjx?/");
  await expectTitle(page, "Account Management");
  await page.getByLabel("Account Type").focus();
  await page.keyboard.press("n");
  await expect(page.getByRole("dialog")).toBeHidden();
  await page.getByRole("main").focus();
  await page.keyboard.press("Alt+n");
  await page.keyboard.press("Control+j");
  await expect(page.getByRole("main")).toBeFocused();
  await page.keyboard.press("n");
  await expect(dialog(page, "Create account")).toBeVisible();
  await page.getByRole("link", { name: "Cancel" }).focus();
  await page.keyboard.press("g");
  await page.keyboard.press("g");
  await page.keyboard.press("Control+k");
  await expect(dialog(page, "Create account")).toBeVisible();
  await expect(dialog(page, "Search")).toBeHidden();
});

test("they can be turned off for good; Ctrl K stays", async ({ page, app }) => {
  await openList(page, app, "groups");
  await (await menu(page, /^Signed in as/)).getByRole("link", { name: "Keyboard shortcuts" }).click();
  const keys = dialog(page, "Keyboard shortcuts");
  await keys.getByRole("button", { name: "Turn off" }).click();
  await expect(keys).toContainText("Single-key shortcuts are off.");
  await page.keyboard.press("Escape");
  await expect(keys).toBeHidden();
  const nothing = async () => {
    for (const key of ["n", "/", "j", "?"]) await page.keyboard.press(key);
    await page.keyboard.press("g");
    await page.keyboard.press("a");
    await page.keyboard.press("Control+k");
    await expect(dialog(page, "Search")).toBeVisible();
    await expect(page).toHaveURL(app.path("groups?dialog=search"));
    await page.keyboard.press("Escape");
  };
  await nothing();
  await open(page, app.path("groups"));
  await nothing();
  await open(page, app.path("groups?dialog=keys"));
  await keys.getByRole("button", { name: "Turn on" }).click();
  await expect(keys).toContainText("Single-key shortcuts are on.");
  await page.keyboard.press("Escape");
  await page.keyboard.press("n");
  await expect(dialog(page, "Add Group")).toBeVisible();
});

test("n does nothing for those who may not", async ({ page, app, operator }) => {
  await signInWith(page, (await operator("viewer")).cookies);
  await app.group({ name: "Lunch" });
  await openList(page, app, "groups");
  await page.keyboard.press("n");
  await page.keyboard.press("j");
  await expect(row(page, "Lunch").getByRole("link", { name: "Lunch", exact: true })).toBeFocused();
  await expect(page.getByRole("dialog")).toBeHidden();
  await expect(rows(page)).toHaveCount(1);
});
