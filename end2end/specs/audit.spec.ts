// Audit Log: all actions, newest first, to read only.
import { expectResults, filter, openList } from "../support/lists.js";
import {
  ADMIN,
  Api,
  App,
  type Locator,
  type Page,
  dialog,
  expect,
  fact,
  hasJs,
  newApp,
  numbered,
  open,
  ready,
  row,
  rows,
  signIn,
  signInWith,
  test,
  unique,
} from "../support/test.js";

test.beforeEach(async ({ page }) => signIn(page));

interface EventRow {
  id: number;
  action: string;
  target: string;
}

/** The link that opens an event; the row is the one around it. */
function event(page: Page, action: string, target: string): Locator {
  return page.getByRole("link", { name: `${action}: ${target}`, exact: true });
}

function eventRow(page: Page, action: string, target: string): Locator {
  return page.getByRole("row").filter({ has: event(page, action, target) });
}

/** The filter for targets; Enter sends it. */
async function findTarget(page: Page, target: string): Promise<void> {
  const field = page.getByRole("searchbox", { name: "Target" });
  await field.fill(target);
  await field.press("Enter");
}

/** Field, before and after of each line of an open event. */
async function difference(page: Page): Promise<string[][]> {
  const region = dialog(page, "Event").getByRole("region", { name: "What changed" });
  await expect(region).toBeVisible();
  const lines = await rows(region).all();
  const texts = lines.map(async (line) => [
    // Below its words, where there are any.
    (await line.getByRole("rowheader").innerText()).split("\n").at(-1) ?? "",
    ...(await line.getByRole("cell").allInnerTexts()),
  ]);
  return Promise.all(texts);
}

test("every change leaves an event, newest first", async ({ page, app }) => {
  const group = await app.group({ name: "Lunch" });
  await app.account({ username: "ada" });
  await app.account({ username: "bob" });
  await app.members(group, ["ada", "bob"]);
  await app.call("member/delete", { group_id: group, ids: ["bob"] });
  await app.message([group], "hello");
  const { version } = await app.call<{ version: number }>("group/get", { group_id: group });
  await app.call("group/edit", { group_id: group, "input[name]": "Dinner", "input[introduction]": "", "input[version]": version });
  await app.call("account/export", { ids: ["ada"] });
  await app.call("account/delete", { ids: ["bob"] });
  await app.call("application/edit", { display_name: "Renamed" });
  await app.call("group/delete", { ids: [group] });

  await openList(page, app, "audit?size=50");
  const columns = page.getByRole("region", { name: "Audit Log" }).last().getByRole("columnheader");
  await expect(columns).toHaveText(["Time", "Operator", "Action", "Target", "Outcome", "Address"]);
  const headings = (await page.getByRole("table").getByRole("rowheader").allInnerTexts()).map((text) => text.trim());
  expect(headings.slice(0, 11), "newest first").toEqual([
    "Group deleted",
    "App edited",
    "Account deleted",
    "Accounts exported",
    "Group edited",
    "Message sent",
    "Member deleted",
    "Member added",
    "Member added",
    "Account created",
    "Account created",
  ]);

  const deleted = eventRow(page, "Group deleted", "Dinner");
  await expect(deleted).toContainText(ADMIN.name);
  await expect(deleted).toContainText("Done");
  await expect(deleted).toContainText("127.0.0.1");
  await expect(deleted.getByRole("time")).toHaveAttribute("datetime", /^\d{4}-\d\d-\d\dT/);
  await expect(event(page, "Account deleted", "bob")).toBeVisible();
  await expect(event(page, "App created", app.display)).toBeVisible();
});

