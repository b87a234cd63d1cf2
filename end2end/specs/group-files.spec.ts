// The files that a group shares: sent, listed, found, saved and deleted.
import { readFile } from "node:fs/promises";

import { find } from "../support/lists.js";
import { type Page, axe, dialog, expect, expectFieldError, open, ready, row, rows, signIn, status, test } from "../support/test.js";

test.beforeEach(async ({ page }) => signIn(page));

const TEN_MB = 10 * 1024 * 1024;

async function share(page: Page, name: string, content: string | Buffer): Promise<void> {
  await page.getByRole("link", { name: "Upload file" }).click();
  const upload = dialog(page, "Upload file");
  await upload.getByLabel("File").setInputFiles({ name, mimeType: "application/octet-stream", buffer: Buffer.from(content) });
  await upload.getByRole("button", { name: "Upload file" }).click();
  await ready(page);
}

test("a file is shared and comes back under its own name", async ({ page, app }) => {
  const id = await app.group({ name: "Lunch" });
  await open(page, app.groupPath(id, "files"));
  await expect(page.getByText("No files yet.")).toBeVisible();
  const name = "점심 “메뉴” 午餐.html";
  const content = "<script>window.pwned = 1</script>";
  await share(page, name, content);
  await expect(status(page)).toContainText("File shared.");
  await expect(page).toHaveURL(app.groupPath(id, "files"));
  await expect(row(page, name)).toContainText(`${content.length} B`);
  await expect(row(page, name)).toContainText("The server");
  await axe(page);
  const link = row(page, name).getByRole("link", { name, exact: true });
  const [file] = await Promise.all([page.waitForEvent("download"), link.click()]);
  expect(file.suggestedFilename()).toBe(name);
  expect(await readFile(await file.path(), "utf8")).toBe(content);
});

test("what is too large or missing is said in the dialog", async ({ page, app }) => {
  test.slow();
  const id = await app.group({ name: "Lunch" });
  await open(page, `${app.groupPath(id, "files")}?dialog=upload`);
  const upload = dialog(page, "Upload file");
  await axe(page);
  const file = upload.getByLabel("File");
  const send = upload.getByRole("button", { name: "Upload file" });
  await file.setInputFiles({ name: "more.bin", mimeType: "text/plain", buffer: Buffer.alloc(TEN_MB + 1) });
  await send.click();
  await ready(page);
  await expectFieldError(file, "A shared file may have at most 10 MB.");
  await axe(page);
  await file.setInputFiles({ name: "most.bin", mimeType: "text/plain", buffer: Buffer.alloc(TEN_MB) });
  await send.click();
  await ready(page);
  await expect(status(page)).toContainText("File shared.");
  await expect(row(page, "most.bin")).toBeVisible();
});

test("files are found by name, and deleted one by one and together", async ({ page, app }) => {
  const id = await app.group({ name: "Lunch" });
  await open(page, app.groupPath(id, "files"));
  for (const name of ["menu.txt", "plan.txt", "bill.txt"]) await share(page, name, name);
  await expect(rows(page)).toHaveCount(3);
  await expect(page.getByRole("rowheader").first()).toContainText("bill.txt");
  await find(page, "plan");
  await expect(rows(page)).toHaveCount(1);
  await find(page, "nothing");
  await expect(page.getByText("Nothing matches these filters.")).toBeVisible();
  await page.getByRole("link", { name: "Clear all" }).first().click();

  await test.step("one", async () => {
    await page.getByRole("link", { name: "Delete: plan.txt" }).click();
    const remove = dialog(page, "Delete files");
    await expect(remove).toContainText("Delete this file?");
    await expect(remove.getByRole("listitem")).toHaveText("plan.txt");
    await axe(page);
    await remove.getByRole("button", { name: "Delete file" }).click();
    await expect(status(page)).toContainText("1 file deleted.");
    await expect(row(page, "plan.txt")).toHaveCount(0);
  });

  await test.step("two", async () => {
    for (const name of ["menu.txt", "bill.txt"]) await page.getByRole("checkbox", { name: `Select ${name}` }).check();
    await page.getByRole("button", { name: "Delete files" }).click();
    const remove = dialog(page, "Delete files");
    await expect(remove).toContainText("Delete these 2 files?");
    await remove.getByRole("button", { name: "Delete 2 files" }).click();
    await expect(status(page)).toContainText("2 files deleted.");
    await expect(page.getByText("No files yet.")).toBeVisible();
  });
});

test("a file that is gone before it is deleted is told by its name", async ({ page, app }) => {
  const id = await app.group({ name: "Lunch" });
  await open(page, app.groupPath(id, "files"));
  for (const name of ["menu.txt", "plan.txt"]) await share(page, name, name);
  for (const name of ["menu.txt", "plan.txt"]) await page.getByRole("checkbox", { name: `Select ${name}` }).check();
  await page.getByRole("button", { name: "Delete files" }).click();
  await expect(dialog(page, "Delete files")).toContainText("Delete these 2 files?");
  type Files = { page: { items: { file_id: string; file_name: string }[] } };
  const files = await app.call<Files>("file/list", { group_id: id });
  const plan = files.page.items.find((file) => file.file_name === "plan.txt");
  await app.call("file/delete", { group_id: id, ids: [plan?.file_id ?? ""] });
  await dialog(page, "Delete files").getByRole("button", { name: "Delete 2 files" }).click();
  await expect(status(page)).toContainText("1 file deleted.");
  await expect(status(page).getByRole("listitem")).toHaveText(/^plan.txt — No longer there/);
});

test("a file that is gone says so", async ({ page, app, problems }) => {
  problems.expect(/files\//, 404);
  const id = await app.group({ name: "Lunch" });
  await page.goto(`${app.groupPath(id, "files")}/${"0".repeat(36)}`);
  await expect(page.getByRole("heading", { level: 1, name: "Page not found" })).toBeVisible();
});
