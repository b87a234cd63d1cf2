// Imports: a file is chosen, previewed before anything is written, imported by a job; refused rows are returned.
import { readFile } from "node:fs/promises";

import { violations } from "../support/axe.js";
import { openList } from "../support/lists.js";
import { csv } from "../support/own.js";
import { type App, type Page, axe, expect, hasJs, open, ready, signIn, signInWith, status, test } from "../support/test.js";
import { expectHolds } from "../support/tables.js";

test.beforeEach(async ({ page }) => signIn(page));

const NARROW = { width: 390, height: 844 };
const WIDE = { width: 1440, height: 900 };

/** Both widths, both themes; nothing scrolls sideways. */
async function accessible(page: Page): Promise<void> {
  await axe(page);
  if (!hasJs()) return;
  await page.emulateMedia({ colorScheme: "dark" });
  expect(await violations(page, ["color-contrast"]), "dark").toEqual([]);
  await page.setViewportSize(NARROW);
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(wider, "scrolls sideways").toBeLessThanOrEqual(1);
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize(WIDE);
}

async function choose(page: Page, name: string, text: string | Buffer): Promise<void> {
  await page.getByLabel("File", { exact: true }).setInputFiles({ name, mimeType: "text/csv", buffer: Buffer.from(text) });
  await page.getByRole("button", { name: "Upload and preview" }).click();
  await ready(page);
}

/** The number next to a label in the list of what the file would do, or did. */
async function fact(page: Page, word: string): Promise<string> {
  return page.getByRole("main").locator("dl.facts > div").filter({ has: page.getByText(word, { exact: true }) }).locator("dd").innerText();
}

async function untilFinished(page: Page): Promise<void> {
  await expect(async () => {
    if (!hasJs()) await page.reload();
    await expect(page.getByText("Finished.")).toBeVisible({ timeout: 500 });
  }).toPass();
}

async function download(page: Page, link: string): Promise<{ name: string; text: string }> {
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: link }).click()]);
  return { name: file.suggestedFilename(), text: await readFile(await file.path(), "utf8") };
}

const accounts = async (app: App) =>
  app.call<{ items: { username: string; nickname: string }[] }>("account/list").then((page) => page.items.map((row) => `${row.username} ${row.nickname}`));