test("filters by operator, action, target and days", async ({ page, app, roster, operator }) => {
  const { name, cookies } = await operator("admin");
  const session = await Api.of(roster.url, cookies);
  const theirs = new App(session, app.org, app.name, app.display);
  await app.account({ username: "ada" });
  await app.account({ username: "bob" });
  await theirs.account({ username: "cy" });
  await theirs.group({ name: "Lunch", group_id: "lunch" });
  await session.close();
  await openList(page, app, "audit");
  const today = new Date().toISOString().slice(0, 10);
  const chip = (text: string) => page.getByRole("link", { name: `Remove filter: ${text}`, exact: true });

  await test.step("operator", async () => {
    await filter(page, "Operator", name);
    await expect(chip(`Operator: ${name}`)).toBeVisible();
    await expect(event(page, "Account created", "cy")).toBeVisible();
    await expect(event(page, "Group added", "Lunch")).toBeVisible();
    await expect(event(page, "Account created", "ada")).toHaveCount(0);
    await ready(page);
  });

  await test.step("and action", async () => {
    await filter(page, "Action", "Account created");
    await expect(chip("Account created")).toBeVisible();
    await expectResults(page, 1);
    await expect(event(page, "Account created", "cy")).toBeVisible();
    await ready(page);
    await page.reload();
    await ready(page);
    await expectResults(page, 1);
    await expect(page.getByRole("search").getByLabel("Operator")).toHaveValue(name);
  });

  await test.step("without the operator again", async () => {
    await chip(`Operator: ${name}`).click();
    await expect(chip(`Operator: ${name}`)).toHaveCount(0);
    await expectResults(page, 3);
    await expect(page.getByRole("search").getByLabel("Operator")).toHaveValue("");
    await expect(page.getByRole("search").getByLabel("Action")).toHaveValue("account.create");
    await ready(page);
  });

  await test.step("target", async () => {
    await findTarget(page, "bob");
    await expect(chip("Target: bob")).toBeVisible();
    await expectResults(page, 1);
    await expect(event(page, "Account created", "bob")).toBeVisible();
    await ready(page);
    await page.getByRole("link", { name: "Clear all" }).click();
    await expect(chip("Target: bob")).toHaveCount(0);
    await expect(page.getByRole("searchbox", { name: "Target" })).toHaveValue("");
    await ready(page);
  });

  await test.step("days, the last one included", async () => {
    await findTarget(page, "ada");
    await expectResults(page, 1);
    await ready(page);
    const apply = page.getByRole("button", { name: "Apply" });
    await page.getByLabel("From (UTC)", { exact: true }).fill(today);
    await page.getByLabel("To (UTC)", { exact: true }).fill(today);
    await apply.click();
    await expect(chip(`From (UTC): ${today}`)).toBeVisible();
    await expectResults(page, 1);
    await ready(page);
    await page.getByLabel("From (UTC)", { exact: true }).fill("2020-01-01");
    await page.getByLabel("To (UTC)", { exact: true }).fill("2020-12-31");
    await apply.click();
    await expect(page.getByText("Nothing matches these filters.")).toBeVisible();
    await expect(page.getByLabel("To (UTC)", { exact: true })).toHaveValue("2020-12-31");
    await ready(page);
    await page.getByRole("link", { name: "Clear all" }).last().click();
    await expect(event(page, "Account created", "ada")).toBeVisible();
  });
});

test("an event opens and shows before and after", async ({ page, app }) => {
  await app.account({ username: "ada", nickname: "Before" });
  const { version } = await app.call<{ version: number }>("account/get", { username: "ada" });
  await app.call("account/edit", {
    username: "ada",
    "input[nickname]": "에이다",
    "input[gender]": "Gender_Type_Female",
    "input[allow_type]": "AllowType_Type_NeedConfirm",
    "input[msg_settings]": "receive",
    "input[admin_forbid_type]": "AdminForbid_Type_None",
    "input[level]": "7",
    "input[version]": version,
  });
  await openList(page, app, "audit");

  await event(page, "Account edited", "ada").click();
  const opened = dialog(page, "Event");
  await expect(fact(opened, "Operator")).toHaveText(ADMIN.name);
  await expect(fact(opened, "Action")).toHaveText("Account edited");
  await expect(fact(opened, "Target")).toHaveText("ada");
  await expect(fact(opened, "Outcome")).toHaveText("Done");
  await expect(fact(opened, "Address")).toHaveText("127.0.0.1");
  const lines = await difference(page);
  expect(lines).toContainEqual(["nickname", "Before", "에이다"]);
  expect(lines).toContainEqual(["gender", "Gender_Type_Unknown", "Gender_Type_Female"]);
  expect(lines).toContainEqual(["level", "—", "7"]);
  expect(lines.map(([field]) => field), "only what changed").not.toContain("allow_type");

  await test.step("by its address too, until it is closed", async () => {
    await page.reload();
    await ready(page);
    expect(await difference(page)).toEqual(lines);
    await opened.getByRole("link", { name: "Close" }).last().click();
    await expect(opened).toHaveCount(0);
    expect(new URL(page.url()).searchParams.has("event")).toBe(false);
    await ready(page);
  });

  await event(page, "Account created", "ada").click();
  expect(await difference(page)).toContainEqual(["nickname", "—", "Before"]);
});

