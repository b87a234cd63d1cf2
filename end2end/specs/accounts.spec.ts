// Account Management: the list, and everything that is done to accounts from it.
import { readFile } from "node:fs/promises";

import { expectResults, filter, find, headings, openList } from "../support/lists.js";
import { csv, download, sendForm, speak } from "../support/own.js";
import {
  Api,
  type App,
  type Locator,
  type Page,
  dialog,
  each,
  expect,
  expectFieldError,
  fact,
  hasJs,
  numbered,
  open,
  ready,
  row,
  rows,
  signIn,
  signInWith,
  status,
  test,
} from "../support/test.js";

test.beforeEach(async ({ page }) => signIn(page));

interface Account {
  type: string;
  version: number;
  profile: Record<string, unknown>;
}

function account(app: App, username: string): Promise<Account> {
  return app.call<Account>("account/get", { username });
}

/** What `account/edit` takes besides the version, for an account with nothing but a nickname. */
function plainProfile(nickname: string): Record<string, string> {
  return {
    "input[nickname]": nickname,
    "input[gender]": "Gender_Type_Unknown",
    "input[allow_type]": "AllowType_Type_NeedConfirm",
    "input[msg_settings]": "receive",
    "input[admin_forbid_type]": "AdminForbid_Type_None",
  };
}

async function editPlain(app: App, username: string, fields: Record<string, string>): Promise<void> {
  const { version, profile } = await account(app, username);
  const input = { ...plainProfile(String(profile.nickname)), ...fields, "input[version]": String(version) };
  await app.call("account/edit", { username, ...input });
}

