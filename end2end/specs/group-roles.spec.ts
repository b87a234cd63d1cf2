// What can be done to members of a group: admins, transfer, mutes, the block and the allow list; one by one and many at once.
import {
  type App,
  type Page,
  axe,
  dialog,
  expect,
  expectDisabled,
  expectFieldError,
  fact,
  hasJs,
  numbered,
  open,
  row,
  rows,
  signIn,
  status,
  test,
} from "../support/test.js";

test.beforeEach(async ({ page }) => signIn(page));

/** A group that `ada` owns, with these other members. */
async function groupOfAda(app: App, members: string[]): Promise<string> {
  await app.accounts(["ada", ...members].map((username) => ({ username })));
  const id = await app.group({ name: "Lunch", owner: "ada" });
  await app.members(id, members);
  return id;
}

/** Opens one action for one member, from its row. */
async function act(page: Page, username: string, action: string): Promise<void> {
  await page.getByRole("link", { name: `Actions: ${username}` }).click();
  await dialog(page, `Actions: ${username}`).getByRole("link", { name: action, exact: true }).click();
}

/** Opens one action for the ticked members. */
async function actOnMany(page: Page, usernames: string[], action: string): Promise<void> {
  for (const name of usernames) await page.getByRole("checkbox", { name: `Select ${name}`, exact: true }).check();
  await page.getByRole("button", { name: "Actions", exact: true }).click();
  await dialog(page, /^Actions/).getByRole("link", { name: action, exact: true }).click();
}

async function confirm(page: Page, action: string): Promise<void> {
  await dialog(page, action).getByRole("button", { name: action }).click();
}

test("a member becomes admin and an ordinary member again", async ({ page, app }) => {
  const id = await groupOfAda(app, ["bob"]);
  await open(page, app.groupPath(id, "members"));
  await expectDisabled(
    page.getByRole("link", { name: "Actions: ada" }),
    "The owner’s role changes when the group is transferred to another member.",
  );
  await page.getByRole("link", { name: "Actions: bob" }).click();
  await expect(dialog(page, "Actions: bob")).toBeVisible();
  await axe(page);
  await expect(dialog(page, "Actions: bob").getByRole("list").getByRole("link")).toHaveText([
    "Set as admin",
    "Mute",
    "Add to allow list",
    "Block",
    "Transfer ownership",
    "Delete member",
  ]);
  await dialog(page, "Actions: bob").getByRole("link", { name: "Set as admin" }).click();
  await expect(dialog(page, "Set as admin")).toContainText("Make this member admin of this group?");
  await axe(page);
  await confirm(page, "Set as admin");
  await expect(status(page)).toContainText("1 member made admin.");
  await expect(row(page, "bob")).toContainText("Admin");
  if (hasJs()) await expect(page.getByRole("link", { name: "Actions: bob" })).toBeFocused();
  await act(page, "bob", "Cancel admin");
  await confirm(page, "Cancel admin");
  await expect(status(page)).toContainText("1 member no longer admin.");
  await expect(row(page, "bob")).not.toContainText("Admin");
});

test("many at once, with a reason for each that is refused", async ({ page, app }) => {
  const id = await groupOfAda(app, ["bob", "cleo", "dan"]);
  await open(page, app.groupPath(id, "members"));
  await actOnMany(page, ["bob", "cleo"], "Set as admin");
  await expect(dialog(page, "Set as admin")).toContainText("Make these 2 members admin of this group?");
  await confirm(page, "Set as admin");
  await expect(status(page)).toContainText("2 members made admin.");
  await actOnMany(page, ["bob", "dan"], "Cancel admin");
  await confirm(page, "Cancel admin");
  await expect(status(page)).toContainText("1 member no longer admin.");
  await expect(status(page).getByRole("listitem")).toHaveText(/dan — .*not an admin of this group/i);
  await expect(row(page, "cleo")).toContainText("Admin");

  await test.step("the filter by role", async () => {
    await page.getByRole("search").getByLabel("Role").selectOption("Admin");
    if (!hasJs()) await page.getByRole("button", { name: "Apply" }).click();
    await expect(rows(page)).toHaveCount(1);
    await expect(row(page, "cleo")).toBeVisible();
    await page.getByRole("link", { name: "Clear all" }).first().click();
    await expect(rows(page)).toHaveCount(4);
  });

  await test.step("a name that is gone meanwhile", async () => {
    const report = await app.call<{ report: unknown }>("member/change", { group_id: id, work: "set-admin", ids: ["ada", "zoe"] });
    expect(report.report).toMatchObject({
      done: 0,
      refused: [
        { id: "ada", reason: "Owner" },
        { id: "zoe", reason: "NotRegistered" },
      ],
    });
  });
});