test("who deleted a group is found by its name", async ({ page, app }) => {
  const [gone, there] = await app.groups([{ name: "Sandbox" }, { name: "Sandcastle" }]);
  await app.message([gone ?? ""], "hello");
  await app.call("group/delete", { ids: [gone ?? ""] });
  await openList(page, app, "audit");
  await findTarget(page, "sandbox");
  await expectResults(page, 3);
  const deleted = eventRow(page, "Group deleted", "Sandbox");
  await expect(deleted).toContainText(ADMIN.name);
  await expect(deleted.getByRole("cell", { name: /^Sandbox deleted/ })).toContainText(gone ?? "");
  await expect(deleted.getByRole("link", { name: "Sandbox", exact: true }), "no way to what is gone").toHaveCount(0);
  await event(page, "Group deleted", "Sandbox").click();
  expect(await difference(page)).toEqual([
    ["group_id", gone, "—"],
    ["member_count", "0", "—"],
    ["name", "Sandbox", "—"],
  ]);
  await dialog(page, "Event").getByRole("link", { name: "Close" }).last().click();
  await ready(page);

  await findTarget(page, "sand");
  await expectResults(page, 4);
  await ready(page);
  await findTarget(page, gone ?? "");
  await expectResults(page, 3);
  await ready(page);
  await findTarget(page, "castle");
  await expectResults(page, 1);
  await ready(page);
  await eventRow(page, "Group added", "Sandcastle").getByRole("link", { name: "Sandcastle", exact: true }).click();
  await expect(page).toHaveURL(app.groupPath(there ?? ""));
});

test("refused sign-ins are listed, without the password, and unknown names only by their beginning", async ({
  page,
  roster,
  operator,
}) => {
  const { name } = await operator("viewer");
  const visitor = await Api.of(roster.url);
  for (const typed of [name, "zq my password in the wrong field"]) {
    expect((await visitor.send("session/sign-in", { name: typed, password: "a wrong secret" })).status()).toBe(401);
  }
  await visitor.close();
  await open(page, "/audit");
  const refused = rows(page).filter({ hasText: "Refused" });
  const known = refused.filter({ hasText: name });
  await expect(known).toHaveCount(1);
  await expect(known).toContainText("Signed in");
  await expect(known).toContainText("127.0.0.1");
  await expect(refused.filter({ hasText: "zq…" })).toHaveCount(1);
  await known.getByRole("link", { name: `Signed in: ${name}` }).click();
  await expect(fact(dialog(page, "Event"), "Outcome")).toHaveText("Refused");
  const content = await page.content();
  for (const secret of ["a wrong secret", "zq my password"]) expect(content).not.toContain(secret);
});

