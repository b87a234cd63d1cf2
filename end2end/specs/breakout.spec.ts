// Text that tries to break out of its context: shown literally everywhere, run nowhere, unharmed in forms and files.
import { filter, find, openList } from "../support/lists.js";
import { csv, sendForm } from "../support/own.js";
import {
  Api,
  type App,
  type Locator,
  type Page,
  dialog,
  each,
  expect,
  fact,
  menu,
  open,
  ready,
  row,
  signIn,
  signInWith,
  status,
  tab,
  test,
} from "../support/test.js";

const RTL = "\u202Eexe.\u2067gpj\u2069\u202C";
const HOSTILE = [
  "</textarea><script>window.pwned=1</script>",
  "\"'><img src=x onerror=window.pwned=1>",
  RTL,
  "😀𝔘𠮷👩‍👩‍👧",
  "{{7*7}} ${7*7} <%=7*7%>",
  "&lt;b&gt; &amp;amp; &#60;",
  "</title><!-- ]]> -->",
];
/** The same tricks within 30 bytes. */
const SHORT = [
  "</textarea><script>pwned=1//",
  "\"'><img src=x onerror=pwned=1>",
  RTL,
  "😀𝔘𠮷",
  "{{7*7}}",
  "&lt;b&gt;",
  "</title><!--",
];
/** And within 16. */
const TINY = ["\"'><s>&lt;b&gt;", "</script>{{1}}", "😀\u202Eab\u202C"];
const LINE = HOSTILE.join(" ");
const LINES = HOSTILE.join("\n");

test.beforeEach(async ({ page }) => signIn(page));

test.afterEach(async ({ page }) => {
  expect(await page.evaluate(() => (globalThis as { pwned?: unknown }).pwned), "nothing ran").toBeUndefined();
});

/** The text is shown literally, character by character. */
async function expectLiteral(place: Locator, text: string): Promise<void> {
  await expect.poll(async () => (await place.innerText()).trim()).toBe(text);
}

/** The heading cell of the row that shows this; names are compared as they are, not as markup. */
async function names(page: Page): Promise<string[]> {
  const cells = await page.getByRole("main").getByRole("table").getByRole("rowheader").allInnerTexts();
  return cells.map((text) => text.trim());
}

test("group names in the list and its dialogs", { tag: "@js" }, async ({ page, app }) => {
  const ids = await app.groups(SHORT.map((name) => ({ name })));
  await openList(page, app, "groups");
  expect(await names(page)).toEqual([...SHORT].reverse());
  for (const name of SHORT) await expect(page.getByLabel(`Select ${name}`, { exact: true })).toBeVisible();

  await open(page, app.dialog("groups", "delete", ids.slice(0, 2)));
  const items = dialog(page, "Delete Groups").getByRole("listitem");
  await expect(items.filter({ hasText: SHORT[0] })).toHaveCount(1);
  await expect(items.filter({ hasText: SHORT[1] })).toHaveCount(1);
  await open(page, app.dialog("groups", "send", ids));
  await expect(dialog(page, "Send Messages")).toContainText(SHORT[SHORT.length - 1] as string);

  await openList(page, app, "groups");
  await find(page, "\"'><img");
  await expect(page.getByRole("link", { name: "Remove filter: Contains “\"'><img”" })).toBeVisible();
  await expect(page.getByRole("searchbox")).toHaveValue("\"'><img");
  expect(await names(page)).toEqual([SHORT[1]]);
});