test("everything that matches is meant when it is selected", async ({ page, app }) => {
  const names = numbered(24, (n) => `user${n}`);
  const id = await groupOfAda(app, names);
  await open(page, `${app.groupPath(id, "members")}?q=user1&all=1`);
  await page.getByRole("button", { name: "Actions", exact: true }).click();
  await dialog(page, "Actions").getByRole("link", { name: "Add to allow list" }).click();
  await expect(dialog(page, "Add to allow list")).toContainText("Put 10 members on the allow list?");
  await confirm(page, "Add to allow list");
  await expect(status(page)).toContainText("10 members put on the allow list.");
  await open(page, app.groupPath(id, "allow-list"));
  await expect(rows(page)).toHaveCount(10);
});

test("the group is handed over, and the question says what that means", async ({ page, app }) => {
  const id = await groupOfAda(app, ["bob", "cleo"]);
  await open(page, app.groupPath(id, "members"));
  await act(page, "bob", "Transfer ownership");
  const transfer = dialog(page, "Transfer ownership");
  await expect(transfer).toContainText("Make bob the owner of “Lunch”?");
  await expect(transfer).toContainText("ada stays as an ordinary member");
  await expect(transfer.getByRole("link", { name: "Cancel" })).toBeFocused();
  await axe(page);
  await confirm(page, "Transfer ownership");
  await expect(status(page)).toContainText("bob owns the group now.");
  await expect(row(page, "bob")).toContainText("Owner");
  await expect(row(page, "ada")).not.toContainText("Owner");

  await test.step("to one only", async () => {
    for (const name of ["ada", "cleo"]) await page.getByRole("checkbox", { name: `Select ${name}`, exact: true }).check();
    await page.getByRole("button", { name: "Actions", exact: true }).click();
    const link = dialog(page, "Actions").getByRole("link", { name: "Transfer ownership" });
    await expectDisabled(link, "A group can be transferred to one member only.");
  });
});

