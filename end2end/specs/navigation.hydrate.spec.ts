// What only exists with JavaScript: pages that become interactive, moving on without loading, one request a click.
import { expectResults, filter, find, headings, openList } from "../support/lists.js";
import { type Page, dialog, expect, numbered, open, ready, row, rows, signIn, status, test } from "../support/test.js";

test.beforeEach(async ({ page }) => signIn(page));

/** The documents that the browser asks for from now on. */
function documents(page: Page): string[] {
  const seen: string[] = [];
  page.on("request", (request) => {
    if (request.isNavigationRequest()) seen.push(request.url());
  });
  return seen;
}

test("every page becomes interactive", async ({ page, app, problems }) => {
  test.slow();
  problems.expect(/no-such-page|\/setup/, 404);
  const group = await app.group({ name: "Lunch" });
  const stream = await app.group({ name: "Stream", type: "AVChatRoom" });
  const paths = ["groups", "accounts", "audit", "settings"].map((rest) => app.path(rest));
  const tabs = ["", "members", "announcement", "files", "messages", "block-list", "mutes", "allow-list", "activity"];
  const groups = [group, stream].flatMap((id) => tabs.map((tab) => app.groupPath(id, tab)));
  const more = [...groups, app.dialog("groups", "add"), app.dialog("groups", "delete", [group])];
  for (const path of ["/", "/operators", "/audit", "/me", "/no-such-page", ...paths, ...more]) {
    await test.step(path, async () => {
      await page.goto(path);
      await expect(page.locator("html")).toHaveAttribute("data-hydrated", "");
    });
  }
  // The open page listens to changes, and would learn that nobody is signed in.
  await page.goto("about:blank");
  await page.context().clearCookies();
  for (const path of ["/sign-in", "/setup?token=none"]) {
    await page.goto(path);
    await expect(page.locator("html")).toHaveAttribute("data-hydrated", "");
  }
});

test("what is typed before the page is interactive is kept", async ({ page, app }) => {
  const id = await app.group({ name: "Lunch" });
  let release = () => {};
  let typed = Promise.resolve();
  await page.route("**/*.wasm", async (route) => {
    await typed;
    await route.continue();
  });
  for (const [path, title, label, counter] of [
    [app.dialog("groups", "send", [id]), "Send Messages", "Message content", "13 / 300 characters"],
    [app.dialog("groups", "add"), "Add Group", "Group Name", "13 / 30 bytes"],
  ] as const) {
    await test.step(title, async () => {
      typed = new Promise((resolve) => (release = resolve));
      await page.goto(path, { waitUntil: "commit" });
      const field = dialog(page, title).getByLabel(label);
      await field.fill("Typed at once");
      release();
      await ready(page);
      await expect(field).toHaveValue("Typed at once");
      await expect(dialog(page, title).getByText(counter), "the page knows of it too").toBeVisible();
      await dialog(page, title).getByRole("button", { name: "OK" }).click();
      await expect(dialog(page, title)).toHaveCount(0);
    });
  }
  await expect(row(page, "Typed at once")).toBeVisible();
});