test("a group's name, introduction and messages through the forms", async ({ page, app }) => {
  const name = SHORT[1] as string;
  await app.account({ username: "<b>ada</b>", nickname: LINE });
  await open(page, app.dialog("groups", "add"));
  const add = dialog(page, "Add Group");
  await add.getByLabel("Group Name").fill(name);
  await add.getByLabel("Group Owner ID").fill("<b>ada</b>");
  await add.getByLabel("Custom group ID").fill("<i>'\"{{1}}");
  await add.getByRole("button", { name: "OK" }).click();
  await expect(status(page)).toContainText("Group <i>'\"{{1}} added.");
  await expect(row(page, name)).toContainText("<b>ada</b>");
  expect(await row(page, name).innerText(), "the owner's nickname").toContain(LINE);
  await ready(page);

  await row(page, name).getByRole("link", { name: "View Details" }).click();
  await expectLiteral(page.getByRole("heading", { level: 1 }), name);
  await expectLiteral(fact(page, "Group Name"), name);
  await expect(page).toHaveTitle(`${name} · Roster`);
  await ready(page);

  await test.step("introduction", async () => {
    const introduction = LINES.slice(0, 150);
    await page.getByRole("link", { name: "Edit: Basic information" }).click();
    const edit = dialog(page, "Edit group");
    await expect(edit.getByLabel("Group Name")).toHaveValue(name);
    await edit.getByLabel("Group introduction").fill(introduction);
    await edit.getByRole("button", { name: "Confirm" }).click();
    await expect(status(page)).toContainText("Group saved.");
    await expectLiteral(fact(page, "Group introduction"), introduction);
    await ready(page);
    await page.getByRole("link", { name: "Edit: Basic information" }).click();
    await expect(edit.getByLabel("Group introduction")).toHaveValue(introduction);
    await ready(page);
    await page.reload();
    await ready(page);
    await expect(edit.getByLabel("Group introduction")).toHaveValue(introduction);
    await edit.getByRole("link", { name: "Cancel" }).click();
    await expect(edit).toHaveCount(0);
    await ready(page);
  });

  await test.step("message", async () => {
    await tab(page, "Messages");
    await page.getByRole("link", { name: "Send Messages" }).click();
    const send = dialog(page, "Send Messages");
    await send.getByLabel("Message content").fill(LINES);
    await send.getByRole("button", { name: "OK" }).click();
    await expect(status(page)).toContainText("Message sent to 1 group.");
    const latest = page.getByRole("region", { name: "Latest messages" }).getByRole("paragraph").first();
    await expectLiteral(latest, LINES);
    await page.reload();
    await expectLiteral(latest, LINES);
  });

  await test.step("members and the question before a deletion", async () => {
    await tab(page, "Members");
    await expect(row(page, "<b>ada</b>").getByRole("cell", { name: "Owner", exact: true })).toBeVisible();
    await ready(page);
    await page.getByRole("link", { name: "Delete", exact: true }).click();
    const remove = dialog(page, "Delete group");
    await expect(remove).toContainText(`Delete group “${name}” with 1 member and 1 message?`);
  });
});

test("a refused message comes back as it was typed", async ({ page, app, problems }) => {
  problems.expect(/message\/send$/, 422);
  const id = await app.group({ name: "Plain" });
  await open(page, app.dialog("groups", "send", [id]));
  const send = dialog(page, "Send Messages");
  const text = `\n\n${LINES}\n${"x".repeat(300)}`;
  await send.getByLabel("Message content").fill(text);
  await sendForm(page, send.getByRole("button", { name: "OK" }));
  await expect(send.getByLabel("Message content")).toHaveAttribute("aria-invalid", "true");
  await expect(send.getByLabel("Message content")).toHaveValue(text);
});

