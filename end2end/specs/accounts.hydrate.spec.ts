// Account Management with scripts: a selection that outlives its page.
import { expectResults, headings, openList } from "../support/lists.js";
import { csv, download } from "../support/own.js";
import { dialog, expect, numbered, rows, signIn, status, test } from "../support/test.js";

test("sixty are selected over three pages, exported and deleted", async ({ page, app }) => {
  await signIn(page);
  const names = await app.accounts(numbered(61, (n) => ({ username: `user${n}` })));
  await openList(page, app, "accounts");
  const all = page.getByLabel("Select all rows of this page");
  for (const selected of [20, 40, 60]) {
    await all.check();
    await expect(page.getByText(`${selected} selected`)).toBeVisible();
    await page.getByRole("link", { name: "Next" }).click();
    await expect(all).not.toBeChecked();
  }
  await expect(rows(page)).toHaveCount(1);
  const [left] = await headings(page);
  await page.getByRole("link", { name: "Previous" }).click();
  await expect(all, "the selection is still there").toBeChecked();

  await page.getByRole("button", { name: "Batch Export" }).click();
  const ask = dialog(page, "Export accounts");
  await expect(ask).toContainText("60 selected accounts");
  await ask.getByRole("button", { name: "Export" }).click();
  await expect(dialog(page, "Export successful")).toContainText("60 accounts exported.");
  const records = csv((await download(page)).text.slice(1)).slice(1);
  expect(records.map((record) => record[0]).sort()).toEqual(names.filter((name) => name !== left).sort());
  await dialog(page, "Export successful").getByRole("link", { name: "Close" }).last().click();
  await expect(page.getByText("60 selected")).toBeVisible();

  await page.getByRole("button", { name: "Batch Delete" }).click();
  const remove = dialog(page, "Delete accounts");
  await expect(remove).toContainText("Delete 60 accounts");
  await remove.getByLabel("Type 60 to confirm").fill("60");
  await remove.getByRole("button", { name: "Delete 60 accounts" }).click();
  await expect(status(page)).toContainText("60 accounts deleted.");
  await openList(page, app, "accounts");
  await expectResults(page, 1);
  expect(await headings(page)).toEqual([left]);
});