test("accounts, with refused rows that are fixed and sent again", async ({ page, app, problems }) => {
  test.slow();
  await app.accounts([{ username: "ada", nickname: "Ada" }]);
  await openList(page, app, "accounts");
  await page.getByRole("link", { name: "Import", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Import accounts" })).toBeVisible();
  await ready(page);
  await accessible(page);
  expect((await download(page, "CSV: Download a template")).text).toMatch(/^\uFEFFUsername,Account Type,Nickname,/);

  await choose(page, "people.csv", 'Username,昵称,Phone\r\nada,Countess,1\r\nbob,"=1+1, ""x""",2\r\nb d,,3\r\nbob,again,4\r\n');
  await expect(page.getByText("people.csv")).toBeVisible();
  expect([await fact(page, "New"), await fact(page, "Changed"), await fact(page, "Refused")]).toEqual(["1", "1", "2"]);
  await expect(page.getByRole("region", { name: "Changed", exact: true }).first()).toContainText("Countess");
  await expect(page.getByRole("region", { name: "Refused", exact: true }).first()).toContainText("The same stands in row 3 already.");
  await expect(page.getByRole("region", { name: "Columns", exact: true }).first()).toContainText("Ignored: unknown title");
  await accessible(page);
  expect(await accounts(app), "nothing is written yet").toEqual(["ada Ada"]);

  problems.expect(/import\/start/, 422);
  await page.getByLabel("Stop", { exact: true }).check();
  await page.getByRole("button", { name: "Import accounts" }).click();
  await expect(page.getByText("1 row exists with other values, so nothing was imported.")).toBeVisible();
  await ready(page);
  await page.getByLabel("Update", { exact: true }).check();
  await page.getByRole("button", { name: "Import accounts" }).click();
  await untilFinished(page);
  expect([await fact(page, "New"), await fact(page, "Updated"), await fact(page, "Refused")]).toEqual(["1", "1", "2"]);
  expect((await accounts(app)).sort()).toEqual(["ada Countess", 'bob =1+1, "x"']);
  await accessible(page);

  const refused = await download(page, "Download refused rows");
  expect(refused.name).toBe("people-refused.csv");
  const [titles, ...rows] = csv(refused.text.replace(/^\uFEFF/, ""));
  expect(titles).toEqual(["Reason", "Username", "昵称", "Phone"]);
  expect(rows.map((row) => row.slice(1))).toEqual([["b d", "", "3"], ["bob", "again", "4"]]);
  await open(page, app.path("import/accounts"));
  await choose(page, refused.name, refused.text.replace("b d", "bd").replace(",bob,", ",bob2,"));
  expect([await fact(page, "New"), await fact(page, "Refused")]).toEqual(["2", "0"]);
  await page.getByRole("button", { name: "Import accounts" }).click();
  await untilFinished(page);
  await expect(page.getByRole("link", { name: "Download refused rows" })).toHaveCount(0);
  expect(await accounts(app)).toHaveLength(4);
});

test("choices are written as the console shows them, and what would be right is named", async ({ page, app }) => {
  test.slow();
  await open(page, app.path("import/accounts"));
  await choose(page, "people.csv", "Username,Gender,Account Type\r\nada,Female,普通\r\nbob,남성,\r\neve,Femal,General\r\n");
  expect([await fact(page, "New"), await fact(page, "Refused")]).toEqual(["2", "1"]);
  const wrong = "“Femal” is not known. Use Not set (Gender_Type_Unknown), Female (Gender_Type_Female) or Male (Gender_Type_Male).";
  await expect(page.getByRole("region", { name: "Refused", exact: true }).first()).toContainText(`Gender: ${wrong}`);
  const taken = page.getByRole("region", { name: "Columns", exact: true }).first();
  await expect(taken).toContainText("普通 → General");
  await expect(taken).toContainText("남성 → Male");
  await expect(taken).not.toContainText("Female → Female");
  await expect(page.getByRole("region", { name: "New", exact: true }).first()).toContainText("Female");
  await accessible(page);
  await page.getByRole("button", { name: "Import accounts" }).click();
  await untilFinished(page);
  await expect(page.getByRole("main")).toContainText(wrong);
  await accessible(page);
  const refused = csv((await download(page, "Download refused rows")).text.replace(/^\uFEFF/, ""));
  expect(refused[1]).toEqual([`Gender: ${wrong}`, "eve", "Femal", "General"]);
});

test("what cannot be imported is said on the form, and a preview can be discarded", async ({ page, app, problems }) => {
  await open(page, app.path("import/groups"));
  await choose(page, "groups.csv", "a,b\n1,2\n");
  await expect(page.getByText("None of the titles is known. The first row must hold the titles.")).toBeVisible();
  await accessible(page);
  await choose(page, "groups.xlsx", "PK\u0003\u0004 cut off");
  await expect(page.getByText("The workbook is damaged or was cut off.")).toBeVisible();
  await choose(page, "groups.csv", "Group ID,Group Name,Group Type\nlunch,Lunch,Public\n");
  const preview = page.url();
  await page.getByRole("button", { name: "Discard" }).click();
  await expect(status(page)).toContainText("The file was discarded.");
  problems.expect(/imports\/\d+|import\/get/, 404);
  await open(page, preview);
  await expect(page.getByText("This file is no longer there").first()).toBeVisible();
});

test("members of one group need no group column", async ({ page, app }) => {
  await app.accounts([{ username: "ada" }, { username: "bob" }]);
  const group = await app.group({ name: "Lunch", owner: "ada" });
  await open(page, app.groupPath(group, "members"));
  await page.getByRole("link", { name: "Import", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Import members" })).toBeVisible();
  await ready(page);
  await expect(page.getByText(group).first()).toBeVisible();
  await choose(page, "members.csv", "UserID,Role\nbob,Admin\nzoe,Member\n");
  expect([await fact(page, "New"), await fact(page, "Refused")]).toEqual(["1", "1"]);
  await page.getByRole("button", { name: "Import members" }).click();
  await untilFinished(page);
  await expect(page.getByText("Row 3:")).toBeVisible();
  await page.getByRole("link", { name: "Back to the list" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Lunch" })).toBeVisible();
  await expect(page.getByRole("main")).toContainText("bob");

  await test.step("the list of jobs holds together", async () => {
    await openList(page, app, "jobs");
    for (const width of [1024, 1280, 1440]) {
      await page.setViewportSize({ width, height: 900 });
      await expectHolds(page, `jobs at ${width} px`);
    }
  });
});

test("a viewer sees why there is no import", async ({ page, app, operator }) => {
  await signInWith(page, (await operator("viewer")).cookies);
  await openList(page, app, "accounts");
  await expect(page.getByRole("link", { name: /^Import — / })).toHaveAttribute("aria-disabled", "true");
  await open(page, app.path("import/accounts"));
  await expect(page.getByRole("button", { name: "Upload and preview" })).toHaveCount(0);
});
