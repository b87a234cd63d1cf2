// Group Management: the list, and everything that is done to groups from it and from Group Details.
import { filter, find, openList } from "../support/lists.js";
import {
  dialog,
  expect,
  expectFieldError,
  fact,
  hasJs,
  numbered,
  open,
  row,
  rows,
  signIn,
  status,
  tab,
  test,
} from "../support/test.js";

test.beforeEach(async ({ page }) => signIn(page));

test("the list has the documented columns and actions", async ({ page, app }) => {
  await app.account({ username: "ada", nickname: "Ada Lovelace" });
  const id = await app.group({ name: "Lunch", owner: "ada", type: "Work" });
  await app.group({ name: "Stream", type: "AVChatRoom" });
  await openList(page, app, "groups");

  const columns = page.getByRole("region", { name: "Group Management" }).getByRole("columnheader");
  await expect(columns).toHaveCount(8);
  for (const [n, name] of ["Group ID", "Group Name", "Group Owner", "Type", "Created", "Members", "Operation"].entries()) {
    await expect(columns.nth(n + 1)).toHaveText(name);
  }

  const lunch = row(page, "Lunch");
  for (const text of [id, "Ada Lovelace", "ada", "Work"]) await expect(lunch).toContainText(text);
  await expect(lunch.getByRole("cell", { name: "1", exact: true })).toBeVisible();
  await expect(lunch.getByRole("time")).toHaveAttribute("datetime", /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  await expect(lunch.getByRole("time")).toHaveAttribute("title", /just now|minute/);
  await expect(lunch.getByRole("link", { name: "View Details" })).toBeVisible();
  await expect(lunch.getByRole("link", { name: "Send Messages: Lunch" })).toBeVisible();
  await expect(lunch.getByRole("link", { name: "Delete: Lunch" })).toBeVisible();

  const stream = row(page, "Stream");
  await expect(stream).toContainText("No owner");
  await expect(stream).toContainText("Audio-video");

  await expect(page.getByRole("link", { name: "Add Group" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Send Messages" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Delete Groups" })).toBeVisible();
});

test("a group is added with an owner, who becomes its first member", async ({ page, app }) => {
  await app.account({ username: "ada", nickname: "Ada" });
  await openList(page, app, "groups");
  await page.getByRole("link", { name: "Add Group" }).first().click();
  const add = dialog(page, "Add Group");
  await expect(add.getByLabel("Group Name")).toBeFocused();
  await add.getByLabel("Group Name").fill("점심 모임");
  await add.getByLabel("Group Owner ID").fill("ada");
  await add.getByLabel("Group Type").selectOption({ label: "Meeting" });
  await add.getByRole("button", { name: "OK" }).click();

  await expect(status(page)).toContainText(/^Group @TGS#\S+ added\.$/);
  await expect(page.getByRole("dialog")).toHaveCount(0);
  const added = row(page, "점심 모임");
  await expect(added).toContainText("@TGS#");
  await expect(added).toContainText("Meeting");

  await added.getByRole("link", { name: "View Details" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "점심 모임" })).toBeVisible();
  await expect(fact(page, "Group ID")).toContainText(/^@TGS#/);
  await expect(fact(page, "Group Type")).toHaveText("Meeting");
  await expect(fact(page, "Group Owner")).toContainText("ada");
  await tab(page, "Members");
  await expect(row(page, "ada")).toContainText("Owner");
});

test("what is wrong with a new group is said beside each field, and nothing typed is lost", async ({ page, app, problems }) => {
  problems.expect(/group\/create$/, 422);
  await app.group({ name: "First", group_id: "taken" });
  await open(page, app.dialog("groups", "add"));
  const add = dialog(page, "Add Group");
  const [name, owner, id] = [add.getByLabel("Group Name"), add.getByLabel("Group Owner ID"), add.getByLabel("Custom group ID")];
  const ok = add.getByRole("button", { name: "OK" });

  await test.step("a name of 31 bytes, an impossible owner, a reserved id", async () => {
    await name.fill("群".repeat(10) + "a");
    await owner.fill("no spaces");
    await id.fill("@TGS#mine");
    if (hasJs()) {
      await expect(name).toHaveAccessibleDescription(/31 \/ 30 bytes/);
      await expectFieldError(name, "At most 30 bytes are allowed; this has 31.");
    }
    await ok.click();
    await expect(add.getByRole("alert")).toHaveText("3 fields need your attention.");
    await expectFieldError(name, "At most 30 bytes are allowed; this has 31.");
    await expectFieldError(owner, "A username holds only English letters, digits and signs, without spaces.");
    await expectFieldError(id, "A custom ID must not begin with @TGS#.");
    await expect(name).toHaveAccessibleDescription(/31 \/ 30 bytes/);
    await expect(name).toHaveValue("群".repeat(10) + "a");
    await expect(owner).toHaveValue("no spaces");
    await expect(id).toHaveValue("@TGS#mine");
  });

  await test.step("nobody of that name, an id that exists", async () => {
    await name.fill("群".repeat(10));
    await owner.fill("nobody");
    await id.fill("taken");
    await ok.click();
    // One rule at a time may be reported: the first that the server checks.
    await expect(owner.or(id).and(page.locator("[aria-invalid=true]")).first()).toBeVisible();
    await expectFieldError(owner, "Not registered in this app: nobody.");
    await expect(owner).toHaveValue("nobody");
    await owner.fill("");
    await ok.click();
    await expectFieldError(id, "This is taken already. Choose another.");
  });

  await test.step("ids that are too long, not ASCII, or no part of an address", async () => {
    for (const [text, sentence] of [
      ["x".repeat(49), "At most 48 bytes are allowed; this has 49."],
      ["群组", "Only printable ASCII characters are allowed"],
      ["..", "An ID cannot be . or .."],
    ] as const) {
      await id.fill(text);
      await ok.click();
      await expectFieldError(id, sentence);
      await expect(id).toHaveValue(text);
    }
  });

  await test.step("nothing was half done; the right values are accepted", async () => {
    await id.fill("x".repeat(48));
    await ok.click();
    await expect(status(page)).toContainText(`Group ${"x".repeat(48)} added.`);
    await expect(rows(page)).toHaveCount(2);
    await expect(row(page, "群".repeat(10))).toBeVisible();
  });
});

test("an empty name is refused with a sentence", async ({ page, app, problems }) => {
  problems.expect(/group\/create$/, 422);
  await open(page, app.dialog("groups", "add"));
  const add = dialog(page, "Add Group");
  await add.getByRole("button", { name: "OK" }).click();
  await expectFieldError(add.getByLabel("Group Name"), "Fill in this field.");
  await add.getByLabel("Group Name").fill("　 ");
  await add.getByRole("button", { name: "OK" }).click();
  await expectFieldError(add.getByLabel("Group Name"), "White space alone is not enough.");
});

for (const id of ["a#b@c/d?e f&g", "100%", "%2F%23", "a+b=c;d", "@x/../y"]) {
  test(`the id ${id} survives addresses`, async ({ page, app }) => {
    await app.group({ name: "Odd", group_id: id });
    await app.message([id], "hello");
    await openList(page, app, "groups");
    await row(page, "Odd").getByRole("link", { name: "View Details" }).click();
    await expect(fact(page, "Group ID")).toHaveText(id);
    const address = page.url();

    await page.reload();
    await expect(fact(page, "Group ID")).toHaveText(id);

    await openList(page, app, "groups");
    await open(page, app.groupPath(id));
    await expect(fact(page, "Group ID")).toHaveText(id);
    expect(new URL(page.url()).pathname).toBe(new URL(address).pathname);

    await tab(page, "Messages");
    await expect(page.getByText("hello")).toBeVisible();
    await page.getByRole("link", { name: "Send Messages" }).click();
    const send = dialog(page, "Send Messages");
    await expect(send).toContainText(id);
    await send.getByLabel("Message content").fill("once more");
    await send.getByRole("button", { name: "OK" }).click();
    await expect(status(page)).toContainText("Message sent to 1 group.");
    await expect(page.getByText("once more")).toBeVisible();
  });
}

test("name and introduction are edited within their limits", async ({ page, app, problems }) => {
  problems.expect(/group\/edit$/, 422);
  const id = await app.group({ name: "Before" });
  await open(page, app.groupPath(id));
  await page.getByRole("link", { name: "Edit: Basic information" }).click();
  const edit = dialog(page, "Edit group");
  const [name, introduction] = [edit.getByLabel("Group Name"), edit.getByLabel("Group introduction")];
  await expect(name).toHaveValue("Before");

  await test.step("both too long", async () => {
    await name.fill("한".repeat(11));
    await introduction.fill("a".repeat(241));
    await edit.getByRole("button", { name: "Confirm" }).click();
    await expect(edit.getByRole("alert")).toHaveText("2 fields need your attention.");
    await expectFieldError(name, "At most 30 bytes are allowed; this has 33.");
    await expectFieldError(introduction, "At most 240 bytes are allowed; this has 241.");
    await expect(introduction).toHaveValue("a".repeat(241));
  });

  await test.step("as long as allowed; a line break is one", async () => {
    const text = "介".repeat(79) + "\nab";
    await name.fill("한".repeat(10));
    await introduction.fill(text);
    if (hasJs()) await expect(introduction).toHaveAccessibleDescription(/240 \/ 240 bytes/);
    await edit.getByRole("button", { name: "Confirm" }).click();
    await expect(status(page)).toContainText("Group saved.");
    await expect(page.getByRole("dialog")).toHaveCount(0);
    await expect(page.getByRole("heading", { level: 1, name: "한".repeat(10) })).toBeVisible();
    await expect(fact(page, "Group introduction")).toHaveText(text);
    await page.getByRole("link", { name: "Edit: Basic information" }).click();
    await expect(introduction).toHaveValue(text);
  });
});

test("an edit of an outdated version is refused, and what was typed stays", async ({ page, app, problems }) => {
  problems.expect(/group\/edit$/, 409);
  const id = await app.group({ name: "Before" });
  await open(page, app.groupPath(id));
  await page.getByRole("link", { name: "Edit: Basic information" }).click();
  const edit = dialog(page, "Edit group");
  await edit.getByLabel("Group Name").fill("Mine");
  const { version } = await app.call<{ version: number }>("group/get", { group_id: id });
  await app.call("group/edit", { group_id: id, "input[name]": "Theirs", "input[introduction]": "", "input[version]": version });

  await edit.getByRole("button", { name: "Confirm" }).click();
  await expect(edit.getByRole("alert")).toContainText("Somebody changed this since you opened it.");
  await expect(edit.getByLabel("Group Name")).toHaveValue("Mine");
  await edit.getByRole("link", { name: "Cancel" }).click();
  await page.reload();
  await expect(fact(page, "Group Name")).toHaveText("Theirs");
});

test("a message is sent to one group and numbered", async ({ page, app, problems }) => {
  problems.expect(/message\/send$/, 422);
  const id = await app.group({ name: "Lunch" });
  await openList(page, app, "groups");
  await page.getByRole("link", { name: "Send Messages: Lunch" }).click();
  const send = dialog(page, "Send Messages");
  const content = send.getByLabel("Message content");
  const ok = send.getByRole("button", { name: "OK" });
  await expect(send).toContainText("To 1 group:");
  await expect(send).toContainText("Lunch");

  await test.step("nothing, white space and 301 characters are refused", async () => {
    await content.fill(" \n　");
    await ok.click();
    await expectFieldError(content, "White space alone is not enough.");
    await content.fill("😀".repeat(301));
    await ok.click();
    await expectFieldError(content, "At most 300 characters are allowed; this has 301.");
    await expect(content).toHaveAccessibleDescription(/301 \/ 300 characters/);
    await expect(content).toHaveValue("😀".repeat(301));
  });

  const first = "😀".repeat(298) + "\nz";
  await test.step("300 are sent", async () => {
    await content.fill(first);
    await ok.click();
    await expect(status(page)).toContainText("Message sent to 1 group.");
    await expect(page).toHaveURL(app.path("groups"));
  });

  await test.step("Group Details shows them, newest first", async () => {
    await open(page, app.groupPath(id, "messages"));
    await page.getByRole("link", { name: "Send Messages" }).click();
    await content.fill("second");
    await ok.click();
    await expect(status(page)).toContainText("Message sent to 1 group.");
    const messages = page.getByRole("region", { name: "Latest messages" }).getByRole("listitem");
    await expect(messages).toHaveCount(2);
    await expect(messages.nth(0)).toContainText("#2");
    await expect(messages.nth(0)).toContainText("second");
    await expect(messages.nth(0)).toContainText("admin");
    await expect(messages.nth(0)).toContainText("Operator");
    await expect(messages.nth(1)).toContainText("#1");
    await expect(messages.nth(1).getByText(first)).toBeVisible();
    await expect(page.getByText("2 messages")).toBeVisible();
  });
});

test("messages are paged", async ({ page, app }) => {
  const id = await app.group({ name: "Busy" });
  for (const text of numbered(21, (n) => `message ${n}`)) await app.message([id], text);
  await open(page, app.groupPath(id, "messages"));
  const messages = page.getByRole("region", { name: "Latest messages" });
  await expect(messages.getByRole("listitem").first()).toContainText("message 21");
  await expect(messages.getByText("message 01")).toHaveCount(0);
  await messages.getByRole("link", { name: "Next" }).click();
  await expect(messages.getByText("message 01")).toBeVisible();
  await expect(messages.getByRole("listitem")).toHaveCount(1);
  await messages.getByRole("link", { name: "Previous" }).click();
  await expect(messages.getByRole("listitem")).toHaveCount(20);
});

test("a message is sent to many groups", async ({ page, app }) => {
  const ids = await app.groups([{ name: "One" }, { name: "Two" }, { name: "Three" }]);
  await openList(page, app, "groups");
  for (const name of ["One", "Three"]) await page.getByRole("checkbox", { name: `Select ${name}`, exact: true }).check();
  await page.getByRole("button", { name: "Send Messages" }).click();
  const send = dialog(page, "Send Messages");
  await expect(send).toContainText("To 2 groups:");
  await send.getByLabel("Message content").fill("to both");
  await send.getByRole("button", { name: "OK" }).click();
  await expect(status(page)).toContainText("Message sent to 2 groups.");
  for (const [n, count] of [1, 0, 1].entries()) {
    const group = await app.call<{ message_count: number }>("group/get", { group_id: ids[n] ?? "" });
    expect(group.message_count).toBe(count);
  }
});

test("one group is deleted, with all that hangs on it but the accounts", async ({ page, app, problems }) => {
  await app.accounts([{ username: "ada" }, { username: "bob" }]);
  const id = await app.group({ name: "Lunch", owner: "ada" });
  await app.members(id, ["bob"]);
  await app.message([id], "hello");
  await app.group({ name: "Stays" });
  await openList(page, app, "groups");
  await page.getByRole("link", { name: "Delete: Lunch" }).click();
  const remove = dialog(page, "Delete group");
  await expect(remove).toContainText("Delete group “Lunch” with 2 members and 1 message?");
  await expect(remove).toContainText("cannot be recovered");
  await expect(remove.getByRole("link", { name: "Cancel" })).toBeFocused();

  await test.step("Cancel deletes nothing", async () => {
    await remove.getByRole("link", { name: "Cancel" }).click();
    await expect(page.getByRole("dialog")).toHaveCount(0);
    await expect(row(page, "Lunch")).toBeVisible();
  });

  await test.step("the button that says so does", async () => {
    await page.getByRole("link", { name: "Delete: Lunch" }).click();
    await remove.getByRole("button", { name: "Delete group" }).click();
    await expect(status(page)).toContainText("1 group deleted.");
    await expect(row(page, "Lunch")).toHaveCount(0);
    await expect(row(page, "Stays")).toBeVisible();
  });

  await test.step("its page is gone, the accounts are not", async () => {
    problems.expect(/\/groups\//, 404);
    await page.goto(app.groupPath(id));
    await expect(page.getByText("There is no such group in this app.")).toBeVisible();
    await open(page, app.path("accounts"));
    await expect(rows(page)).toHaveCount(2);
  });
});

test("a group is deleted from its page", async ({ page, app }) => {
  const id = await app.group({ name: "Lunch" });
  await open(page, app.groupPath(id));
  await page.getByRole("link", { name: "Delete", exact: true }).click();
  await dialog(page, "Delete group").getByRole("button", { name: "Delete group" }).click();
  await expect(page).toHaveURL(app.path("groups"));
  await expect(status(page)).toContainText("1 group deleted.");
  await expect(page.getByText("No groups yet.")).toBeVisible();
});

test("from a group's page one gets back to the list, and to it again", async ({ page, app }) => {
  const id = await app.group({ name: "Lunch" });
  await openList(page, app, "groups?size=50");
  await row(page, "Lunch").getByRole("link", { name: "Lunch", exact: true }).click();
  await expect(fact(page, "Group ID")).toContainText(id);
  await page.getByRole("navigation", { name: "Breadcrumb" }).getByRole("link", { name: "Group Management" }).click();
  await expect(page).toHaveURL(app.path("groups"));
  await expect(row(page, "Lunch")).toBeVisible();
  await page.goBack();
  await expect(fact(page, "Group ID")).toContainText(id);
  await page.goBack();
  await expect(page).toHaveURL(app.path("groups?size=50"));
  await expect(row(page, "Lunch")).toBeVisible();
});

test("many groups are deleted; above twenty their number must be typed", async ({ page, app, problems }) => {
  problems.expect(/group\/delete$/, 422);
  await app.groups([{ name: "Stays" }, ...numbered(21, (n) => ({ name: `Group ${n}` }))]);
  await openList(page, app, "groups?size=50");

  await test.step("two", async () => {
    for (const n of ["20", "21"]) await page.getByRole("checkbox", { name: `Select Group ${n}` }).check();
    await page.getByRole("button", { name: "Delete Groups" }).click();
    const remove = dialog(page, "Delete Groups");
    await expect(remove).toContainText("Delete 2 groups with 0 members and 0 messages?");
    await expect(remove.getByLabel(/^Type/)).toHaveCount(0);
    await remove.getByRole("link", { name: "Cancel" }).click();
    await expect(page.getByRole("dialog")).toHaveCount(0);
  });

  await test.step("twenty-one", async () => {
    for (const n of numbered(21, (n) => n)) await page.getByRole("checkbox", { name: `Select Group ${n}` }).check();
    await page.getByRole("button", { name: "Delete Groups" }).click();
    const remove = dialog(page, "Delete Groups");
    await expect(remove).toContainText("Delete 21 groups");
    await expect(remove).toContainText(/and \d+ more/);
    const confirm = remove.getByLabel("Type 21 to confirm");
    await confirm.fill("20");
    await remove.getByRole("button", { name: "Delete 21 groups" }).click();
    await expectFieldError(confirm, "Type 21, the number of items, to confirm.");
    await confirm.fill("21");
    await remove.getByRole("button", { name: "Delete 21 groups" }).click();
    await expect(status(page)).toContainText("21 groups deleted.");
    await expect(rows(page)).toHaveCount(1);
    await expect(row(page, "Stays")).toBeVisible();
    await expect(page.getByText("1 result", { exact: true })).toBeVisible();
  });
});

test("a batch tells which groups were gone already", async ({ page, app }) => {
  const ids = await app.groups([{ name: "One" }, { name: "Two" }]);
  await open(page, app.dialog("groups", "delete", ids));
  await app.call("group/delete", { ids: [ids[0] ?? ""] });
  await dialog(page, "Delete Groups").getByRole("button", { name: "Delete 2 groups" }).click();
  await expect(status(page)).toContainText("1 group deleted.");
  await expect(status(page)).toContainText("1 item was not done");
  await expect(status(page).getByRole("listitem")).toContainText(`${ids[0]} — No longer there.`);
  await expect(status(page).getByRole("link", { name: "Download this list" })).toBeVisible();
});

test("search and filters find groups by any part, in any script", async ({ page, app }) => {
  await app.groups([
    { name: "Sale 50%_off", type: "Work" },
    { name: 'The "best" team', group_id: "needle-in-hay" },
    { name: "小明的群", type: "Meeting" },
    { name: "점심 모임", type: "Work" },
    { name: "Plain" },
  ]);
  await openList(page, app, "groups");
  await expect(page.getByText("5 results")).toBeVisible();

  const found = async (term: string, names: string[]) => {
    await test.step(`«${term}»`, async () => {
      await find(page, term);
      await expect(page.getByRole("link", { name: `Remove filter: Contains “${term}”` })).toBeVisible();
      await expect(page.getByText(names.length === 1 ? "1 result" : `${names.length} results`, { exact: true })).toBeVisible();
      await expect(rows(page)).toHaveCount(names.length);
      for (const name of names) await expect(row(page, name)).toBeVisible();
    });
  };
  await found("明", ["小明的群"]);
  await found("%_", ["Sale 50%_off"]);
  await found('"BEST"', ['The "best" team']);

  await test.step("nothing found: other words, and a way out", async () => {
    await find(page, "no such thing");
    await expect(page.getByText("Nothing matches these filters.")).toBeVisible();
    await page.getByRole("main").getByRole("link", { name: "Clear all" }).last().click();
    await expect(rows(page)).toHaveCount(5);
    await expect(page).toHaveURL(app.path("groups"));
    await expect(page.getByRole("searchbox")).toHaveValue("");
  });

});

test("filters by type and term stand in the address, and each can be dropped", async ({ page, app }) => {
  await app.groups([{ name: "점심 모임", type: "Work" }, { name: "Sale", type: "Work" }, { name: "Plain" }]);
  await openList(page, app, "groups");
  await filter(page, "Group Type", "Work");
  await expect(rows(page)).toHaveCount(2);
  await expect(page).toHaveURL(/[?&]type=Work/);
  await find(page, "점심");
  await expect(rows(page)).toHaveCount(1);
  await page.reload();
  await expect(rows(page)).toHaveCount(1);
  await expect(page.getByRole("search").getByLabel("Group Type")).toHaveValue("Work");
  await expect(page.getByRole("searchbox")).toHaveValue("점심");
  await page.getByRole("link", { name: "Remove filter: Contains “점심”" }).click();
  await expect(rows(page)).toHaveCount(2);
  await page.goBack();
  await expect(rows(page)).toHaveCount(1);
  await page.getByRole("link", { name: "Clear all" }).click();
  await expect(rows(page)).toHaveCount(3);
  await expect(page).toHaveURL(app.path("groups"));
});

test("a long list is paged, sorted and sized by its address alone", async ({ page, app }) => {
  await app.groups(numbered(105, (n) => ({ name: `Group ${n}` })));
  await openList(page, app, "groups");
  const names = rows(page).getByRole("rowheader");
  const pager = page.getByRole("navigation", { name: "Pages" });

  await test.step("newest first, twenty a page", async () => {
    await expect(page.getByText("105 results")).toBeVisible();
    await expect(names).toHaveCount(20);
    await expect(names.first()).toHaveText("Group 105");
    await expect(names.last()).toHaveText("Group 086");
    await expect(pager.getByRole("link", { name: "Previous" })).toBeDisabled();
  });

  await test.step("next, next, Back", async () => {
    await pager.getByRole("link", { name: "Next" }).click();
    await expect(names.first()).toHaveText("Group 085");
    await pager.getByRole("link", { name: "Next" }).click();
    await expect(names.first()).toHaveText("Group 065");
    await page.goBack();
    await expect(names.first()).toHaveText("Group 085");
    await pager.getByRole("link", { name: "Previous" }).click();
    await expect(names.first()).toHaveText("Group 105");
  });

  await test.step("a hundred a page, by name", async () => {
    await page.getByRole("link", { name: "100 rows per page" }).click();
    await expect(names).toHaveCount(100);
    await page.getByRole("columnheader", { name: "Group Name" }).getByRole("link").click();
    await expect(page.getByRole("columnheader", { name: "Group Name" })).toHaveAttribute("aria-sort", "ascending");
    await expect(names.first()).toHaveText("Group 001");
    await pager.getByRole("link", { name: "Next" }).click();
    await expect(names).toHaveCount(5);
    await expect(names.last()).toHaveText("Group 105");
    await expect(pager.getByRole("link", { name: "Next" })).toBeDisabled();
    await page.reload();
    await expect(names).toHaveCount(5);
    await expect(names.last()).toHaveText("Group 105");
  });

  await test.step("the other direction begins at the start again", async () => {
    await page.getByRole("columnheader", { name: "Group Name" }).getByRole("link").click();
    await expect(page.getByRole("columnheader", { name: "Group Name" })).toHaveAttribute("aria-sort", "descending");
    await expect(names.first()).toHaveText("Group 105");
    await page.getByRole("link", { name: "50 rows per page" }).click();
    await expect(names).toHaveCount(50);
    await expect(names.last()).toHaveText("Group 056");
    await page.getByRole("columnheader", { name: "Created" }).getByRole("link").click();
    await page.getByRole("columnheader", { name: "Created" }).getByRole("link").click();
    await expect(page.getByRole("columnheader", { name: "Created" })).toHaveAttribute("aria-sort", "ascending");
    await expect(names.first()).toHaveText("Group 001");
  });

  await test.step("dialogs leave the list as it is", async () => {
    await pager.getByRole("link", { name: "Next" }).click();
    await expect(names.first()).toHaveText("Group 051");
    const address = page.url();
    await page.getByRole("link", { name: "Send Messages: Group 060" }).click();
    await dialog(page, "Send Messages").getByRole("link", { name: "Cancel" }).click();
    await expect(page).toHaveURL(address);
    await expect(names.first()).toHaveText("Group 051");
  });
});

test("an address that describes no list says so", async ({ page, app, problems }) => {
  await app.group({ name: "Lunch" });
  problems.expect(/\/groups\?/, 422);
  await page.goto(app.path("groups?cursor=nonsense"));
  await expect(page.getByText("This address describes no list that exists.")).toBeVisible();
  await page.getByRole("link", { name: "Back to the start of the list" }).click();
  await expect(row(page, "Lunch")).toBeVisible();
});

test("an empty list says so and offers to add a group", async ({ page, app }) => {
  await openList(page, app, "groups");
  await expect(page.getByText("No groups yet.")).toBeVisible();
  await expect(page.getByText("0 results")).toBeVisible();
  await page.getByRole("region", { name: "Group Management" }).getByRole("link", { name: "Add Group" }).click();
  await expect(dialog(page, "Add Group")).toBeVisible();
});