test("the navigation loads no documents", async ({ page, app }) => {
  await app.account({ username: "ada" });
  await app.group({ name: "Lunch", owner: "ada" });
  await openList(page, app, "groups");
  const seen = documents(page);
  const navigation = page.getByRole("navigation", { name: "Main navigation" });
  for (const [name, rest] of [
    ["Account Management", "accounts"],
    ["Audit Log", "audit"],
    ["Settings", "settings"],
    ["Group Management", "groups"],
  ] as const) {
    await navigation.getByRole("link", { name }).click();
    await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
    await expect(page).toHaveURL(app.path(rest));
    await expect(page).toHaveTitle(`${name} · Roster`);
    await expect(navigation.getByRole("link", { name })).toHaveAttribute("aria-current", "page");
    await expect(page.getByRole("main")).toBeFocused();
  }
  await row(page, "Lunch").getByRole("link", { name: "View Details" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Lunch" })).toBeVisible();
  await page.getByRole("navigation", { name: "Breadcrumb" }).getByRole("link", { name: "Group Management" }).click();
  await expect(row(page, "Lunch")).toBeVisible();
  await page.getByRole("link", { name: "Add Group" }).first().click();
  await dialog(page, "Add Group").getByLabel("Group Name").fill("Dinner");
  await dialog(page, "Add Group").getByRole("button", { name: "OK" }).click();
  await expect(row(page, "Dinner")).toBeVisible();
  await page.getByRole("banner").getByRole("link", { name: "Roster" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Apps" })).toBeVisible();
  await navigation.getByRole("link", { name: "My account" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "My account" })).toBeVisible();
  expect(seen).toEqual([]);
});

test("Back and Forward restore a list as it was", async ({ page, app }) => {
  await app.groups(numbered(25, (n) => ({ name: `Team ${n}`, type: "Work" })));
  await app.groups([{ name: "Team 99", type: "Public" }, { name: "Other", type: "Work" }]);
  await openList(page, app, "groups");
  const seen = documents(page);
  await filter(page, "Group Type", "Work");
  await expectResults(page, 26);
  await find(page, "Team");
  await expectResults(page, 25);
  await page.getByRole("columnheader", { name: "Group Name" }).getByRole("link", { name: "Group Name" }).click();
  await expect(rows(page).first()).toContainText("Team 01");
  await page.getByRole("link", { name: "Next" }).click();
  const second = ["Team 21", "Team 22", "Team 23", "Team 24", "Team 25"];
  const cells = page.getByRole("table").getByRole("rowheader");
  await expect(cells).toHaveText(second);
  const address = page.url();
  await row(page, "Team 23").getByRole("link", { name: "View Details" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Team 23" })).toBeVisible();

  await page.goBack();
  await expect(page).toHaveURL(address);
  await expect(cells).toHaveText(second);
  await expect(page.getByRole("searchbox")).toHaveValue("Team");
  await expect(page.getByLabel("Group Type")).toHaveValue("Work");
  await expect(page.getByRole("columnheader", { name: "Group Name" })).toHaveAttribute("aria-sort", "ascending");

  await page.goBack();
  await expect(rows(page).first()).toContainText("Team 01");
  await page.goBack();
  await expect(rows(page).first()).toContainText("Team 25");
  await page.goBack();
  await expectResults(page, 26);
  await expect(page.getByRole("searchbox")).toHaveValue("");
  await page.goBack();
  await expectResults(page, 27);
  await expect(page.getByLabel("Group Type")).toHaveValue("");

  for (let n = 0; n < 5; n++) await page.goForward();
  await expect(page.getByRole("heading", { level: 1, name: "Team 23" })).toBeVisible();
  await page.goBack();
  await expect(cells).toHaveText(second);
  await page.reload();
  await expect(cells).toHaveText(second);
  expect(seen, "only the reload asked for a document").toEqual([address]);
});

test("Back closes a dialog, Forward opens it again", async ({ page, app }) => {
  const id = await app.group({ name: "Lunch" });
  await openList(page, app, "groups");
  await page.getByRole("link", { name: "Delete: Lunch" }).click();
  const remove = dialog(page, "Delete group");
  await expect(remove).toBeVisible();
  await page.goBack();
  await expect(remove).toHaveCount(0);
  await expect(page).toHaveURL(app.path("groups"));
  await page.goForward();
  await expect(remove).toContainText("Delete group “Lunch”");
  await page.reload();
  await expect(remove).toContainText("Delete group “Lunch”");
  expect(new URL(page.url()).searchParams.get("ids")).toBe(id);
});

test("a double click creates one group", async ({ page, app }) => {
  await open(page, app.dialog("groups", "add"));
  let sent = 0;
  let answer = () => {};
  const held = new Promise<void>((resolve) => (answer = resolve));
  await page.route("**/_fn/group/create", async (route) => {
    sent += 1;
    await held;
    await route.continue();
  });
  const add = dialog(page, "Add Group");
  await add.getByLabel("Group Name").fill("Once");
  const ok = add.getByRole("button", { name: "OK" });
  await ok.dblclick();
  await expect(ok, "it says that it is at work").toBeDisabled();
  await add.getByLabel("Group Name").press("Enter");
  answer();
  await expect(status(page)).toContainText(/^Group @TGS#\S+ added\.$/);
  expect(sent).toBe(1);
  await openList(page, app, "groups");
  expect(await headings(page)).toEqual(["Once"]);
});

test("a server that cannot be reached is told, and nothing typed is lost", async ({ page, app, problems }) => {
  problems.expect(/group\/create$/, 503);
  await open(page, app.dialog("groups", "add"));
  await page.route("**/_fn/group/create", (route) => route.fulfill({ status: 503, body: "busy" }));
  const add = dialog(page, "Add Group");
  await add.getByLabel("Group Name").fill("Kept");
  await add.getByRole("button", { name: "OK" }).click();
  await expect(add.getByRole("alert")).toContainText("The server could not be reached.");
  await expect(add.getByLabel("Group Name")).toHaveValue("Kept");
  await page.unroute("**/_fn/group/create");
  await add.getByRole("button", { name: "OK" }).click();
  await expect(row(page, "Kept")).toBeVisible();
});
