// Ticked rows where scripts run: over pages, by range, the whole page, and more than an address can name.
import { openList } from "../support/lists.js";
import { type Page, dialog, expect, expectDisabled, numbered, rows, signIn, status, test } from "../support/test.js";

test.beforeEach(async ({ page }) => signIn(page));

const box = (page: Page, name: string) => page.getByRole("checkbox", { name: `Select ${name}`, exact: true });
const wholePage = (page: Page) => page.getByRole("checkbox", { name: "Select all rows of this page" });
const next = (page: Page) => page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Next" });
const previous = (page: Page) => page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Previous" });

test("without a selection the batch buttons say what is missing", async ({ page, app }) => {
  await app.groups([{ name: "One" }]);
  await openList(page, app, "groups");
  for (const name of ["Send Messages", "Delete Groups"]) await expectDisabled(page.getByRole("button", { name }), "Select rows first.");
  await box(page, "One").check();
  for (const name of ["Send Messages", "Delete Groups"]) await expect(page.getByRole("button", { name })).toBeEnabled();
  await expect(page.getByText("1 selected")).toBeVisible();
  await page.getByRole("button", { name: "Clear", exact: true }).click();
  await expect(box(page, "One")).not.toBeChecked();
  await expectDisabled(page.getByRole("button", { name: "Delete Groups" }), "Select rows first.");
});

test("a selection survives paging, filters and dialogs", async ({ page, app }) => {
  await app.groups(numbered(25, (n) => ({ name: `Group ${n}` })));
  await openList(page, app, "groups");
  await box(page, "Group 25").check();
  await box(page, "Group 06").check();
  await next(page).click();
  await expect(rows(page)).toHaveCount(5);
  await expect(page.getByText("2 selected")).toBeVisible();
  await box(page, "Group 01").check();
  await previous(page).click();
  await expect(box(page, "Group 25")).toBeChecked();
  await expect(box(page, "Group 24")).not.toBeChecked();
  await expect(page.getByText("3 selected")).toBeVisible();

  await page.getByRole("button", { name: "Send Messages" }).click();
  const send = dialog(page, "Send Messages");
  await expect(send).toContainText("To 3 groups:");
  await send.getByRole("link", { name: "Cancel" }).click();
  await expect(page.getByText("3 selected")).toBeVisible();

  await page.getByRole("button", { name: "Delete Groups" }).click();
  await dialog(page, "Delete Groups").getByRole("button", { name: "Delete 3 groups" }).click();
  await expect(status(page)).toContainText("3 groups deleted.");
  await expect(page.getByText("22 results")).toBeVisible();
  await expect(page.getByText(/\d selected/)).toHaveCount(0);
});

test("the box in the header ticks the page, and shows when only some are", async ({ page, app }) => {
  await app.groups(numbered(21, (n) => ({ name: `Group ${n}` })));
  await openList(page, app, "groups");
  await wholePage(page).check();
  await expect(page.getByText("20 selected")).toBeVisible();
  await expect(box(page, "Group 02")).toBeChecked();
  await box(page, "Group 02").uncheck();
  await expect(page.getByText("19 selected")).toBeVisible();
  await expect(wholePage(page)).toBeChecked({ indeterminate: true });
  await box(page, "Group 02").check();
  await expect(wholePage(page)).toBeChecked();
  await wholePage(page).uncheck();
  await expect(page.getByText(/\d selected/)).toHaveCount(0);
});

test("Shift ticks and unticks a range", async ({ page, app }) => {
  await app.groups(numbered(10, (n) => ({ name: `Group ${n}` })));
  await openList(page, app, "groups");
  await box(page, "Group 08").click();
  await box(page, "Group 04").click({ modifiers: ["Shift"] });
  await expect(page.getByText("5 selected")).toBeVisible();
  for (const n of ["04", "05", "06", "07", "08"]) await expect(box(page, `Group ${n}`)).toBeChecked();
  await expect(box(page, "Group 03")).not.toBeChecked();
  await expect(box(page, "Group 09")).not.toBeChecked();
  await box(page, "Group 07").click();
  await box(page, "Group 06").click({ modifiers: ["Shift"] });
  await expect(page.getByText("3 selected")).toBeVisible();
});

test("a batch of more than an address can name", async ({ page, app }) => {
  await app.groups(numbered(65, (n) => ({ name: `Group ${n}` })));
  await openList(page, app, "groups?size=100");
  await wholePage(page).check();
  await expect(page.getByText("65 selected")).toBeVisible();
  await page.getByRole("button", { name: "Send Messages" }).click();
  const send = dialog(page, "Send Messages");
  await expect(send).toContainText("To 65 groups:");
  expect(page.url().length).toBeLessThan(2_000);
  await send.getByLabel("Message content").fill("to all of you");
  await send.getByRole("button", { name: "OK" }).click();
  await expect(status(page)).toContainText("Message sent to 65 groups.");

  await wholePage(page).check();
  await page.getByRole("button", { name: "Delete Groups" }).click();
  const remove = dialog(page, "Delete Groups");
  await remove.getByLabel("Type 65 to confirm").fill("65");
  await remove.getByRole("button", { name: "Delete 65 groups" }).click();
  await expect(status(page)).toContainText("65 groups deleted.");
  await expect(page.getByText("No groups yet.")).toBeVisible();
});

test("a dialog about a selection that a reload forgot says so", async ({ page, app }) => {
  await app.group({ name: "One" });
  await openList(page, app, "groups?dialog=delete");
  const remove = page.getByRole("dialog");
  await expect(remove).toContainText("Nothing is selected.");
  await remove.getByRole("link", { name: "Back to the list" }).click();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(rows(page)).toHaveCount(1);
});

test("the selection of one app is not another's", async ({ page, app }) => {
  await app.group({ name: "One" });
  await openList(page, app, "groups");
  await box(page, "One").check();
  const navigation = page.getByRole("navigation", { name: "Main navigation" });
  await navigation.getByRole("link", { name: "Account Management" }).click();
  await expect(page.getByText("No accounts yet.")).toBeVisible();
  await expect(page.getByText(/\d selected/)).toHaveCount(0);
});
