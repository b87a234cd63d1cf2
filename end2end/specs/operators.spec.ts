// Operators: adding, roles, disabling, resetting; what each role may do.
import {
  type Operator,
  type Page,
  type Roster,
  Api,
  ADMIN,
  dialog,
  expect,
  expectDisabled,
  expectFieldError,
  open,
  ready,
  row,
  signIn,
  signInWith,
  status,
  test,
  unique,
} from "../support/test.js";

const READ_ONLY = "Your role, viewer, can only read.";
const ONESELF = "You cannot do this to yourself.";

/** What a function answers to that operator. */
async function answerTo(roster: Roster, { cookies }: Operator, name: string, fields = {}): Promise<number> {
  const api = await Api.of(roster.url, cookies);
  const answer = await api.send(name, fields);
  await api.close();
  return answer.status();
}

/** The address in the dialog that shows a set-up link. */
async function setupPath(page: Page): Promise<string> {
  const link = dialog(page, "Set-up link").getByRole("link", { name: "/setup?token=" });
  return (await link.getAttribute("href")) ?? "";
}

test("an operator is added, chooses a password through the link, and signs in", async ({ page, problems }) => {
  problems.expect(/operator\/add$/, 422);
  const name = unique("Grace 그레이스");
  await signIn(page);
  await open(page, "/operators");
  await page.getByRole("link", { name: "Add operator" }).click();
  const add = dialog(page, "Add operator");

  await test.step("a name that is taken or empty is refused", async () => {
    await add.getByRole("button", { name: "Add operator" }).click();
    await expectFieldError(add.getByLabel("Name"), "Fill in this field.");
    await add.getByLabel("Name").fill(ADMIN.name.toUpperCase());
    await add.getByLabel("Role").selectOption({ label: "Viewer: reads only" });
    await add.getByRole("button", { name: "Add operator" }).click();
    await expectFieldError(add.getByLabel("Name"), "This is taken already. Choose another.");
    await expect(add.getByLabel("Role")).toHaveValue("viewer");
  });

  let path = "";
  await test.step("the link is shown once", async () => {
    await add.getByLabel("Name").fill(name);
    await add.getByRole("button", { name: "Add operator" }).click();
    const shown = dialog(page, "Set-up link");
    await expect(shown).toContainText(`Send this link to ${name}:`);
    await expect(shown).toContainText("It is shown only now and works once");
    path = await setupPath(page);
    expect(path).toMatch(/^\/setup\?token=\S+$/);
    await page.reload();
    await expect(shown).toContainText("The link was shown once. To get another, reset the password.");
    await ready(page);
    await shown.getByRole("link", { name: "Close" }).first().click();
    await expect(row(page, name)).toContainText("Viewer");
    await expect(row(page, name)).toContainText("Awaiting set-up");
  });

  await test.step("the new operator sets a password and is in", async () => {
    await page.context().clearCookies();
    await open(page, path);
    await expect(page.getByText(`Choose a password for ${name}.`)).toBeVisible();
    await page.getByLabel("New password").fill("tooshort");
    await page.getByLabel("Repeat the password").fill("tooshort");
    await page.getByRole("button", { name: "Set up and sign in" }).click();
    await expectFieldError(page.getByLabel("New password"), "At least 10 characters are needed; this has 8.");
    await ready(page);
    await page.getByLabel("New password").fill("words that nobody guesses");
    await page.getByLabel("Repeat the password").fill("words that nobody guesses");
    await page.getByRole("button", { name: "Set up and sign in" }).click();
    await expect(page).toHaveURL("/");
    await ready(page);
    await expect(page.locator("summary").and(page.getByLabel(`Signed in as ${name}`))).toBeVisible();
  });

  await test.step("and later signs in with it", async () => {
    await page.context().clearCookies();
    await open(page, "/sign-in");
    await page.getByLabel("Name", { exact: true }).fill(name);
    await page.getByLabel("Password", { exact: true }).fill("words that nobody guesses");
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page).toHaveURL("/");
  });

  await test.step("the owner sees that", async () => {
    await signInWith(page, []);
    await signIn(page);
    await open(page, "/operators");
    await expect(row(page, name)).toContainText("Active");
    await expect(row(page, name).getByRole("time")).toHaveCount(2);
  });
});