test("an account's profile through the forms, the list and the file", { tag: "@js" }, async ({ page, app, api }) => {
  await open(page, app.dialog("accounts", "create"));
  const create = dialog(page, "Create account");
  await create.getByLabel("Username").fill("<svg/onload=pwned=1>");
  await create.getByLabel("Nickname").fill(LINE);
  await create.getByLabel("Profile Photo").fill("https://pictures.example/'onerror='pwned=1");
  await create.getByRole("button", { name: "Confirm" }).click();
  await expect(status(page)).toContainText("Account created.");
  const mine = row(page, "<svg/onload=pwned=1>");
  await expectLiteral(mine.getByRole("cell").nth(1), LINE);
  await ready(page);

  const edit = dialog(page, "Edit account");
  const openEdit = () => page.getByRole("link", { name: "Edit: <svg/onload=pwned=1>" }).click();
  await test.step("location and signature", async () => {
    await openEdit();
    await expect(edit.getByLabel("Nickname")).toHaveValue(LINE);
    await ready(page);
    await edit.getByLabel("Location").fill(TINY[0] as string);
    await edit.getByLabel("What’s Up").fill(LINES);
    await sendForm(page, edit.getByRole("button", { name: "Confirm" }));
    await expect(status(page)).toContainText("Account saved.");
    await openEdit();
    await expect(edit.getByLabel("Location")).toHaveValue(TINY[0] as string);
    await expect(edit.getByLabel("What’s Up")).toHaveValue(LINES);
    await expect(edit.getByLabel("Profile Photo")).toHaveValue("https://pictures.example/'onerror='pwned=1");
    await ready(page);
    for (const location of TINY.slice(1)) {
      await edit.getByLabel("Location").fill(location);
      await sendForm(page, edit.getByRole("button", { name: "Confirm" }));
      await expect(edit).toHaveCount(0);
      await openEdit();
      await expect(edit.getByLabel("Location")).toHaveValue(location);
      await ready(page);
    }
  });

  await test.step("the question before a deletion", async () => {
    await open(page, app.dialog("accounts", "delete", ["<svg/onload=pwned=1>"]));
    const item = dialog(page, "Delete accounts").getByRole("listitem");
    expect(await item.innerText()).toContain(LINE);
    await expect(item).toContainText("<svg/onload=pwned=1>");
  });

  await test.step("the audit log", async () => {
    await openList(page, app, "audit");
    await page.getByRole("link", { name: "Account created: <svg/onload=pwned=1>" }).click();
    const lines = dialog(page, "Event").getByRole("region", { name: "What changed" });
    await expectLiteral(row(lines, "nickname").getByRole("cell").last(), LINE);
  });

  await test.step("the file", async () => {
    const { token } = await app.call<{ token: string }>("account/export", { ids: ["<svg/onload=pwned=1>"] });
    const text = await (await api.get(app.path(`exports/${token}`))).text();
    const [, record] = csv(text.replace(/^\uFEFF/, ""));
    expect(record?.[2]).toBe(LINE);
    expect(record?.[6]).toBe(LINES);
  });
});

test("an app's display name on its card, in the switcher and the form", { tag: "@js" }, async ({ page, app }) => {
  for (const name of HOSTILE) {
    await test.step(name, async () => {
      await app.call("application/edit", { display_name: name });
      await open(page, "/");
      const card = page.getByRole("listitem").filter({ hasText: `${app.org}/${app.name}` });
      await expectLiteral(card.getByRole("heading"), name);
    });
  }
  const name = HOSTILE[1] as string;
  await openList(page, app, "settings");
  const field = page.getByRole("textbox", { name: "Display name" });
  await field.fill(name);
  await sendForm(page, page.getByRole("region", { name: "Display name" }).getByRole("button", { name: "Save" }));
  await expect(status(page)).toContainText("Settings saved.");
  await page.reload();
  await ready(page);
  await expect(field).toHaveValue(name);
  const switcher = await menu(page, `App ${name}: switch`);
  const mine = switcher.getByRole("link").filter({ hasText: `${app.org}/${app.name}` });
  expect(await mine.innerText()).toContain(name);
});

test("an operator's name", { tag: "@js" }, async ({ page, app, api, roster }) => {
  const mark = String(Date.now());
  // Invisible characters are refused here: with them one name looks like another.
  for (const name of [`${RTL}${mark}`, `👩‍👧${mark}`]) expect((await api.send("operator/add", { name, role: "admin" })).status()).toBe(422);
  const wanted = HOSTILE.map((text) => `${text.replace(/\p{Cf}/gu, "").slice(0, 42)}${mark}`.trim());
  const links = await each(wanted, (name) => api.call<{ token: string }>("operator/add", { name, role: "admin" }));
  await open(page, "/operators");
  expect(await names(page)).toEqual(expect.arrayContaining(wanted));
  const [name, token] = [wanted[1] as string, links[1]?.token ?? ""];

  for (const [link, button] of [
    ["Change role", "Confirm"],
    ["Disable", "Disable"],
    ["Reset password", "Reset password"],
  ] as const) {
    await page.getByRole("link", { name: `${link}: ${name}`, exact: true }).click();
    const opened = dialog(page, `${link}: ${name}`);
    await expect(opened.getByRole("button", { name: button })).toBeVisible();
    await ready(page);
    await opened.getByRole("link", { name: "Cancel" }).click();
    await expect(opened).toHaveCount(0);
    await ready(page);
  }

  await test.step("on the set-up page", async () => {
    await signInWith(page, []);
    await open(page, `/setup?token=${encodeURIComponent(token)}`);
    await expect(page.getByText(`Choose a password for ${name}.`)).toBeVisible();
  });

  await test.step("signed in, and as the one who did something", async () => {
    const visitor = await Api.of(roster.url);
    await visitor.call("session/set-up", { token, password: "a few words in a row", repeat: "a few words in a row" });
    await visitor.call("message/send", { org: app.org, app: app.name, ids: [await app.group({ name: "Plain" })], text: "hi" });
    await signInWith(page, await visitor.cookies());
    await visitor.close();
    await openList(page, app, "audit");
    await expect(page.getByRole("banner").getByLabel(`Signed in as ${name}`)).toBeVisible();
    await filter(page, "Operator", name);
    await expect(page.getByRole("link", { name: `Remove filter: Operator: ${name}` })).toBeVisible();
    const sent = page.getByRole("row").filter({ has: page.getByRole("link", { name: /^Message sent/ }) });
    await expectLiteral(sent.getByRole("cell").nth(1), name);
    await open(page, "/me");
    await expect(page.getByRole("main")).toContainText(name);
  });
});

