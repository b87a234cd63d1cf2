// Exports: every list, every format, what is chosen, and the resulting file.
import { readFile } from "node:fs/promises";

import { filter, find, openList } from "../support/lists.js";
import { csv } from "../support/own.js";
import { type App, type Page, axe, dialog, expect, hasJs, open, ready, signIn, signInWith, test } from "../support/test.js";

test.beforeEach(async ({ page }) => signIn(page));

interface Choice {
  format?: "CSV" | "XLSX" | "JSON Lines";
  /** Titles of the columns that stay; all without it. */
  columns?: string[];
}

/** Fills the dialog, sends it, and returns the file. */
async function exported(page: Page, title: string, { format = "CSV", columns }: Choice = {}) {
  const ask = dialog(page, title);
  await expect(ask).toBeVisible();
  await ready(page);
  await ask.getByRole("radio", { name: format, exact: true }).check();
  if (columns) {
    for (const box of await ask.getByRole("checkbox").all()) await box.uncheck();
    for (const column of columns) await ask.getByRole("checkbox", { name: column, exact: true }).check();
  }
  const begins = hasJs() ? page.waitForEvent("download") : undefined;
  await ask.getByRole("button", { name: "Export", exact: true }).click();
  const done = dialog(page, "Export successful");
  await expect(done).toBeVisible();
  const words = await done.innerText();
  // With scripts the download starts automatically; the link stays for a second one.
  const file = await (begins ?? Promise.all([page.waitForEvent("download"), done.getByRole("link", { name: "Download" }).click()]).then(([file]) => file));
  const bytes = await readFile(await file.path());
  return { name: file.suggestedFilename(), words, bytes, text: bytes.toString("utf8") };
}

async function furnished(app: App): Promise<string> {
  await app.accounts([{ username: "ada", nickname: '=1+1, "quoted"' }, { username: "bob", type: "Admin" }, { username: "cy" }]);
  // With an id of its own: a random one may contain the search term.
  await app.group({ name: "Coffee", type: "Work", group_id: "coffee" });
  const tea = await app.group({ name: "Tea", owner: "ada" });
  await app.members(tea, ["bob"]);
  await app.message([tea], "@all lunch?\nyes");
  return tea;
}

test("groups as the list shows them, in every format", async ({ page, app }) => {
  const tea = await furnished(app);
  await openList(page, app, "groups?sort=name");
  await page.getByRole("button", { name: "Export" }).click();
  await expect(dialog(page, "Export groups")).toContainText("Everything: 2 groups");
  const all = await exported(page, "Export groups");
  expect(all.words).toContain("2 groups exported.");
  expect(all.name).toMatch(/^chat-groups-\d{8}-\d{6}\.csv$/);
  const [header, ...records] = csv(all.text.replace(/^\uFEFF/, ""));
  expect(header?.slice(0, 4)).toEqual(["Group ID", "Group Name", "Group Type", "Group Owner"]);
  expect(records.map((record) => record[1])).toEqual(["Coffee", "Tea"]);

  await dialog(page, "Export successful").getByRole("link", { name: "Close" }).last().click();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await find(page, "te");
  await expect(page.getByText("1 result", { exact: true })).toBeVisible();
  await ready(page);
  await page.getByRole("button", { name: "Export" }).click();
  await expect(dialog(page, "Export groups")).toContainText("Everything that matches the filter: 1 group");
  const some = await exported(page, "Export groups", { format: "JSON Lines", columns: ["Group ID", "Members"] });
  expect(some.name).toMatch(/\.jsonl$/);
  expect(some.text).toBe(`{"group_id":"${tea}","member_count":2}\n`);
  expect(some.words).toContain("1 group exported.");

  await openList(page, app, "groups");
  await page.getByLabel("Select Coffee").check();
  await page.getByRole("button", { name: "Export" }).click();
  await expect(dialog(page, "Export groups")).toContainText("1 selected group");
  const book = await exported(page, "Export groups", { format: "XLSX" });
  expect(book.name).toMatch(/\.xlsx$/);
  expect(book.bytes.subarray(0, 2).toString(), "a ZIP").toBe("PK");
});

test("accounts behind a type filter, and all but some", async ({ page, app }) => {
  await furnished(app);
  await openList(page, app, "accounts");
  await filter(page, "Account Type", "Admin");
  await expect(page.getByText("1 result", { exact: true })).toBeVisible();
  await ready(page);
  await page.getByRole("button", { name: "Batch Export" }).click();
  const admins = await exported(page, "Export accounts", { columns: ["Username", "Account Type"] });
  expect(csv(admins.text.replace(/^\uFEFF/, ""))).toEqual([
    ["Username", "Account Type"],
    ["bob", "Admin"],
  ]);
  await openList(page, app, "accounts?all=1&sort=name");
  if (hasJs()) await page.getByLabel("Select bob").uncheck();
  await page.getByRole("button", { name: "Batch Export" }).click();
  const others = await exported(page, "Export accounts", { format: "JSON Lines", columns: ["Username", "Nickname"] });
  const names = others.text.trim().split("\n").map((line) => JSON.parse(line) as { username: string; nickname: string });
  expect(names.map((one) => one.username)).toEqual(hasJs() ? ["ada", "cy"] : ["ada", "bob", "cy"]);
  expect(names[0]?.nickname).toBe('=1+1, "quoted"');
});