test("a role is changed, and counts at once", async ({ page, roster, operator }) => {
  const other = await operator("viewer");
  const input = { "input[display_name]": "x", "input[org_name]": unique("o"), "input[app_name]": "a" };
  expect(await answerTo(roster, other, "application/create", input)).toBe(403);
  await signIn(page);
  await open(page, "/operators");
  await page.getByRole("link", { name: `Change role: ${other.name}` }).click();
  const change = dialog(page, `Change role: ${other.name}`);
  await change.getByLabel("Role").selectOption({ label: "Admin: all app data" });
  await change.getByRole("button", { name: "Confirm" }).click();
  await expect(status(page)).toContainText("Role changed.");
  await expect(row(page, other.name)).toContainText("Admin");
  expect(await answerTo(roster, other, "application/create", input)).toBe(200);
});

test("an operator is disabled and enabled again", async ({ page, roster, operator }) => {
  const other = await operator("admin");
  expect(await answerTo(roster, other, "application/list")).toBe(200);
  await signIn(page);
  await open(page, "/operators");
  await page.getByRole("link", { name: `Disable: ${other.name}` }).click();
  const disable = dialog(page, `Disable: ${other.name}`);
  await expect(disable).toContainText(`${other.name} can no longer sign in, and their sessions end at once.`);
  await disable.getByRole("button", { name: "Disable" }).click();
  await expect(status(page)).toContainText("Operator disabled.");
  await expect(row(page, other.name)).toContainText("Disabled");
  expect(await answerTo(roster, other, "application/list")).toBe(401);
  const { name, password } = other;
  expect(await answerTo(roster, other, "session/sign-in", { name, password })).toBe(401);

  await row(page, other.name).getByRole("button", { name: /^Enable/ }).click();
  await expect(status(page)).toContainText("Operator enabled.");
  await expect(row(page, other.name)).toContainText("Active");
  expect(await answerTo(roster, other, "application/list"), "old sessions stay ended").toBe(401);
  expect(await answerTo(roster, other, "session/sign-in", { name, password })).toBe(200);
});

test("a password is reset: the old one is void, the link makes a new one", async ({ page, roster, operator }) => {
  const other = await operator("admin");
  await signIn(page);
  await open(page, "/operators");
  await page.getByRole("link", { name: `Reset password: ${other.name}` }).click();
  const reset = dialog(page, `Reset password: ${other.name}`);
  await expect(reset).toContainText("is void at once");
  await reset.getByRole("button", { name: "Reset password" }).click();
  await expect(dialog(page, "Set-up link")).toContainText(other.name);
  const path = await setupPath(page);
  const { name, password } = other;
  expect(await answerTo(roster, other, "application/list")).toBe(401);
  expect(await answerTo(roster, other, "session/sign-in", { name, password })).toBe(401);

  await page.context().clearCookies();
  await open(page, path);
  await page.getByLabel("New password").fill("the second set of words");
  await page.getByLabel("Repeat the password").fill("the second set of words");
  await page.getByRole("button", { name: "Set up and sign in" }).click();
  await expect(page).toHaveURL("/");
  expect(await answerTo(roster, other, "session/sign-in", { name, password: "the second set of words" })).toBe(200);
});

