// Group member management on Group Details: the list of members, adding and deleting them.
import { find } from "../support/lists.js";
import {
  type App,
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

/** A group that `ada` owns, among these other accounts. */
async function groupOfAda(app: App, others: string[], members: string[] = []): Promise<string> {
  await app.accounts(["ada", ...others].map((username) => ({ username, nickname: `${username} 님` })));
  const id = await app.group({ name: "Lunch", owner: "ada" });
  if (members.length > 0) await app.members(id, members);
  return id;
}

test("members show with the documented columns", async ({ page, app }) => {
  const id = await groupOfAda(app, ["bob"], ["bob"]);
  await open(page, app.groupPath(id, "members"));
  const columns = page.getByRole("region", { name: "Members" }).getByRole("columnheader");
  for (const [n, name] of ["Username", "Nickname", "Join Time", "Last Speak Time", "Role", "Operation"].entries()) {
    await expect(columns.nth(n + 1)).toHaveText(name);
  }
  const bob = row(page, "bob");
  await expect(bob).toContainText("bob 님");
  await expect(bob).toContainText("Never");
  await expect(bob).toContainText("Member");
  await expect(bob.getByRole("time")).toHaveAttribute("datetime", /Z$/);
  await expect(row(page, "ada")).toContainText("Owner");
  await expect(fact(page, "Members")).toHaveText("2 of at most 2,000");
});

test("the owner's row cannot be deleted, and says why", async ({ page, app }) => {
  const id = await groupOfAda(app, ["bob"], ["bob"]);
  await open(page, app.groupPath(id, "members"));
  const remove = row(page, "ada").getByRole("link", { name: "Delete: ada" });
  await expectDisabled(remove, "The owner cannot be deleted from the group.");
  await expect(row(page, "ada").getByRole("checkbox")).toHaveCount(0);

  const { done: report } = await app.call<{ done: { done: number; refused: unknown[] } }>("member/delete", { group_id: id, ids: ["ada", "bob"] });
  expect(report).toMatchObject({ done: 1, refused: [{ id: "ada", reason: "Owner" }] });
});

test("many are added at once, and those who cannot be are each reported", async ({ page, app, problems }) => {
  problems.expect(/member\/add$/, 422);
  const id = await groupOfAda(app, ["bob", "cleo", "dan", "eve"], ["bob"]);
  await open(page, app.groupPath(id, "members"));
  await page.getByRole("link", { name: "Add Member" }).click();
  const add = dialog(page, "Add Member");
  const usernames = add.getByLabel("Usernames");

  await test.step("none", async () => {
    await add.getByRole("button", { name: "Confirm" }).click();
    await expectFieldError(usernames, "Fill in this field.");
  });

  await test.step("lines, commas and spaces; unknown, twice, already there", async () => {
    await usernames.fill("cleo, dan\nnobody eve\nbob，cleo 小明");
    if (hasJs()) await expect(add.getByText("6 usernames")).toBeVisible();
    await add.getByRole("button", { name: "Confirm" }).click();
    await expect(status(page)).toContainText("3 members added.");
    await expect(status(page)).toContainText("3 items were not done");
    const reasons = status(page).getByRole("listitem");
    await expect(reasons).toHaveCount(3);
    await expect(reasons.filter({ hasText: "nobody — Not registered in this app." })).toHaveCount(1);
    await expect(reasons.filter({ hasText: "小明 — Not registered in this app." })).toHaveCount(1);
    await expect(reasons.filter({ hasText: "bob — Already a member." })).toHaveCount(1);
    await expect(status(page).getByRole("link", { name: "Download this list" })).toBeVisible();
    await expect(rows(page)).toHaveCount(5);
    await expect(fact(page, "Members")).toContainText("5");
  });
});

test("a name left in the field that finds one is added too, or refused and kept", async ({ page, app, problems }) => {
  problems.expect(/member\/add$/, 422);
  const id = await groupOfAda(app, ["bob", "cleo"]);
  await open(page, app.groupPath(id, "members"));
  await page.getByRole("link", { name: "Add Member" }).click();
  const add = dialog(page, "Add Member");
  const [find, usernames] = [add.getByLabel("Find an account"), add.getByLabel("Usernames")];
  if (!hasJs()) {
    // Suggestions need scripts, so without them there is one field alone, in which nothing can be forgotten.
    await expect(usernames).toBeVisible();
    await expect(find).toBeHidden();
    return;
  }
  await find.fill("nobody");
  await add.getByRole("button", { name: "Confirm" }).click();
  await expectFieldError(usernames, /nobody/);
  await expect(find).toHaveValue("nobody");
  await usernames.fill("bob");
  await find.fill("cleo");
  await expect(add.getByText("2 usernames")).toBeVisible();
  await add.getByRole("button", { name: "Confirm" }).click();
  await expect(status(page)).toContainText("2 members added.");
  await expect(rows(page)).toHaveCount(3);
});

test("one is added", async ({ page, app }) => {
  const id = await groupOfAda(app, ["bob"]);
  await open(page, app.groupPath(id, "members"));
  await page.getByRole("link", { name: "Add Member" }).click();
  const add = dialog(page, "Add Member");
  await add.getByLabel("Usernames").fill("bob");
  await add.getByRole("button", { name: "Confirm" }).click();
  await expect(status(page)).toContainText("1 member added.");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(row(page, "bob")).toContainText("Member");
});

test("one and many are deleted; accounts and messages stay", async ({ page, app }) => {
  const id = await groupOfAda(app, ["bob", "cleo", "dan"], ["bob", "cleo", "dan"]);
  await app.message([id], "still here");
  await open(page, app.groupPath(id, "members"));

  await test.step("one", async () => {
    await page.getByRole("link", { name: "Delete: bob" }).click();
    const remove = dialog(page, "Delete member");
    await expect(remove).toContainText("Delete this member from the group?");
    await expect(remove.getByRole("listitem")).toHaveText("bob");
    await remove.getByRole("button", { name: "Delete member" }).click();
    await expect(status(page)).toContainText("1 member deleted.");
    await expect(row(page, "bob")).toHaveCount(0);
  });

  await test.step("many", async () => {
    for (const name of ["cleo", "dan"]) await page.getByRole("checkbox", { name: `Select ${name}` }).check();
    await page.getByRole("button", { name: "Delete Members" }).click();
    const remove = dialog(page, "Delete Members");
    await expect(remove).toContainText("Delete these 2 members from the group?");
    await remove.getByRole("button", { name: "Delete 2 members" }).click();
    await expect(status(page)).toContainText("2 members deleted.");
    await expect(rows(page)).toHaveCount(1);
    await expect(fact(page, "Members")).toContainText("1");
  });

  await open(page, app.groupPath(id, "messages"));
  await expect(page.getByText("still here")).toBeVisible();
  const accounts = await app.call<{ items: unknown[] }>("account/list");
  expect(accounts.items).toHaveLength(4);
});

test("above twenty members their number must be typed", async ({ page, app, problems }) => {
  problems.expect(/member\/delete$/, 422);
  const names = numbered(22, (n) => `user${n}`);
  const id = await groupOfAda(app, names, names);
  const query = new URLSearchParams([["dialog", "delete-members"], ...names.map((name) => ["ids", name])]);
  await open(page, `${app.groupPath(id, "members")}?${query}`);
  const remove = dialog(page, "Delete Members");
  await expect(remove).toContainText("and 17 more");
  await remove.getByRole("button", { name: "Delete 22 members" }).click();
  await expectFieldError(remove.getByLabel("Type 22 to confirm"), "Type 22, the number of items, to confirm.");
  await remove.getByLabel("Type 22 to confirm").fill("22");
  await remove.getByRole("button", { name: "Delete 22 members" }).click();
  await expect(status(page)).toContainText("22 members deleted.");
  await expect(rows(page)).toHaveCount(1);
});

test("members are searched and paged", async ({ page, app }) => {
  const names = numbered(24, (n) => `user${n}`);
  const id = await groupOfAda(app, names, names);
  await open(page, app.groupPath(id, "members"));
  const pager = page.getByRole("navigation", { name: "Pages of members" });
  await expect(page.getByText("25 results")).toBeVisible();
  await expect(rows(page)).toHaveCount(20);
  await pager.getByRole("link", { name: "Next" }).click();
  await expect(rows(page)).toHaveCount(5);
  await page.goBack();
  await expect(rows(page)).toHaveCount(20);
  await find(page, "user17");
  await expect(rows(page)).toHaveCount(1);
  await expect(row(page, "user17")).toBeVisible();
  await find(page, "2 님");
  await expect(rows(page)).toHaveCount(3);
  await find(page, "nobody");
  await expect(page.getByText("Nothing matches these filters.")).toBeVisible();
  await page.getByRole("link", { name: "Clear all" }).first().click();
  await expect(rows(page)).toHaveCount(20);
});

test("an audio-video group says that it keeps no members", async ({ page, app }) => {
  const id = await app.group({ name: "Stream", type: "AVChatRoom" });
  await open(page, app.groupPath(id, "members"));
  await expect(page.getByText("Audio-video groups keep no member list: who watches comes and goes")).toBeVisible();
  await expect(fact(page, "Members")).toHaveText("No member list");
  await expect(page.getByRole("link", { name: "Add Member" })).toHaveCount(0);
  const answer = await app.send("member/add", { group_id: id, usernames: "ada" });
  expect(answer.status()).toBe(409);
});

test("a group that is full is told for whom there was no room", async ({ page, app }) => {
  await app.accounts(numbered(3, (n) => ({ username: `user${n}` })));
  const id = await app.group({ name: "Full", owner: "user1" });
  await open(page, app.groupPath(id, "members"));
  await expect(fact(page, "Members")).toHaveText("1 of at most 2,000");
  const { version } = await app.call<{ version: number }>("group/get", { group_id: id });
  const flags = { "input[members_only]": "yes", "input[allow_invites]": "no", "input[invite_need_confirm]": "no" };
  await app.call("group/configure", { group_id: id, "input[max_member_count]": "2", ...flags, "input[version]": version });

  await open(page, app.groupPath(id, "members"));
  await page.getByRole("link", { name: "Add Member" }).click();
  const add = dialog(page, "Add Member");
  await add.getByLabel("Usernames").fill("user2 user3");
  await add.getByRole("button", { name: "Confirm" }).click();
  await expect(status(page)).toContainText("1 member added.");
  await expect(status(page).getByRole("listitem")).toHaveText(/user3 — The group is full/);
  await expect(fact(page, "Members")).toHaveText("2 of at most 2");
});