test("the list has the documented columns and actions", async ({ page, app }) => {
  await app.account({ username: "ada", nickname: "Ada Lovelace", image: "https://pictures.example/ada.png" });
  await app.account({ username: "root", type: "Admin" });
  await openList(page, app, "accounts");

  const columns = page.getByRole("region", { name: "Account Management" }).getByRole("columnheader");
  await expect(columns).toHaveCount(7);
  for (const [n, name] of ["Username", "Nickname", "Type", "Profile Photo", "Created", "Operation"].entries()) {
    await expect(columns.nth(n + 1)).toHaveText(name);
  }

  const ada = row(page, "ada");
  await expect(ada.getByRole("cell", { name: "Ada Lovelace" })).toBeVisible();
  await expect(ada.getByRole("cell", { name: "General" })).toBeVisible();
  const photo = ada.getByRole("presentation", { includeHidden: true });
  await expect(photo).toHaveAttribute("src", "https://pictures.example/ada.png");
  await expect(photo).toHaveAttribute("referrerpolicy", "no-referrer");
  await expect(ada.getByRole("time")).toHaveAttribute("datetime", /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  await expect(ada.getByRole("time")).toHaveAttribute("title", /just now|minute/);
  await expect(ada.getByRole("link", { name: "Edit: ada" })).toBeVisible();
  await expect(ada.getByRole("button", { name: "Export" })).toBeVisible();

  const root = row(page, "root");
  await expect(root.getByRole("cell", { name: "Admin" })).toBeVisible();
  await expect(root.getByRole("cell", { name: "—" })).toBeVisible();

  await expect(page.getByRole("link", { name: "Create account" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Batch Delete" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Batch Export" })).toBeVisible();
});

function createForm(page: Page) {
  const create = dialog(page, "Create account");
  return {
    create,
    type: create.getByLabel("Account Type"),
    username: create.getByLabel("Username"),
    nickname: create.getByLabel("Nickname"),
    photo: create.getByLabel("Profile Photo"),
    confirm: create.getByRole("button", { name: "Confirm" }),
  };
}

test("a General and an Admin account are created", async ({ page, app }) => {
  await openList(page, app, "accounts");
  await page.getByRole("link", { name: "Create account" }).first().click();
  const { create, type, username, nickname, photo, confirm } = createForm(page);
  await expect(type).toBeFocused();
  await expect(type.getByRole("option")).toHaveText(["General", "Admin"]);
  await expect(type).toHaveValue("General");
  await username.fill("minji.kim");
  await nickname.fill("김민지");
  await photo.fill("https://pictures.example/minji.png");
  await confirm.click();
  await expect(status(page)).toContainText("Account created.");
  await expect(create).toHaveCount(0);
  await expect(row(page, "minji.kim")).toContainText("김민지");
  await expect(row(page, "minji.kim")).toContainText("General");
  await ready(page);

  await page.getByRole("link", { name: "Create account" }).first().click();
  await expect(username).toHaveValue("");
  await type.selectOption("Admin");
  await username.fill("administrator");
  await confirm.click();
  await expect(row(page, "administrator")).toContainText("Admin");
  await expect(status(page)).toContainText("Account created.");
  expect((await account(app, "administrator")).type).toBe("Admin");
  expect((await account(app, "minji.kim")).profile.image).toBe("https://pictures.example/minji.png");
});

test("what is wrong with a new account is said beside each field, and nothing typed is lost", async ({ page, app, problems }) => {
  problems.expect(/account\/create$/, 422);
  await app.account({ username: "taken" });
  await open(page, app.dialog("accounts", "create"));
  const { create, type, username, nickname, photo, confirm } = createForm(page);

  await test.step("everything at once", async () => {
    await type.selectOption("Admin");
    await username.fill("x".repeat(33));
    await nickname.fill("가".repeat(167));
    await photo.fill("ftp://pictures.example/x.png");
    if (hasJs()) {
      await expect(username).toHaveAccessibleDescription(/33 \/ 32 bytes/);
      await expect(nickname).toHaveAccessibleDescription(/501 \/ 500 bytes/);
      await expect(photo).toHaveAccessibleDescription(/28 \/ 500 bytes/);
      await expectFieldError(nickname, "At most 500 bytes are allowed; this has 501.");
    }
    await sendForm(page, confirm);
    await expect(create.getByRole("alert")).toHaveText("3 fields need your attention.");
    await expectFieldError(username, "At most 32 bytes are allowed; this has 33.");
    await expectFieldError(nickname, "At most 500 bytes are allowed; this has 501.");
    await expectFieldError(photo, "Enter an address that begins with http:// or https://.");
    await expect(nickname).toHaveAccessibleDescription(/501 \/ 500 bytes/);
    await expect(type).toHaveValue("Admin");
    await expect(username).toHaveValue("x".repeat(33));
    await expect(nickname).toHaveValue("가".repeat(167));
    await expect(photo).toHaveValue("ftp://pictures.example/x.png");
  });

  await test.step("usernames", async () => {
    await nickname.fill("n".repeat(500));
    await photo.fill(`https://pictures.example/${"p".repeat(475)}`);
    for (const [text, sentence] of [
      ["", "Fill in this field."],
      ["two words", "A username holds only English letters, digits and signs, without spaces."],
      ["小明", "A username holds only English letters, digits and signs, without spaces."],
      ["taken", "This is taken already. Choose another."],
    ] as const) {
      await username.fill(text);
      await sendForm(page, confirm);
      await expectFieldError(username, sentence);
      await expect(username).toHaveValue(text);
      await expect(nickname).toHaveValue("n".repeat(500));
    }
  });

  await test.step("photos", async () => {
    await username.fill("x".repeat(32));
    for (const [url, sentence] of [
      ["javascript:alert(1)", "Enter an address that begins with http:// or https://."],
      ["data:image/png;base64,AAAA", "Enter an address that begins with http:// or https://."],
      [`https://pictures.example/${"p".repeat(476)}`, "At most 500 bytes are allowed; this has 501."],
    ] as const) {
      await photo.fill(url);
      await sendForm(page, confirm);
      await expectFieldError(photo, sentence);
      await expect(photo).toHaveValue(url);
    }
  });

  await test.step("as long as allowed", async () => {
    await photo.fill(`https://pictures.example/${"p".repeat(475)}`);
    await type.selectOption("General");
    await sendForm(page, confirm);
    await expect(status(page)).toContainText("Account created.");
    await expect(rows(page)).toHaveCount(2);
    await expect(row(page, "x".repeat(32))).toContainText("n".repeat(500));
  });
});

test("an app has at most ten admins", async ({ page, app, problems }) => {
  problems.expect(/account\/create$/, 422);
  const names = numbered(14, (n) => `admin${n}`);
  const answers = await each(names, (name) =>
    app.send("account/create", { "input[type]": "Admin", "input[username]": name, "input[nickname]": "", "input[image]": "" }),
  );
  expect(answers.filter((answer) => answer.ok()), "under concurrent requests too").toHaveLength(10);

  await open(page, app.dialog("accounts", "create"));
  const { type, username, nickname, confirm } = createForm(page);
  await type.selectOption("Admin");
  await username.fill("one.more");
  await nickname.fill("오빠");
  await sendForm(page, confirm);
  await expectFieldError(type, "An app has at most 10 admin accounts, and this one has them already.");
  await expect(type).toHaveValue("Admin");
  await expect(username).toHaveValue("one.more");
  await expect(nickname).toHaveValue("오빠");

  await type.selectOption("General");
  await sendForm(page, confirm);
  await expect(status(page)).toContainText("Account created.");
  await openList(page, app, "settings");
  await expect(fact(page, "Admin accounts")).toHaveText("10 of 10");
});

function editForm(edit: Locator) {
  return {
    nickname: edit.getByLabel("Nickname"),
    gender: edit.getByLabel("Gender"),
    birthday: edit.getByLabel("Birth Date"),
    location: edit.getByLabel("Location"),
    language: edit.getByLabel("Language"),
    signature: edit.getByLabel("What’s Up"),
    photo: edit.getByLabel("Profile Photo"),
    verification: edit.getByLabel("Friend Request Verification"),
    friending: edit.getByLabel("Friending"),
    messages: edit.getByLabel("Message settings"),
    level: edit.getByLabel("Level"),
    role: edit.getByLabel("Role"),
    confirm: edit.getByRole("button", { name: "Confirm" }),
  };
}

test("every field of an account is edited and comes back", async ({ page, app }) => {
  await app.account({ username: "ada", nickname: "Before", type: "Admin" });
  await openList(page, app, "accounts");
  await page.getByRole("link", { name: "Edit: ada" }).click();
  const edit = dialog(page, "Edit account");
  const form = editForm(edit);
  await expect(form.nickname).toHaveValue("Before");
  await expect(form.nickname).toBeFocused();

  await test.step("username and type are shown, not editable", async () => {
    await expect(fact(edit, "Username")).toHaveText("ada");
    await expect(fact(edit, "Account Type")).toHaveText("Admin");
    await expect(edit.getByLabel("Username")).toHaveCount(0);
    await expect(edit.getByLabel("Account Type")).toHaveCount(0);
  });

  await test.step("proper controls with the documented choices", async () => {
    await expect(form.gender.getByRole("option")).toHaveText(["Not set", "Female", "Male"]);
    await expect(form.verification.getByRole("option")).toHaveText(["Needs confirmation", "Anyone may add", "Nobody may add"]);
    await expect(form.friending.getByRole("option")).toHaveText(["May send friend requests", "May not send friend requests"]);
    await expect(form.messages.getByRole("option")).toHaveText(["Receive messages", "Do not receive messages"]);
    await expect(form.birthday).toHaveAttribute("type", "date");
    for (const field of [form.language, form.level, form.role]) await expect(field).toHaveRole("spinbutton");
  });

  await form.nickname.fill("에이다 러브레이스");
  await form.gender.selectOption({ label: "Female" });
  await form.birthday.fill("1815-12-10");
  await form.location.fill("런던 London");
  await form.language.fill("17");
  await form.signature.fill("First line\nsecond line 签名 😀");
  await form.photo.fill("http://pictures.example/ada.png?size=1&x=2");
  await form.verification.selectOption({ label: "Nobody may add" });
  await form.friending.selectOption({ label: "May not send friend requests" });
  await form.messages.selectOption({ label: "Do not receive messages" });
  await form.level.fill("4294967295");
  await form.role.fill("0");
  await form.confirm.click();
  await expect(status(page)).toContainText("Account saved.");
  await expect(row(page, "ada")).toContainText("에이다 러브레이스");

  await page.reload();
  await ready(page);
  await page.getByRole("link", { name: "Edit: ada" }).click();
  await expect(form.nickname).toHaveValue("에이다 러브레이스");
  await expect(form.gender).toHaveValue("Gender_Type_Female");
  await expect(form.birthday).toHaveValue("1815-12-10");
  await expect(form.location).toHaveValue("런던 London");
  await expect(form.language).toHaveValue("17");
  await expect(form.signature).toHaveValue("First line\nsecond line 签名 😀");
  await expect(form.photo).toHaveValue("http://pictures.example/ada.png?size=1&x=2");
  await expect(form.verification).toHaveValue("AllowType_Type_DenyAny");
  await expect(form.friending).toHaveValue("AdminForbid_Type_SendOut");
  await expect(form.messages).toHaveValue("do_not_receive");
  await expect(form.level).toHaveValue("4294967295");
  await expect(form.role).toHaveValue("0");

  expect((await account(app, "ada")).profile, "the wire values").toEqual({
    nickname: "에이다 러브레이스",
    gender: "Gender_Type_Female",
    birthday: 18151210,
    location: "런던 London",
    self_signature: "First line\nsecond line 签名 😀",
    allow_type: "AllowType_Type_DenyAny",
    language: 17,
    image: "http://pictures.example/ada.png?size=1&x=2",
    msg_settings: 1,
    admin_forbid_type: "AdminForbid_Type_SendOut",
    level: 4294967295,
    role: 0,
  });

  await test.step("and is emptied again", async () => {
    for (const field of [form.nickname, form.birthday, form.location, form.language, form.signature, form.photo, form.level]) {
      await field.fill("");
    }
    await form.gender.selectOption({ label: "Not set" });
    await form.messages.selectOption({ label: "Receive messages" });
    await form.confirm.click();
    await expect(status(page)).toContainText("Account saved.");
    const { profile } = await account(app, "ada");
    expect(profile).toMatchObject({ nickname: "", birthday: null, location: "", language: null, level: null, role: 0 });
    expect(profile).toMatchObject({ gender: "Gender_Type_Unknown", msg_settings: 0, self_signature: "", image: "" });
  });
});

test("what is wrong with an edit is said beside each field, and nothing typed is lost", async ({ page, app, problems }) => {
  problems.expect(/account\/edit$/, 422);
  await app.account({ username: "ada" });
  await open(page, app.dialog("accounts", "edit", ["ada"]));
  const edit = dialog(page, "Edit account");
  const form = editForm(edit);
  await form.nickname.fill("kept");
  await form.gender.selectOption({ label: "Male" });
  await form.location.fill("서울특별시구");
  await form.signature.fill("签".repeat(167));
  const numbers = [
    [form.level, "-1"],
    [form.role, "4294967296"],
    [form.language, "1.5"],
  ] as const;
  for (const [field, text] of numbers) await field.fill(text);
  if (hasJs()) {
    await expect(form.location).toHaveAccessibleDescription(/18 \/ 16 bytes/);
    await expect(form.signature).toHaveAccessibleDescription(/501 \/ 500 bytes/);
  } else {
    await test.step("what is no whole number the browser itself points at", async () => {
      await form.confirm.click();
      await expect(form.language).toBeFocused();
      expect(await form.language.evaluate((input: HTMLInputElement) => input.validity.valid)).toBe(false);
      for (const [field, text] of numbers) await expect(field).toHaveValue(text);
    });
    await form.language.fill("");
  }
  await sendForm(page, form.confirm);
  await expect(edit.getByRole("alert")).toHaveText(`${hasJs() ? 5 : 4} fields need your attention.`);
  await expectFieldError(form.location, "At most 16 bytes are allowed; this has 18.");
  await expectFieldError(form.signature, "At most 500 bytes are allowed; this has 501.");
  for (const [field, text] of hasJs() ? numbers : numbers.slice(0, 2)) {
    await expectFieldError(field, "Enter a whole number from 0 to 4,294,967,295.");
    await expect(field).toHaveValue(text);
  }
  await expect(form.nickname).toHaveValue("kept");
  await expect(form.gender).toHaveValue("Gender_Type_Male");
  await expect(form.location).toHaveValue("서울특별시구");
  await expect(form.signature).toHaveValue("签".repeat(167));
  expect((await account(app, "ada")).profile, "nothing is half done").toMatchObject({ nickname: "", location: "" });

  await test.step("dates that do not exist, choices that are none", async () => {
    const fields = { username: "ada", ...plainProfile("x"), "input[version]": 1 };
    for (const [field, value] of [
      ["birthday", "2001-02-29"],
      ["birthday", "20010228"],
      ["gender", "Other"],
      ["allow_type", ""],
      ["level", "-1"],
      ["role", "4294967296"],
      ["language", "1.5"],
    ] as const) {
      const answer = await app.send("account/edit", { ...fields, [`input[${field}]`]: value });
      expect(answer.status(), `${field}: ${value}`).toBe(422);
    }
  });

  await form.location.fill("서울특별시");
  await form.signature.fill("签".repeat(166));
  await form.level.fill("1");
  await form.role.fill("");
  await form.language.fill("");
  await sendForm(page, form.confirm);
  await expect(status(page)).toContainText("Account saved.");
});

test("an edit of an outdated version is refused, and what was typed stays", async ({ page, app, problems }) => {
  problems.expect(/account\/edit$/, 409);
  await app.account({ username: "ada", nickname: "Before" });
  await open(page, app.dialog("accounts", "edit", ["ada"]));
  const edit = dialog(page, "Edit account");
  const form = editForm(edit);
  await form.nickname.fill("Mine");
  await form.level.fill("3");
  await editPlain(app, "ada", { "input[nickname]": "Theirs" });
  await sendForm(page, form.confirm);
  await expect(edit.getByRole("alert")).toContainText("Somebody changed this since you opened it.");
  await expect(form.nickname).toHaveValue("Mine");
  await expect(form.level).toHaveValue("3");

  await edit.getByRole("link", { name: "Cancel" }).click();
  await expect(edit).toHaveCount(0);
  await page.reload();
  await ready(page);
  await expect(row(page, "ada")).toContainText("Theirs");
  await page.getByRole("link", { name: "Edit: ada" }).click();
  await expect(form.nickname).toHaveValue("Theirs");
});

test("deleted accounts leave their groups, and groups that they owned become ownerless", async ({ page, app }) => {
  await app.accounts([{ username: "ada", nickname: "Ada" }, { username: "bob" }, { username: "cy" }]);
  const [one, two] = (await app.groups([{ name: "One", owner: "ada" }, { name: "Two", owner: "ada" }])) as [string, string];
  await app.members(one, ["bob", "cy"]);
  await app.members(two, ["cy"]);
  await openList(page, app, "accounts");

  await page.getByLabel("Select ada").check();
  await page.getByLabel("Select bob").check();
  if (hasJs()) await expect(page.getByText("2 selected")).toBeVisible();
  await page.getByRole("button", { name: "Batch Delete" }).click();
  const remove = dialog(page, "Delete accounts");
  await expect(remove).toContainText("Delete 2 accounts with 3 group memberships?");
  await expect(remove).toContainText("Data cannot be restored once deleted.");
  await expect(remove).toContainText("2 groups that they own become ownerless.");
  await expect(remove.getByRole("listitem")).toHaveCount(2);
  await expect(remove.getByRole("listitem").filter({ hasText: "Ada" })).toContainText("ada");
  await expect(remove.getByRole("link", { name: "Cancel" })).toBeFocused();

  await test.step("Cancel changes nothing", async () => {
    await remove.getByRole("link", { name: "Cancel" }).click();
    await expect(remove).toHaveCount(0);
    await expect(rows(page)).toHaveCount(3);
    await ready(page);
  });

  if (!hasJs()) {
    await page.getByLabel("Select ada").check();
    await page.getByLabel("Select bob").check();
  }
  await page.getByRole("button", { name: "Batch Delete" }).click();
  await remove.getByRole("button", { name: "Delete 2 accounts" }).click();
  await expect(status(page)).toContainText("2 accounts deleted.");
  await expect(rows(page)).toHaveCount(1);
  await expect(page.getByText(/^\d+ selected$/)).toHaveCount(0);

  await openList(page, app, "groups");
  for (const name of ["One", "Two"]) await expect(row(page, name)).toContainText("No owner");
  await open(page, app.groupPath(one));
  await expect(fact(page, "Group Owner")).toHaveText("No owner");
  await open(page, app.groupPath(one, "members"));
  const members = page.getByRole("region", { name: "Members", exact: true });
  await expect(rows(members)).toHaveCount(1);
  await expect(row(members, "cy")).toBeVisible();
});

test("one account that owns nothing, and one that is gone meanwhile", async ({ page, app }) => {
  await app.accounts([{ username: "ada" }, { username: "bob" }]);
  await open(page, app.dialog("accounts", "delete", ["ada", "bob"]));
  const remove = dialog(page, "Delete accounts");
  await expect(remove).toContainText("Delete 2 accounts with 0 group memberships?");
  await expect(remove.getByText("ownerless")).toHaveCount(0);
  await app.call("account/delete", { ids: ["bob"] });
  await remove.getByRole("button", { name: "Delete 2 accounts" }).click();
  await expect(status(page)).toContainText("1 account deleted.");
  await expect(status(page)).toContainText("1 item was not done");
  await expect(status(page).getByRole("listitem")).toContainText("bob — No longer there.");
});

test("more than twenty need their number", async ({ page, app, problems }) => {
  problems.expect(/account\/delete$/, 422);
  const names = await app.accounts(numbered(41, (n) => ({ username: `user${n}` })));
  const remove = dialog(page, "Delete accounts");

  await test.step("twenty do not", async () => {
    await open(page, app.dialog("accounts", "delete", names.slice(0, 20)));
    await expect(remove).toContainText("Delete 20 accounts");
    await expect(remove).toContainText(/and 1\d more/);
    await expect(remove.getByRole("textbox")).toHaveCount(0);
    await sendForm(page, remove.getByRole("button", { name: "Delete 20 accounts" }));
    await expect(status(page)).toContainText("20 accounts deleted.");
  });

  await open(page, app.dialog("accounts", "delete", names.slice(20)));
  const number = remove.getByLabel("Type 21 to confirm");
  for (const typed of ["", "20", "yes"]) {
    await number.fill(typed);
    await sendForm(page, remove.getByRole("button", { name: "Delete 21 accounts" }));
    await expectFieldError(number, "Type 21, the number of items, to confirm.");
    await expect(number).toHaveValue(typed);
  }
  expect(await app.call<{ items: unknown[] }>("account/list", { "params[size]": 50 })).toMatchObject({ total: { number: 21 } });
  await number.fill("21");
  await sendForm(page, remove.getByRole("button", { name: "Delete 21 accounts" }));
  await expect(status(page)).toContainText("21 accounts deleted.");
  await expect(page.getByText("No accounts yet.")).toBeVisible();
});

test("without a selection there is nothing to delete", async ({ page, app }) => {
  await app.account({ username: "ada" });
  await openList(page, app, "accounts");
  const button = page.getByRole("button", { name: "Batch Delete" });
  if (hasJs()) {
    await expect(button).toHaveAttribute("aria-disabled", "true");
    await expect(button).toHaveAttribute("title", "Select rows first.");
    return;
  }
  await button.click();
  await expect(dialog(page, "Batch Delete")).toContainText("Nothing is selected.");
  await dialog(page, "Batch Delete").getByRole("link", { name: "Back to the list" }).click();
  await expect(page.getByRole("dialog")).toHaveCount(0);
});

const HEADER = [
  "Username",
  "Account Type",
  "Nickname",
  "Gender",
  "Birth Date",
  "Location",
  "What’s Up",
  "Friend Request Verification",
  "Language",
  "Profile Photo",
  "Message settings",
  "Friending",
  "Level",
  "Role",
  "Created",
];

test("one row is exported, all its fields as a harmless CSV file", async ({ page, app }) => {
  const nickname = 'Ada "The Countess", of Lovelace';
  await app.account({ username: "ada", type: "Admin" });
  await app.account({ username: "=cmd|' /C calc'!A0".replaceAll(" ", "_"), nickname: "+1" });
  await editPlain(app, "ada", {
    "input[nickname]": nickname,
    "input[location]": "-2,5",
    "input[self_signature]": '@SUM(A1)\nsecond "line", 签名',
    "input[birthday]": "1815-12-10",
    "input[gender]": "Gender_Type_Female",
    "input[level]": "7",
    "input[msg_settings]": "do_not_receive",
  });
  await openList(page, app, "accounts");
  await row(page, "ada").getByRole("button", { name: "Export" }).click();
  await expect(dialog(page, "Export successful")).toContainText("1 account exported.");
  await ready(page);
  const { name, text } = await download(page);
  expect(name).toMatch(/^chat-accounts-\d{8}-\d{6}\.csv$/);
  expect(text.startsWith("\uFEFF"), "a BOM").toBe(true);
  expect(text.endsWith("\r\n")).toBe(true);
  expect(text).toContain('"Ada ""The Countess"", of Lovelace"');

  const [header, ada, ...others] = csv(text.slice(1));
  expect(others).toEqual([]);
  expect(header).toEqual(HEADER);
  expect(ada?.slice(0, 14)).toEqual([
    "ada",
    "Admin",
    nickname,
    "Gender_Type_Female",
    "18151210",
    "'-2,5",
    "'@SUM(A1)\nsecond \"line\", 签名",
    "AllowType_Type_NeedConfirm",
    "",
    "",
    "1",
    "AdminForbid_Type_None",
    "7",
    "",
  ]);
  expect(ada?.[14]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/);

  await test.step("closing leads back to the list", async () => {
    await dialog(page, "Export successful").getByRole("link", { name: "Close" }).last().click();
    await expect(page.getByRole("dialog")).toHaveCount(0);
    await expect(rows(page)).toHaveCount(2);
    await ready(page);
  });

  await test.step("formulas in usernames and nicknames are text", async () => {
    await row(page, "=cmd|'_/C_calc'!A0").getByRole("button", { name: "Export" }).click();
    await expect(dialog(page, "Export successful")).toContainText("1 account exported.");
    await ready(page);
    const [, second] = csv((await download(page)).text.slice(1));
    expect(second?.slice(0, 3)).toEqual(["'=cmd|'_/C_calc'!A0", "General", "'+1"]);
  });
});

test("a selection is exported", async ({ page, app }) => {
  await app.accounts([{ username: "ada" }, { username: "bob", nickname: "밥" }, { username: "cy" }]);
  await openList(page, app, "accounts");
  await page.getByLabel("Select ada").check();
  await page.getByLabel("Select bob").check();
  await page.getByRole("button", { name: "Batch Export" }).click();
  const ask = dialog(page, "Export accounts");
  await expect(ask).toContainText("2 selected accounts");
  await ready(page);
  await ask.getByRole("button", { name: "Export" }).click();
  await expect(dialog(page, "Export successful")).toContainText("2 accounts exported.");
  await ready(page);
  const [, ...records] = csv((await download(page)).text.slice(1));
  expect(records.map((record) => [record[0], record[2]]).sort()).toEqual([
    ["ada", ""],
    ["bob", "밥"],
  ]);
});

for (const [language, header] of [
  ["zh", ["用户名", "帐号类型", "昵称", "性别", "生日", "所在地", "个性签名"]],
  ["ko", ["사용자 이름", "계정 유형", "닉네임", "성별", "생년월일", "위치", "개인 서명"]],
] as const) {
  test(`the file's header is in the reader's language: ${language}`, { tag: "@js" }, async ({ page, app, roster, operator }) => {
    await app.account({ username: "ada" });
    const { cookies } = await operator("viewer");
    const session = await Api.of(roster.url, cookies);
    await speak(session, language);
    await session.close();
    await signInWith(page, cookies);
    await openList(page, app, "accounts");
    await row(page, "ada").getByRole("button", { name: language === "zh" ? "导出" : "내보내기" }).click();
    const done = dialog(page, language === "zh" ? "导出成功" : "내보내기 완료");
    await expect(done).toBeVisible();
    await ready(page);
    const link = done.getByRole("link", { name: language === "zh" ? "下载" : "다운로드" });
    const [file] = await Promise.all([page.waitForEvent("download"), link.click()]);
    const text = await readFile(await file.path(), "utf8");
    expect(text.startsWith("\uFEFF")).toBe(true);
    const records = csv(text.slice(1));
    expect(records[0]?.slice(0, header.length)).toEqual(header);
    expect(records[0]).toHaveLength(15);
    expect(records[1]?.[1], "values stay the wire's").toBe("General");
  });
}

test("search finds parts of usernames and nicknames, one character too", async ({ page, app }) => {
  await app.accounts([
    { username: "ada.lovelace", nickname: "Ada" },
    { username: "minji", nickname: "김민지" },
    { username: "junseo", nickname: "민준서" },
    { username: "xiaoming", nickname: "王小明" },
    { username: "sale", nickname: "100%_off" },
  ]);
  await openList(page, app, "accounts");
  for (const [term, found] of [
    ["LOVEL", ["ada.lovelace"]],
    ["民", []],
    ["민", ["junseo", "minji"]],
    ["0%_", ["sale"]],
  ] as const) {
    await test.step(term, async () => {
      await find(page, term);
      await expect(page.getByRole("link", { name: `Remove filter: Contains “${term}”` })).toBeVisible();
      await expectResults(page, found.length);
      if (found.length > 0) expect((await headings(page)).sort()).toEqual(found);
      else await expect(page.getByText("Nothing matches these filters.")).toBeVisible();
      await expect(page.getByRole("searchbox")).toHaveValue(term);
      expect(new URL(page.url()).searchParams.get("q")).toBe(term);
      await ready(page);
    });
  }
  await page.getByRole("link", { name: "Remove filter: Contains “0%_”" }).click();
  await expectResults(page, 5);
  expect(new URL(page.url()).searchParams.has("q")).toBe(false);
  await expect(page.getByRole("searchbox")).toHaveValue("");
});

test("the type filters, headers sort, and the address keeps it all", async ({ page, app }) => {
  for (const username of ["b", "c", "a"]) await app.account({ username, type: username === "c" ? "Admin" : "General" });
  await openList(page, app, "accounts");
  const header = (name: string) => page.getByRole("columnheader", { name });
  const sortBy = (name: string) => header(name).getByRole("link", { name }).click();

  await test.step("newest first, to begin with", async () => {
    expect(await headings(page)).toEqual(["a", "c", "b"]);
    await expect(header("Created")).toHaveAttribute("aria-sort", "descending");
    await expect(header("Username")).toHaveAttribute("aria-sort", "none");
  });
  for (const [name, direction, order] of [
    ["Created", "ascending", ["b", "c", "a"]],
    ["Username", "ascending", ["a", "b", "c"]],
    ["Username", "descending", ["c", "b", "a"]],
    ["Created", "descending", ["a", "c", "b"]],
  ] as const) {
    await test.step(`${name} ${direction}`, async () => {
      await sortBy(name);
      await expect(header(name)).toHaveAttribute("aria-sort", direction);
      await expect(page.getByRole("table").getByRole("rowheader")).toHaveText(order);
      await ready(page);
    });
  }

  await sortBy("Username");
  await expect(header("Username")).toHaveAttribute("aria-sort", "ascending");
  await ready(page);
  await filter(page, "Account Type", "General");
  await expectResults(page, 2);
  await expect(page.getByRole("table").getByRole("rowheader")).toHaveText(["a", "b"]);
  await expect(page.getByRole("link", { name: "Remove filter: General" })).toBeVisible();
  await page.reload();
  await ready(page);
  await expect(page.getByLabel("Account Type")).toHaveValue("General");
  await expect(page.getByRole("table").getByRole("rowheader")).toHaveText(["a", "b"]);
  await expect(header("Username")).toHaveAttribute("aria-sort", "ascending");

  await filter(page, "Account Type", "Admin");
  await expect(page.getByRole("table").getByRole("rowheader")).toHaveText(["c"]);
  await page.getByRole("link", { name: "Clear all" }).click();
  await expectResults(page, 3);
  await expect(header("Username"), "the order is no filter").toHaveAttribute("aria-sort", "ascending");
});

test("pages go both ways and show each account once", async ({ page, app }) => {
  const names = (await app.accounts(numbered(45, (n) => ({ username: `user${n}` })))).sort();
  await openList(page, app, "accounts");
  await page.getByRole("columnheader", { name: "Username" }).getByRole("link", { name: "Username" }).click();
  await expect(rows(page).first()).toContainText("user01");
  await ready(page);
  const pager = page.getByRole("navigation", { name: "Pages" });
  const expectPage = async (wanted: string[]) => {
    await expect(page.getByRole("table").getByRole("rowheader")).toHaveText(wanted);
    await ready(page);
  };
  const go = (name: string) => pager.getByRole("link", { name }).click();

  await expectResults(page, 45);
  await expectPage(names.slice(0, 20));
  await expect(pager.getByRole("link", { name: "Previous" })).toBeDisabled();
  await go("Next");
  await expectPage(names.slice(20, 40));
  await go("Next");
  await expectPage(names.slice(40));
  await expect(pager.getByRole("link", { name: "Next" })).toBeDisabled();
  await go("Previous");
  await expectPage(names.slice(20, 40));
  await page.reload();
  await expectPage(names.slice(20, 40));
  await go("Previous");
  await expectPage(names.slice(0, 20));

  await test.step("fifty on a page", async () => {
    await page.getByRole("link", { name: "50 rows per page" }).click();
    await expectPage(names);
    await expect(page.getByRole("link", { name: "50 rows per page" })).toHaveAttribute("aria-current", "true");
    await expect(pager).toHaveCount(0);
  });
});

test("empty lists say so and lead on", async ({ page, app }) => {
  await openList(page, app, "accounts");
  await expect(page.getByText("No accounts yet.")).toBeVisible();
  await expectResults(page, 0);
  await page.getByText("No accounts yet.").locator("xpath=..").getByRole("link", { name: "Create account" }).click();
  await expect(dialog(page, "Create account")).toBeVisible();
  await app.account({ username: "ada" });

  await openList(page, app, "accounts?q=nobody&type=Admin");
  await expect(page.getByText("Nothing matches these filters.")).toBeVisible();
  await expect(page.getByText("No accounts yet.")).toHaveCount(0);
  await page.getByRole("link", { name: "Clear all" }).last().click();
  await expect(row(page, "ada")).toBeVisible();
});

test("a viewer looks and exports, and the rest is disabled and says why", async ({ page, app, operator }) => {
  await app.account({ username: "ada" });
  await signInWith(page, (await operator("viewer")).cookies);
  await openList(page, app, "accounts");
  const why = "Your role, viewer, can only read.";
  for (const control of [
    page.getByRole("link", { name: "Create account" }),
    page.getByRole("link", { name: "Edit: ada" }),
    page.getByRole("button", { name: "Batch Delete" }),
  ]) {
    await expect(control).toBeDisabled();
    await expect(control).toHaveAttribute("title", why);
  }
  await row(page, "ada").getByRole("button", { name: "Export" }).click();
  await expect(dialog(page, "Export successful")).toContainText("1 account exported.");
});