test("an owner sees the sessions of another operator and ends one, then all", async ({ page, roster, operator }) => {
  const other = await operator("admin");
  const { name, password } = other;
  const sessions = [await Api.of(roster.url), await Api.of(roster.url)];
  for (const session of sessions) expect((await session.send("session/sign-in", { name, password })).status()).toBe(200);
  const lives = async () => {
    const answers = await Promise.all(sessions.map((session) => session.send("application/list")));
    return answers.filter((answer) => answer.status() === 200).length;
  };
  await signIn(page);
  await open(page, "/operators");
  await page.getByRole("link", { name: `Sessions: ${name}` }).click();
  const shown = dialog(page, `Sessions: ${name}`);
  const rows = shown.getByRole("rowgroup").nth(1).getByRole("row");
  // Those two, and the one of the fixture.
  await expect(rows).toHaveCount(3);
  await expect(rows.first()).toContainText("127.0.0.1");

  await ready(page);
  await rows.first().getByRole("button", { name: /^End session/ }).click();
  await expect(rows).toHaveCount(2);
  await expect(status(page)).toContainText("Session ended.");
  expect((await lives()) + Number((await answerTo(roster, other, "application/list")) === 200)).toBe(2);

  await ready(page);
  await shown.getByRole("button", { name: "End all sessions" }).click();
  await expect(shown).toContainText("No sessions: this operator is signed in nowhere.");
  await expect(status(page)).toContainText("2 sessions ended.");
  expect(await lives()).toBe(0);
  expect(await answerTo(roster, other, "application/list")).toBe(401);
  await ready(page);
  await shown.getByRole("link", { name: "Close" }).last().click();
  await expect(page).toHaveURL("/operators");
  for (const session of sessions) await session.close();

  await test.step("the log says whose they were", async () => {
    await open(page, `/audit?action=session.end&target=${encodeURIComponent(name)}`);
    const told = page.getByRole("table").getByRole("row").filter({ hasText: name });
    await expect(told).toHaveCount(2);
    await expect(told.first()).toContainText(ADMIN.name);
  });
});

test("nobody does these things to themselves, and the last owner stays", async ({ page, api, roster, operator }) => {
  await signIn(page);
  await open(page, "/operators");
  const own = row(page, ADMIN.name);
  for (const action of ["Change role", "Reset password", "Disable"]) {
    await expectDisabled(own.getByRole("link", { name: `${action}: ${ADMIN.name}` }), ONESELF);
  }
  const all = await api.call<{ id: number; name: string }[]>("operator/list");
  const { id = 0 } = all.find(({ name }) => name === ADMIN.name) ?? {};
  expect((await api.send("operator/disable", { id })).status()).toBe(409);
  expect((await api.send("operator/change-role", { id, role: "viewer" })).status()).toBe(409);
  // With a second owner each may disable the other, but not both.
  const second = await operator("owner");
  expect(await answerTo(roster, second, "operator/disable", { id: second.id })).toBe(409);
  await api.call("operator/disable", { id: second.id });
  expect((await api.send("operator/disable", { id })).status()).toBe(409);
});

