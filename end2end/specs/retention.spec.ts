// What is stored, for how long and how much: quotas of shared files, the free space on the disk, the audit log's archives.
import { execFileSync } from "node:child_process";
import { readFile } from "node:fs/promises";

import { BINARY } from "../support/server.js";
import {
  ADMIN,
  axe,
  cookiesOf,
  dialog,
  expect,
  expectFieldError,
  open,
  ready,
  row,
  signIn,
  signInWith,
  startRoster,
  status,
  test,
} from "../support/test.js";

/** Moves everything in the log to more than a year ago, directly in the database. */
function makeOld(data: string): void {
  const sql = [
    "DROP TRIGGER event_no_update",
    "UPDATE event SET at = at - 400 * 86400000",
    "CREATE TRIGGER event_no_update BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'events are never changed'); END",
  ];
  const program = "import sqlite3, sys; sqlite3.connect(sys.argv[1], timeout=10).executescript(sys.argv[2])";
  execFileSync("python3", ["-c", program, `${data}/roster.db`, `BEGIN; ${sql.join("; ")}; COMMIT;`]);
}

test("quotas of shared files are set in the settings and hold", async ({ page, app, problems }) => {
  problems.expect(/application\/set-file-quotas$/, 422);
  await signIn(page);
  const group = await app.group({ name: "Lunch" });
  await open(page, app.path("settings"));
  const [all, each] = [page.getByLabel("Quota of the app"), page.getByLabel("Quota of each group")];
  const save = page.getByRole("button", { name: "Set quotas" });
  await expect(all).toHaveValue("50 GB");
  await expect(each).toHaveValue("1 GB");
  await expect(page.getByText("All groups: 0 B of 50 GB")).toBeVisible();
  await axe(page);

  await test.step("what is no size is refused beside the field", async () => {
    await all.fill("much");
    await save.click();
    await expectFieldError(all, "Enter a size such as 500 MB or 50 GB, at most 1024 TB.");
    await expect(all).toHaveValue("much");
  });

  await test.step("a small one is saved", async () => {
    await all.fill("");
    await each.fill("2 KB");
    await save.click();
    await expect(status(page)).toContainText("The quotas were saved.");
    await expect(page.getByText("All groups: 0 B, no limit")).toBeVisible();
  });

  await test.step("files fit until it is used up", async () => {
    await open(page, app.groupPath(group, "files"));
    const share = async (name: string, bytes: number) => {
      await page.getByRole("link", { name: "Upload file" }).click();
      const file = { name, mimeType: "text/plain", buffer: Buffer.alloc(bytes, "x") };
      await dialog(page, "Upload file").getByLabel("File").setInputFiles(file);
      await dialog(page, "Upload file").getByRole("button", { name: "Upload file" }).click();
      await ready(page);
    };
    await share("fits.txt", 1536);
    await expect(row(page, "fits.txt")).toBeVisible();
    await expect(page.getByText("This group: 1.5 KB of 2.0 KB")).toBeVisible();
    await share("more.txt", 600);
    await expectFieldError(dialog(page, "Upload file").getByLabel("File"), /shared files of this group may have 2\.0 KB together/);
    await axe(page);
  });
});

test("a viewer sees the quotas and cannot change them", async ({ page, app, operator, problems }) => {
  problems.expect(/\/audit$/, 403);
  await signInWith(page, (await operator("viewer")).cookies);
  await open(page, app.path("settings"));
  await expect(page.getByText("All groups: 0 B of 50 GB")).toBeVisible();
  await expect(page.getByRole("button", { name: "Set quotas" })).toHaveCount(0);
  await page.goto("/audit");
  await expect(page.getByText("Your role does not allow this.")).toBeVisible();
  await expect(page.getByRole("link", { name: "Retention and archives" })).toHaveCount(0);
  await open(page, app.path("overview"));
  await expect(page.getByText(/^Disk: /)).toHaveCount(0);
});

test("owners decide how long events are kept", async ({ page }) => {
  await signIn(page);
  await open(page, "/audit");
  await page.getByRole("link", { name: "Retention and archives" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Retention and archives" })).toBeVisible();
  await expect(page.getByText("There are no archives")).toBeVisible();
  const kept = page.getByRole("combobox", { name: "Keep events for" });
  await expect(kept).toHaveValue("0");
  await kept.selectOption({ label: "10 years" });
  await page.getByRole("button", { name: "Save" }).click();
  await expect(status(page)).toContainText("Saved.");
  await expect(kept).toHaveValue("3650");
  await open(page, "/audit");
  await expect(page.getByRole("row", { name: /Retention of the audit log changed/ }).first()).toBeVisible();
});

test("archives are listed, saved and deleted, and the disk that is short is told", async ({ page, problems }) => {
  test.slow();
  problems.expect(/event\/delete-archive$/, 422);
  const roster = await startRoster({ ROSTER_MIN_FREE: "1000000 TB" });
  try {
    await problems.watch(page.context(), roster.url);
    await signInWith(page, await cookiesOf(roster, ADMIN.name, ADMIN.password));
    const today = new Date().toISOString().slice(0, 10);
    makeOld(roster.data);
    const archive = () =>
      execFileSync(BINARY, ["audit", "archive", "--before", today], { env: { ROSTER_DATA: roster.data }, encoding: "utf8" });
    const archived = archive();
    expect(archived).toMatch(/^archive\/events-1-\d+\.jsonl: \d+ events/);
    await open(page, `${roster.url}/audit/archives`);
    const link = page.getByRole("link", { name: /^events-1-\d+\.jsonl/ });
    await expect(page.getByRole("row").filter({ has: link })).toContainText("Automatically");
    await axe(page);
    const [file] = await Promise.all([page.waitForEvent("download"), link.click()]);
    expect(await readFile(await file.path(), "utf8")).toMatch(/^\{"id":1,/);

    await test.step("and deleted on purpose, after their number was typed", async () => {
      const events = /: (\d+) events/.exec(archived)?.[1] ?? "";
      await page.getByRole("link", { name: /^Delete: events-1-/ }).click();
      const remove = dialog(page, "Delete archive");
      await expect(remove).toContainText("SHA-256");
      await axe(page);
      const number = remove.getByLabel(`Type ${events} to confirm`);
      const confirm = remove.getByRole("button", { name: "Delete archive" });
      await number.fill("1");
      await confirm.click();
      await expectFieldError(number, /^Type [\d,]+, the number of items, to confirm\.$/);
      await number.fill(events);
      await confirm.click();
      await expect(status(page)).toContainText("The archive was deleted.");
      await expect(page.getByText("There are no archives")).toBeVisible();
      await open(page, `${roster.url}/audit`);
      await expect(page.getByRole("row", { name: /Audit log archive deleted.*events-1-/ }).first()).toBeVisible();
    });

    await open(page, `${roster.url}/apps/demo/chat/overview`);
    await expect(page.getByText(/of the disk are free\. Shared files, imports and exports are refused until/)).toBeVisible();
    await axe(page);
  } finally {
    await roster.stop();
  }
});