test("the server's log holds sign-ins, operators and apps, and no app's own events", async ({ page, app, operator }) => {
  const { name } = await operator("viewer");
  await app.account({ username: unique("only-in-the-app") });
  await open(page, "/");
  const navigation = page.getByRole("navigation", { name: "Main navigation" });
  await navigation.getByRole("link", { name: "Server audit log" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Server audit log" })).toBeVisible();
  await expect(page).toHaveURL("/audit");
  await expect(event(page, "Operator added", name)).toBeVisible();
  await expect(event(page, "Operator set up", name)).toBeVisible();
  await expect(event(page, "App created", app.display)).toBeVisible();
  await expect(page.getByText("only-in-the-app")).toHaveCount(0);
});

test("pages go both ways", async ({ page, app }) => {
  for (const { username } of numbered(45, (n) => ({ username: `user${n}` }))) await app.account({ username });
  await openList(page, app, "audit?action=account.create");
  const pager = page.getByRole("navigation", { name: "Pages" });
  const targets = page.getByRole("table").getByRole("link", { name: /^Account created: user/ });
  await expectResults(page, 45);
  await expect(targets.first()).toHaveAccessibleName("Account created: user45");
  await pager.getByRole("link", { name: "Next" }).click();
  await expect(targets.first()).toHaveAccessibleName("Account created: user25");
  await ready(page);
  await pager.getByRole("link", { name: "Next" }).click();
  await expect(targets).toHaveCount(5);
  await expect(targets.last()).toHaveAccessibleName("Account created: user01");
  await ready(page);
  await pager.getByRole("link", { name: "Previous" }).click();
  await expect(targets.first()).toHaveAccessibleName("Account created: user25");
});

test("a refused change is no event, a change that fails halfway none either", async ({ page, app }) => {
  expect((await app.send("group/create", { "input[name]": "", "input[type]": "Public" })).status()).toBe(422);
  await app.account({ username: "ada" });
  const input = { "input[type]": "General", "input[nickname]": "", "input[image]": "" };
  expect((await app.send("account/create", { ...input, "input[username]": "ada" })).status()).toBe(422);
  await openList(page, app, "audit?target=ada");
  await expect(rows(page).filter({ hasText: "Done" })).toHaveCount(1);
});

test("nobody edits or deletes an entry, and no app shows another's", async ({ page, app, api, roster, operator }) => {
  await app.account({ username: "ada" });
  await openList(page, app, "audit");
  const main = page.getByRole("main");
  await expect(main).toContainText("Entries cannot be edited or deleted.");
  for (const name of [/delete/i, /^edit$/i, /clear log/i]) {
    await expect(main.getByRole("button", { name })).toHaveCount(0);
    await expect(main.getByRole("link", { name }).filter({ hasNotText: /deleted|edited/ })).toHaveCount(0);
  }
  await expect(main.getByRole("checkbox")).toHaveCount(0);
  const { page: listed } = await app.call<{ page: { items: EventRow[] } }>("event/list", {});
  const mine = listed.items.find((one) => one.action === "account.create");
  const id = mine?.id ?? 0;
  for (const verb of ["delete", "edit", "update", "clear"]) {
    expect((await app.send(`event/${verb}`, { id, ids: [String(id)] })).ok(), verb).toBe(false);
  }
  const elsewhere = await newApp(api);
  expect((await elsewhere.send("event/get", { id })).status(), "through another app").toBe(404);
  expect((await api.send("event/get-server", { id })).status(), "through the server's log").toBe(404);
  const visitor = await Api.of(roster.url);
  expect((await visitor.send("event/list-server")).status(), "without a session").toBe(401);
  await visitor.close();

  await test.step("a viewer reads it", async () => {
    await signInWith(page, (await operator("viewer")).cookies);
    await openList(page, app, "audit");
    await expect(page.getByRole("columnheader", { name: "Outcome" })).toBeVisible();
    await expect(page.getByRole("columnheader", { name: "Address" })).toHaveCount(0);
    await expect(page.getByRole("navigation", { name: "Main navigation" }).getByRole("link", { name: "Audit Log" })).toBeVisible();
    await event(page, "Account created", "ada").click();
    await expect(dialog(page, "Event")).toBeVisible();
    await expect(dialog(page, "Event")).not.toContainText("127.0.0.1");
    if (hasJs()) await expect(dialog(page, "Event").getByRole("link", { name: "Close" }).last()).toBeFocused();
  });
  await expect(row(dialog(page, "Event"), "username")).toBeVisible();
});