test("members and messages of a group", async ({ page, app }) => {
  const tea = await furnished(app);
  await open(page, app.groupPath(tea, "members"));
  await page.getByRole("button", { name: "Export" }).click();
  const members = await exported(page, "Export members", { columns: ["Username", "Role"] });
  expect(members.name).toMatch(/^chat-members-.+-\d{8}-\d{6}\.csv$/);
  expect(csv(members.text.replace(/^\uFEFF/, ""))).toEqual([
    ["Username", "Role"],
    ["ada", "Owner"],
    ["bob", "Member"],
  ]);
  await open(page, app.groupPath(tea, "messages"));
  await page.getByRole("link", { name: "Export: Latest messages" }).click();
  await expect(dialog(page, "Export messages")).toContainText("Everything: 1 message");
  const messages = await exported(page, "Export messages", { columns: ["Number", "Message content"] });
  expect(csv(messages.text.replace(/^\uFEFF/, ""))).toEqual([
    ["Number", "Message content"],
    ["1", "'@all lunch?\nyes"],
  ]);
});

test("the audit log behind its filter, and the export in it", async ({ page, app }) => {
  await furnished(app);
  await openList(page, app, "audit?action=group.create");
  await page.getByRole("link", { name: "Export", exact: true }).click();
  await expect(dialog(page, "Export the audit log")).toContainText("Everything that matches the filter: 2 entries");
  const log = await exported(page, "Export the audit log", { format: "JSON Lines" });
  const events = log.text.trim().split("\n").map((line) => JSON.parse(line) as { action: string; after: { name: string } });
  expect(events.map((event) => [event.action, event.after.name])).toEqual([
    ["group.create", "Tea"],
    ["group.create", "Coffee"],
  ]);
  await openList(page, app, "audit?action=event.export");
  await page.getByRole("link", { name: /^Audit log exported/ }).click();
  const changes = dialog(page, "Event").getByRole("region", { name: "What changed" });
  await expect(changes).toContainText("group.create");
  await expect(changes).toContainText("jsonl");
});

test("without a column there is no file, and what was chosen stays", async ({ page, app, problems }) => {
  problems.expect(/export\/start$/, 422);
  await furnished(app);
  await openList(page, app, "groups?dialog=export");
  const ask = dialog(page, "Export groups");
  await ask.getByRole("radio", { name: "XLSX", exact: true }).check();
  if (hasJs()) await ask.getByRole("button", { name: "None" }).click();
  else for (const box of await ask.getByRole("checkbox").all()) await box.uncheck();
  await ask.getByRole("button", { name: "Export", exact: true }).click();
  await expect(ask).toContainText("Fill in this field.");
  await expect(ask.getByRole("radio", { name: "XLSX", exact: true })).toBeChecked();
  await expect(ask.getByRole("checkbox", { checked: true })).toHaveCount(0);
  if (hasJs()) {
    await ask.getByRole("button", { name: "All", exact: true }).click();
    await expect(ask.getByRole("checkbox", { checked: true })).toHaveCount(9);
  }
});

test("a viewer exports every list", async ({ page, app, operator }) => {
  const tea = await furnished(app);
  await signInWith(page, (await operator("viewer")).cookies);
  for (const [path, title] of [
    [app.dialog("accounts", "export"), "Export accounts"],
    [app.dialog("groups", "export"), "Export groups"],
    [`${app.groupPath(tea, "members")}?dialog=export-members`, "Export members"],
    [`${app.groupPath(tea, "messages")}?dialog=export-messages`, "Export messages"],
    [app.dialog("audit", "export"), "Export the audit log"],
  ] as const) {
    await open(page, path);
    expect((await exported(page, title)).words).toContain("exported.");
  }
});

for (const [name, path] of [
  ["accounts", (app: App) => app.dialog("accounts", "export", ["ada", "bob"])],
  ["the audit log", (app: App) => app.dialog("audit", "export")],
] as const) {
  test(`the dialog that exports ${name} is accessible`, { tag: "@js" }, async ({ page, app }) => {
    await furnished(app);
    await open(page, path(app));
    await expect(page.getByRole("dialog")).toBeVisible();
    await axe(page);
  });
}

test("what offers the file is accessible", { tag: "@js" }, async ({ page, app }) => {
  await open(page, app.dialog("audit", "export"));
  await exported(page, "Export the audit log");
  await ready(page);
  await axe(page);
});