test("a mute lasts as long as it is told", async ({ page, app, problems }) => {
  problems.expect(/member\/change$/, 422);
  const id = await groupOfAda(app, ["bob", "cleo", "dan"]);
  await open(page, app.groupPath(id, "members"));
  const mute = dialog(page, "Mute");

  await test.step("for one hour", async () => {
    await act(page, "bob", "Mute");
    await axe(page);
    await confirm(page, "Mute");
    await expect(status(page)).toContainText("1 member muted.");
    await expect(row(page, "bob")).toContainText("Muted until");
    const end = await row(page, "bob").getByText(/^Muted until/).getByRole("time").getAttribute("datetime");
    expect(Math.abs(Date.parse(end ?? "") - Date.now() - 3_600_000)).toBeLessThan(60_000);
  });

  await test.step("for ever", async () => {
    await act(page, "cleo", "Mute");
    await mute.getByLabel("How long").selectOption("For ever");
    await confirm(page, "Mute");
    await expect(row(page, "cleo")).toContainText("Muted for ever");
  });

  await test.step("until a moment, which must come", async () => {
    await act(page, "dan", "Mute");
    await mute.getByLabel("How long").selectOption("Until a date and time");
    const until = mute.getByLabel(hasJs() ? "Until" : "Until (UTC)", { exact: true });
    await mute.getByRole("button", { name: "Mute" }).click();
    await expectFieldError(until, "Fill in this field.");
    await until.fill("2001-01-01T00:00");
    await mute.getByRole("button", { name: "Mute" }).click();
    await expectFieldError(until, "Enter a moment that is still to come.");
    await until.fill("2099-12-31T23:30");
    await mute.getByRole("button", { name: "Mute" }).click();
    await expect(row(page, "dan").getByText(/^Muted until/).getByRole("time")).toHaveAttribute("datetime", /^2099-12-31T23:30/);
  });

  await test.step("the list of the muted, and the end of a mute", async () => {
    await open(page, app.groupPath(id, "mutes"));
    await expect(rows(page)).toHaveCount(3);
    await expect(row(page, "cleo")).toContainText("for ever");
    for (const name of ["bob", "dan"]) await page.getByRole("checkbox", { name: `Select ${name}` }).check();
    await page.getByRole("button", { name: "Unmute" }).click();
    await expect(dialog(page, "Unmute")).toContainText("Let these 2 accounts speak again?");
    await confirm(page, "Unmute");
    await expect(status(page)).toContainText("2 accounts unmuted.");
    await expect(rows(page)).toHaveCount(1);
    await page.getByRole("link", { name: "Unmute: cleo" }).click();
    await confirm(page, "Unmute");
    await expect(page.getByText("Nobody is muted.")).toBeVisible();
  });
});

test.describe("far from Greenwich", () => {
  test.use({ timezoneId: "Asia/Seoul" });

  test("a mute ends by the reader's own clock where scripts tell it", async ({ page, app }) => {
    const id = await groupOfAda(app, ["bob"]);
    await open(page, app.groupPath(id, "members"));
    await act(page, "bob", "Mute");
    const mute = dialog(page, "Mute");
    await mute.getByLabel("How long").selectOption("Until a date and time");
    await mute.getByLabel(hasJs() ? "Until" : "Until (UTC)", { exact: true }).fill("2099-12-31T08:30");
    await mute.getByRole("button", { name: "Mute" }).click();
    const end = row(page, "bob").getByText(/^Muted until/).getByRole("time");
    await expect(end).toHaveAttribute("datetime", hasJs() ? /^2099-12-30T23:30/ : /^2099-12-31T08:30/);
  });
});

test("many are only blocked once their number is typed", async ({ page, app, problems }) => {
  problems.expect(/member\/change$/, 422);
  const id = await groupOfAda(app, numbered(21, (n) => `user${n}`));
  await open(page, `${app.groupPath(id, "members")}?q=user&all=1`);
  await page.getByRole("button", { name: "Actions", exact: true }).click();
  await dialog(page, "Actions").getByRole("link", { name: "Block", exact: true }).click();
  const block = dialog(page, "Block");
  const number = block.getByLabel("Type 21 to confirm");
  await number.fill("12");
  await block.getByRole("button", { name: "Block" }).click();
  await expectFieldError(number, "Type 21, the number of items, to confirm.");
  await number.fill("21");
  await block.getByRole("button", { name: "Block" }).click();
  await expect(status(page)).toContainText("21 members blocked.");
});

test("names of which none can be done stay in the form, with the reasons", async ({ page, app, problems }) => {
  problems.expect(/member\/(change|add)$/, 422);
  const id = await groupOfAda(app, ["cleo"]);
  await app.account({ username: "bob" });
  await open(page, `${app.groupPath(id, "block-list")}?dialog=add`);
  const block = dialog(page, "Block");
  await block.getByLabel("Usernames").fill("ada bob nobody");
  await block.getByRole("button", { name: "Block" }).click();
  const sentences = "This cannot be done to ada, the owner. bob is not a member of this group. nobody is not registered in this app.";
  await expectFieldError(block.getByLabel("Usernames"), sentences);
  await expect(block.getByLabel("Usernames")).toHaveValue("ada bob nobody");
  if (hasJs()) {
    const asked = page.waitForRequest(/member\/list/);
    await block.getByLabel("Find a member").fill("ad");
    await asked;
    await expect(page.locator("#username-options option")).toHaveCount(1);
  }
});