test("a viewer sees every control that changes something disabled, with the reason", async ({ page, app, operator, roster, problems }) => {
  problems.expect(/group\/delete$/, 403);
  await app.accounts([{ username: "ada" }, { username: "bob" }]);
  const id = await app.group({ name: "Lunch", owner: "ada" });
  await app.members(id, ["bob"]);
  const viewer = await operator("viewer");
  await signInWith(page, viewer.cookies);

  await test.step("apps", async () => {
    await open(page, "/");
    await expectDisabled(page.getByRole("link", { name: "Create app" }), READ_ONLY);
  });

  await test.step("groups", async () => {
    await open(page, app.path("groups"));
    await expectDisabled(page.getByRole("link", { name: "Add Group" }), READ_ONLY);
    await expectDisabled(page.getByRole("button", { name: "Send Messages" }), READ_ONLY);
    await expectDisabled(page.getByRole("button", { name: "Delete Groups" }), READ_ONLY);
    await expectDisabled(page.getByRole("link", { name: "Send Messages: Lunch" }), READ_ONLY);
    await expectDisabled(page.getByRole("link", { name: "Delete: Lunch" }), READ_ONLY);
    await row(page, "Lunch").getByRole("link", { name: "View Details" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Lunch" })).toBeVisible();
    const links = async (names: string[]) => {
      for (const name of names) await expectDisabled(page.getByRole("link", { name: `${name} — ${READ_ONLY}`, exact: true }), READ_ONLY);
    };
    await links(["Send Messages", "Delete", "Edit: Basic information"]);
    await page.getByRole("navigation").getByRole("link", { name: /^Members/ }).click();
    await links(["Add Member", "Delete: bob"]);
    await expectDisabled(page.getByRole("button", { name: "Delete Members" }), READ_ONLY);
  });

  await test.step("accounts and settings", async () => {
    await open(page, app.path("accounts"));
    await expectDisabled(page.getByRole("link", { name: "Create account" }), READ_ONLY);
    await expectDisabled(page.getByRole("button", { name: "Batch Delete" }), READ_ONLY);
    await expectDisabled(page.getByRole("link", { name: "Edit: ada" }), READ_ONLY);
    await open(page, app.path("settings"));
    await expect(page.getByText(READ_ONLY)).toBeVisible();
    await expect(page.getByRole("button", { name: "Save" })).toHaveCount(0);
  });

  await test.step("the address of a dialog is no way around", async () => {
    await open(page, app.dialog("groups", "delete", [id]));
    await page.getByRole("dialog").getByRole("button", { name: "Delete group" }).click();
    await expect(page.getByRole("alert")).toHaveText("Your role does not allow this.");
    await open(page, app.path("groups"));
    await expect(row(page, "Lunch")).toBeVisible();
  });

  await test.step("the functions refuse too", async () => {
    const key = { org: app.org, app: app.name };
    expect(await answerTo(roster, viewer, "group/delete", { ...key, ids: [id] })).toBe(403);
    expect(await answerTo(roster, viewer, "group/list", key)).toBe(200);
  });
});

test("who disables an operator hears of the credentials that stay", async ({ page, app, operator, roster }) => {
  const kim = await operator("admin");
  const own = await Api.of(roster.url, kim.cookies);
  await own.call("credential/create", { org: app.org, app: app.name, name: "Kims key" });
  await own.close();
  await signIn(page);
  await open(page, `/operators?dialog=disable&ids=${kim.id}`);
  const disable = page.getByRole("dialog");
  await expect(disable).toContainText("An API credential that this operator created keeps working:");
  await disable.getByRole("link", { name: "Kims key" }).click();
  await expect(page).toHaveURL(app.path("settings/api"));
  await expect(row(page, "Kims key")).toContainText(`by ${kim.name}`);
});

for (const role of ["admin", "viewer"] as const) {
  test(`who is ${role} manages no operators`, async ({ page, operator, roster, problems }) => {
    const other = await operator(role);
    problems.expect(/\/operators|\/_fn\/operator\//, 403);
    await signInWith(page, other.cookies);
    await open(page, "/");
    const navigation = page.getByRole("navigation", { name: "Main navigation" });
    await expect(navigation.getByRole("link", { name: "My account" })).toBeVisible();
    await expect(navigation.getByRole("link", { name: "Operators" })).toHaveCount(0);
    const answer = await page.goto("/operators");
    expect(answer?.status()).toBe(403);
    await expect(page.getByText("Your role does not allow this.")).toBeVisible();
    await ready(page);
    const add = page.getByRole("link", { name: "Add operator" });
    await expectDisabled(add, "Only owners manage operators.");
    await expect(page.getByRole("main").getByRole("link", { name: "Back to the apps" }), "not to this page again").toHaveAttribute("href", "/");
    expect(await answerTo(roster, other, "operator/add", { name: unique("x"), role: "owner" })).toBe(403);
    expect(await answerTo(roster, other, "operator/change-role", { id: other.id, role: "owner" })).toBe(403);
  });
}
