// Everything that matches, and jobs: what they are about, how far they are, how they end.
import { openList } from "../support/lists.js";
import { type App, type Page, axe, dialog, each, expect, hasJs, numbered, open, rows, signIn, status, test } from "../support/test.js";

test.beforeEach(async ({ page }) => signIn(page));

/** Returns the ids. */
const many = (app: App, count: number) => each(numbered(count, (n) => ({ name: `Group ${n}` })), (group) => app.group(group));

/** With scripts the page follows the job automatically. */
async function untilFinished(page: Page): Promise<void> {
  await expect(async () => {
    if (!hasJs()) await page.reload();
    await expect(page.getByText("Finished.")).toBeVisible({ timeout: 500 });
  }).toPass();
}

const axeWhereItRuns = async (page: Page) => {
  if (hasJs()) await axe(page);
};

test("everything that matches is deleted, and nothing else", async ({ page, app }) => {
  await app.groups([...numbered(23, (n) => ({ name: `Tea ${n}` })), { name: "Coffee" }]);
  await openList(page, app, "groups?q=Tea");
  if (hasJs()) await page.getByRole("checkbox", { name: "Select all rows of this page" }).check();
  await page.getByRole("link", { name: "Select all 23 that match" }).click();
  await expect(page.getByText("All 23 that match are selected.")).toBeVisible();
  if (hasJs()) {
    await page.getByRole("checkbox", { name: "Select Tea 23", exact: true }).uncheck();
    await expect(page.getByText("All 23 that match are selected, except 1.")).toBeVisible();
    await expect(page.getByText("22 selected")).toBeVisible();
  }
  const left = hasJs() ? 1 : 0;
  await page.getByRole("button", { name: "Delete Groups" }).click();
  const remove = dialog(page, "Delete Groups");
  const count = 23 - left;
  await expect(remove).toContainText(`Delete ${count} groups`);
  await remove.getByLabel(`Type ${count} to confirm`).fill(String(count));
  await remove.getByRole("button", { name: `Delete ${count} groups` }).click();
  await expect(status(page)).toContainText(`${count} groups deleted.`);
  await expect(page.getByText(/that match are selected/)).toHaveCount(0);
  await openList(page, app, "groups");
  await expect(rows(page)).toHaveCount(1 + left);
  await expect(page.getByText("Coffee")).toBeVisible();
});

test("clearing drops everything, and a row's own action is about that row alone", async ({ page, app }) => {
  await app.groups(numbered(21, (n) => ({ name: `Group ${n}` })));
  await openList(page, app, "groups?all=1");
  await expect(page.getByText("All 21 that match are selected.")).toBeVisible();
  await page.getByRole("link", { name: "Delete: Group 21" }).click();
  await expect(dialog(page, "Delete group")).toContainText("Group 21");
  await dialog(page, "Delete group").getByRole("button", { name: "Delete group" }).click();
  await expect(status(page)).toContainText("1 group deleted.");
  await openList(page, app, "groups?all=1");
  await expect(page.getByText("All 20 that match are selected.")).toBeVisible();
  if (hasJs()) {
    await page.getByRole("link", { name: "Clear", exact: true }).click();
    await expect(page.getByText(/that match are selected/)).toHaveCount(0);
  }
});

test("more than 500 items are a job that can be watched and found again", async ({ page, app }) => {
  await many(app, 501);
  await openList(page, app, "groups?all=1");
  await page.getByRole("button", { name: "Send Messages" }).click();
  const send = dialog(page, "Send Messages");
  await expect(send).toContainText("To 501 groups:");
  await expect(send).toContainText("This runs as a job");
  await send.getByLabel("Message content").fill("to everybody");
  await send.getByRole("button", { name: "OK" }).click();

  await expect(page.getByRole("heading", { name: "Send a message to 501 groups" })).toBeVisible();
  await untilFinished(page);
  await expect(page.getByText("501 of 501")).toBeVisible();
  await axeWhereItRuns(page);

  await page.getByRole("link", { name: "Jobs" }).first().click();
  await expect(rows(page)).toHaveCount(1);
  await expect(rows(page)).toContainText("Done 501");
  await axeWhereItRuns(page);
  await page.getByRole("link", { name: "Send a message to 501 groups" }).click();
  await expect(page.getByText("Finished.")).toBeVisible();
});

test("what a job could not do is listed and can be downloaded", async ({ page, app }) => {
  // Groups that never existed are reported like those that were deleted.
  const ids = numbered(501, (n) => `group-${n}`);
  await app.group({ name: "There", group_id: ids[0] ?? "" });
  const { job } = await app.call<{ job: number }>("message/send", { ids, text: "hello" });
  await open(page, app.path(`jobs/${job}`));
  await untilFinished(page);
  await expect(page.getByRole("row").filter({ hasText: ids[7] })).toContainText("No longer there.");
  const waiting = page.waitForEvent("download");
  await page.getByRole("link", { name: "Download all as CSV" }).click();
  const file = await waiting;
  expect(file.suggestedFilename()).toBe(`message-send-${job}-refused.csv`);
});

test("an app without jobs says so", async ({ page, app }) => {
  await open(page, app.path("jobs"));
  await expect(page.getByText("No jobs yet")).toBeVisible();
  await axeWhereItRuns(page);
});