/** The value of a field next to a wrong one. */
function fieldsOf(app: App, group: string): [name: string, fields: Record<string, string | string[]>][] {
  const key = { org: app.org, app: app.name };
  const group_input = { ...key, "input[name]": "x", "input[type]": "Public", "input[owner]": "", "input[group_id]": "" };
  const edit_group = { ...key, group_id: group, "input[name]": "x", "input[introduction]": "", "input[version]": "1" };
  const account = { ...key, "input[type]": "General", "input[username]": "x", "input[nickname]": "", "input[image]": "" };
  const profile = {
    ...key,
    username: "ada",
    "input[nickname]": "",
    "input[gender]": "Gender_Type_Unknown",
    "input[allow_type]": "AllowType_Type_NeedConfirm",
    "input[msg_settings]": "receive",
    "input[admin_forbid_type]": "AdminForbid_Type_None",
    "input[location]": "",
    "input[self_signature]": "",
    "input[image]": "",
    "input[version]": "1",
  };
  const nul = "a\0b";
  return [
    ["group/create", { ...group_input, "input[name]": nul }],
    ["group/create", { ...group_input, "input[owner]": nul }],
    ["group/create", { ...group_input, "input[group_id]": nul }],
    ["group/edit", { ...edit_group, "input[name]": nul }],
    ["group/edit", { ...edit_group, "input[introduction]": nul }],
    ["message/send", { ...key, ids: [group], text: nul }],
    ["account/create", { ...account, "input[username]": nul }],
    ["account/create", { ...account, "input[nickname]": nul }],
    ["account/create", { ...account, "input[image]": `https://x.example/${nul}` }],
    ["account/edit", { ...profile, "input[nickname]": nul }],
    ["account/edit", { ...profile, "input[location]": nul }],
    ["account/edit", { ...profile, "input[self_signature]": nul }],
    ["application/edit", { ...key, display_name: nul }],
    ["application/create", { "input[display_name]": nul, "input[org_name]": "nul-org", "input[app_name]": "nul-app" }],
    ["operator/add", { name: nul, role: "viewer" }],
    ["account/list", { ...key, "params[q]": nul }],
    ["group/list", { ...key, "params[q]": nul }],
  ];
}

test("the NUL character is refused in every field", { tag: "@js" }, async ({ page, app, api, problems }) => {
  await app.account({ username: "ada" });
  const group = await app.group({ name: "Plain" });
  for (const [name, fields] of fieldsOf(app, group)) {
    const answer = await api.send(name, fields);
    const field = Object.entries(fields).find(([, value]) => String(value).includes("\0"))?.[0];
    expect(answer.status(), `${name} with NUL in ${field}: ${await answer.text()}`).toBe(422);
  }
  problems.expect(/\?q=/, 422);
  problems.expect(/\/list$/, 422);
  for (const list of ["groups", "accounts"]) {
    const answer = await api.get(app.path(`${list}?q=a%00b`));
    expect(answer.status(), "a page with NUL in its address is no fault of the server").toBeLessThan(500);
  }
  await openList(page, app, "groups");
  expect(await names(page)).toEqual(["Plain"]);
});