test("everything is not selected where only some can be", async ({ page, app }) => {
  const id = await groupOfAda(app, ["bob", "cleo"]);
  await app.call("member/change", { group_id: id, work: "block", ids: ["bob", "cleo"] });
  await open(page, `${app.groupPath(id, "block-list")}?all=1`);
  await expect(page.getByText("2 selected")).toHaveCount(0);
  await expect(page.getByRole("checkbox", { name: "Select bob" })).not.toBeChecked();
  await open(page, `${app.groupPath(id, "block-list")}?all=1&dialog=unblock`);
  await expect(dialog(page, "Unblock")).toContainText("Nothing is selected");
});

test("who is blocked leaves and cannot be added until unblocked", async ({ page, app }) => {
  const id = await groupOfAda(app, ["bob", "cleo"]);
  await open(page, app.groupPath(id, "members"));
  await act(page, "bob", "Block");
  await confirm(page, "Block");
  await expect(status(page)).toContainText("1 member blocked.");
  await expect(row(page, "bob")).toHaveCount(0);
  await expect(fact(page, "Members")).toContainText("2 of");
  expect(await (await app.send("member/add", { group_id: id, usernames: "bob" })).text()).toContain('{"id":"bob","reason":"Blocked"}');

  await open(page, app.groupPath(id, "block-list"));
  await expect(row(page, "bob")).toBeVisible();
  await axe(page);

  await test.step("more from the list itself", async () => {
    await page.getByRole("link", { name: "Block", exact: true }).click();
    const block = dialog(page, "Block");
    await block.getByLabel("Usernames").fill("cleo nobody ada");
    await axe(page);
    await block.getByRole("button", { name: "Block" }).click();
    await expect(status(page)).toContainText("1 member blocked.");
    await expect(status(page).getByRole("listitem")).toHaveCount(2);
    await expect(rows(page)).toHaveCount(2);
  });

  await test.step("and back", async () => {
    for (const name of ["bob", "cleo"]) await page.getByRole("checkbox", { name: `Select ${name}` }).check();
    await page.getByRole("button", { name: "Unblock" }).click();
    await confirm(page, "Unblock");
    await expect(status(page)).toContainText("2 accounts unblocked.");
    await expect(page.getByText("Nobody is blocked.")).toBeVisible();
    expect(await app.members(id, ["bob"])).toMatchObject({ done: 1 });
  });
});

test("the three lists lie under one tab, each with its number", async ({ page, app }) => {
  const id = await groupOfAda(app, ["bob", "cleo", "dan"]);
  const change = (work: string, ids: string[]) => app.call("member/change", { group_id: id, work, ids, duration: "1d" });
  await change("block", ["bob"]);
  await change("mute", ["cleo", "dan"]);
  await change("allow", ["dan"]);
  await open(page, app.groupPath(id, "block-list"));
  const lists = page.getByRole("navigation", { name: "Block list & mutes" });
  for (const [name, word, count] of [
    ["Muted", "mutes", 2],
    ["Allow list", "allow-list", 1],
    ["Block list", "block-list", 1],
  ] as const) {
    await lists.getByRole("link", { name: `${name} ${count}` }).click();
    await expect(page).toHaveURL(app.groupPath(id, word));
    await expect(page.getByRole("heading", { level: 2, name })).toBeVisible();
    await expect(rows(page)).toHaveCount(count);
  }
  await open(page, app.groupPath(id, "allow-list"));
  await page.getByRole("link", { name: "Take off allow list: dan" }).click();
  await confirm(page, "Take off allow list");
  await expect(page.getByText("The allow list is empty.")).toBeVisible();
});
