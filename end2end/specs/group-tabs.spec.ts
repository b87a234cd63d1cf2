// A group's page: its tabs, what it is and how it is set, its announcement, its activity.
import {
  type App,
  axe,
  dialog,
  expect,
  expectFieldError,
  fact,
  hasJs,
  open,
  rows,
  signIn,
  signInWith,
  status,
  tab,
  test,
} from "../support/test.js";

test.beforeEach(async ({ page }) => signIn(page));

/** What the function answers when the only one that is named cannot join. */
async function refusedMember(app: App, group_id: string, usernames: string): Promise<string> {
  const answer = await app.send("member/add", { group_id, usernames });
  expect(answer.status()).toBe(422);
  return answer.text();
}

test("each tab has an address of its own, and the page stays the group's", async ({ page, app, problems }) => {
  test.slow();
  problems.expect(/groups\/.+\/nonsense/, 404);
  await app.account({ username: "ada" });
  const id = await app.group({ name: "Lunch", owner: "ada" });
  await app.message([id], "hello");
  await open(page, app.groupPath(id));
  for (const [name, word, shown] of [
    ["Members", "members", "Group member management"],
    ["Announcement", "announcement", "Announcement"],
    ["Files", "files", "Shared files"],
    ["Messages", "messages", "Latest messages"],
    ["Block list & mutes", "block-list", "Block list"],
    ["Activity", "activity", ""],
    ["Overview", "", "Basic information"],
  ] as const) {
    await test.step(name, async () => {
      await tab(page, name);
      await expect(page).toHaveURL(app.groupPath(id, word));
      await expect(page.getByRole("heading", { level: 1, name: "Lunch" })).toBeVisible();
      const title = word === "" ? "" : `${word === "block-list" ? "Block list" : name} · `;
      await expect(page).toHaveTitle(`${title}Lunch · Roster`);
      if (shown) await expect(page.getByRole("heading", { level: 2, name: shown })).toBeVisible();
      // With scripts a11y.hydrate.spec.ts checks them.
      if (!hasJs()) await axe(page);
    });
  }
  const tabs = page.getByRole("navigation", { name: "Parts of this group" });
  await expect(tabs.getByRole("link", { name: "Members 1" })).toBeVisible();
  await expect(tabs.getByRole("link", { name: "Messages 1" })).toBeVisible();
  await tab(page, "Members");
  await page.goBack();
  await expect(page.getByRole("heading", { level: 2, name: "Basic information" })).toBeVisible();
  await page.goto(app.groupPath(id, "nonsense"));
  await expect(page.getByRole("heading", { level: 1, name: "Page not found" })).toBeVisible();
});

test("settings are changed within their limits", async ({ page, app, problems }) => {
  problems.expect(/group\/configure$/, 422);
  const id = await app.group({ name: "Lunch", type: "Public" });
  await open(page, app.groupPath(id));
  await expect(fact(page, "Member limit")).toHaveText("2,000");
  await expect(fact(page, "Joining needs approval")).toHaveText("Yes");
  await expect(fact(page, "Members may invite")).toHaveText("No");
  await page.getByRole("link", { name: "Edit: Settings" }).click();
  const settings = dialog(page, "Group settings");
  const [limit, custom] = [settings.getByLabel("Member limit"), settings.getByLabel("Custom text")];
  await expect(limit).toHaveValue("");

  await test.step("too many and too long", async () => {
    // The browser itself refuses the number where no scripts run.
    if (hasJs()) await limit.fill("2001");
    await custom.fill("x".repeat(8_193));
    await settings.getByRole("button", { name: "Save" }).click();
    if (hasJs()) await expectFieldError(limit, "Enter a whole number from 1 to 2,000.");
    await expectFieldError(custom, "At most 8,192 bytes are allowed; this has 8,193.");
  });

  await test.step("as allowed", async () => {
    await axe(page);
    await limit.fill("50");
    await settings.getByLabel("Joining needs approval").selectOption("No");
    await settings.getByLabel("Members may invite").selectOption("Yes");
    await custom.fill('{"theme": "<b>"}');
    await settings.getByRole("button", { name: "Save" }).click();
    await expect(status(page)).toContainText("Settings saved.");
    await expect(fact(page, "Member limit")).toHaveText("50");
    await expect(fact(page, "Joining needs approval")).toHaveText("No");
    await expect(fact(page, "Members may invite")).toHaveText("Yes");
    await expect(fact(page, "Custom text")).toHaveText('{"theme": "<b>"}');
  });

  await test.step("a lower limit counts at once", async () => {
    await app.accounts([{ username: "ada" }, { username: "bob" }]);
    await app.members(id, ["ada"]);
    const { version } = await app.call<{ version: number }>("group/get", { group_id: id });
    const flags = { "input[members_only]": "no", "input[allow_invites]": "no", "input[invite_need_confirm]": "no", "input[custom]": "" };
    await app.call("group/configure", { group_id: id, "input[max_member_count]": "1", ...flags, "input[version]": version });
    expect(await refusedMember(app, id, "bob")).toContain('{"id":"bob","reason":"GroupFull"}');
  });
});

test("settings of an outdated version are refused", async ({ page, app, problems }) => {
  problems.expect(/group\/configure$/, 409);
  const id = await app.group({ name: "Before" });
  await open(page, `${app.groupPath(id)}?dialog=settings`);
  const settings = dialog(page, "Group settings");
  await settings.getByLabel("Custom text").fill("mine");
  const { version } = await app.call<{ version: number }>("group/get", { group_id: id });
  await app.call("group/edit", { group_id: id, "input[name]": "Theirs", "input[introduction]": "", "input[version]": version });
  await settings.getByRole("button", { name: "Save" }).click();
  await expect(settings.getByRole("alert")).toContainText("Somebody changed this since you opened it.");
  await expect(settings.getByLabel("Custom text")).toHaveValue("mine");
});

test("everybody is muted and may speak again", async ({ page, app }) => {
  const id = await app.group({ name: "Lunch" });
  await open(page, app.groupPath(id));
  await expect(fact(page, "Mute all")).toContainText("Off");
  await page.getByRole("button", { name: "Mute everybody" }).click();
  await expect(status(page)).toContainText("Everybody is muted now.");
  await expect(fact(page, "Mute all")).toContainText("On");
  await page.getByRole("button", { name: "Let everybody speak" }).click();
  await expect(status(page)).toContainText("Everybody may speak again.");
  await expect(fact(page, "Mute all")).toContainText("Off");
});

test("the announcement is set, changed and taken away", async ({ page, app, problems }) => {
  problems.expect(/group\/announce$/, 422);
  const id = await app.group({ name: "Lunch" });
  await open(page, app.groupPath(id, "announcement"));
  await expect(page.getByText("No announcement yet.")).toBeVisible();
  const edit = page.getByRole("link", { name: "Edit: Announcement" });
  const announce = dialog(page, "Edit announcement");
  const text = announce.getByLabel("Announcement");
  const save = announce.getByRole("button", { name: "Save" });

  await test.step("513 characters are too many", async () => {
    await edit.click();
    await text.fill("😀".repeat(513));
    await save.click();
    await expectFieldError(text, "At most 512 characters are allowed; this has 513.");
    await expect(text).toHaveValue("😀".repeat(513));
    await axe(page);
  });

  await test.step("512 are not", async () => {
    const lines = "공".repeat(500) + "\n</textarea>";
    await text.fill(lines);
    if (hasJs()) await expect(text).toHaveAccessibleDescription(/512 \/ 512 characters/);
    await save.click();
    await expect(status(page)).toContainText("Announcement saved.");
    await expect(page.getByRole("region", { name: "Announcement" }).getByRole("paragraph").first()).toHaveText(lines);
    await expect(page.getByText(/^Changed/).getByRole("time")).toHaveAttribute("datetime", /Z$/);
    await edit.click();
    await expect(text).toHaveValue(lines);
  });

  await test.step("nothing takes it away", async () => {
    await text.fill("");
    await save.click();
    await expect(page.getByText("No announcement yet.")).toBeVisible();
  });
});

test("an announcement that somebody else has just changed is not overwritten", async ({ page, app, problems }) => {
  problems.expect(/group\/announce$/, 409);
  const id = await app.group({ name: "Lunch" });
  await open(page, `${app.groupPath(id, "announcement")}?dialog=announce`);
  const announce = dialog(page, "Edit announcement");
  await announce.getByLabel("Announcement").fill("mine");
  await app.call("group/announce", { group_id: id, announcement: "theirs" });
  await announce.getByRole("button", { name: "Save" }).click();
  await expect(announce.getByRole("alert")).toContainText("Somebody changed this since you opened it.");
  await expect(announce.getByLabel("Announcement")).toHaveValue("mine");
  expect(await app.call("group/get", { group_id: id })).toMatchObject({ announcement: "theirs" });
});

test("the details of an event tell moments as such", async ({ page, app }) => {
  await app.accounts([{ username: "ada" }]);
  const id = await app.group({ name: "Lunch" });
  await app.members(id, ["ada"]);
  const mute = (duration: string) => app.call("member/change", { group_id: id, work: "mute", ids: ["ada"], duration });
  await mute("1h");
  await mute("ever");
  await open(page, app.groupPath(id, "activity"));
  const change = dialog(page, "Event").getByRole("row", { name: /^Muted until/ });
  await page.getByRole("link", { name: "Member muted: ada" }).first().click();
  await expect(change).toContainText("for ever");
  await dialog(page, "Event").getByRole("link", { name: "Close" }).last().click();
  await page.getByRole("link", { name: "Member muted: ada" }).last().click();
  await expect(change.getByRole("time")).toHaveAttribute("datetime", /Z$/);
});

test("the activity is the group's alone, whatever else has its name", async ({ page, app }) => {
  await app.accounts([{ username: "lunch" }, { username: "ada" }]);
  await app.group({ name: "Lunch", group_id: "lunch" });
  await app.group({ name: "Other", group_id: "other" });
  await app.members("lunch", ["ada"]);
  await app.message(["lunch", "other"], "hello");
  await open(page, app.groupPath("lunch", "activity"));
  await expect(rows(page)).toHaveCount(3);
  for (const words of ["Message sent", "Member added", "Group added"]) {
    await expect(page.getByRole("rowheader", { name: words })).toBeVisible();
  }
  await expect(page.getByRole("columnheader", { name: "Target" })).toHaveCount(0);
  await expect(page.getByRole("columnheader", { name: "Subject" })).toBeVisible();
  await expect(page.getByRole("row").filter({ hasText: "Member added" }).getByRole("cell", { name: "ada", exact: true })).toBeVisible();

  const search = page.getByRole("search");
  await search.getByLabel("Action").selectOption({ label: "Member added" });
  if (!hasJs()) await search.getByRole("button", { name: "Apply" }).click();
  await expect(rows(page)).toHaveCount(1);
  await page.getByRole("rowheader").getByRole("link").click();
  await expect(dialog(page, "Event")).toContainText("ada");
  await axe(page);
  await dialog(page, "Event").getByRole("link", { name: "Close" }).last().click();
  await page.getByRole("link", { name: "Open in the audit log" }).click();
  await expect(page).toHaveURL(app.path("audit?target=lunch"));
});

test("a viewer sees every tab and may change nothing", async ({ page, app, operator }) => {
  await app.account({ username: "ada" });
  const id = await app.group({ name: "Lunch" });
  await app.members(id, ["ada"]);
  await signInWith(page, (await operator("viewer")).cookies);
  const why = "a viewer only reads";
  await open(page, app.groupPath(id));
  await expect(page.getByRole("button", { name: "Mute everybody" })).toHaveCount(0);
  for (const [word, action] of [
    ["", "Edit: Settings"],
    ["announcement", "Edit: Announcement"],
    ["members", "Actions: ada"],
    ["files", "Upload file"],
    ["block-list", "Block"],
    ["mutes", "Mute"],
    ["allow-list", "Add to allow list"],
  ] as const) {
    await open(page, app.groupPath(id, word));
    await expect(page.getByRole("main").getByRole("link", { name: new RegExp(`^${action} — `) }), why).toHaveAttribute("aria-disabled", "true");
  }
});

test("an audio-video group has the lists of nobody", async ({ page, app }) => {
  const id = await app.group({ name: "Stream", type: "AVChatRoom" });
  await open(page, `${app.groupPath(id)}?dialog=settings`);
  await expect(dialog(page, "Group settings").getByLabel("Member limit")).toHaveCount(0);
  await dialog(page, "Group settings").getByLabel("Custom text").fill("x");
  await dialog(page, "Group settings").getByRole("button", { name: "Save" }).click();
  await expect(fact(page, "Custom text")).toHaveText("x");
  for (const word of ["members", "block-list", "mutes", "allow-list"]) {
    await open(page, app.groupPath(id, word));
    await expect(page.getByText("Audio-video groups keep no member list")).toBeVisible();
  }
});

test("tabs stay in reach on a phone", { tag: "@no-js" }, async ({ page, app }) => {
  test.slow();
  const id = await app.group({ name: "Lunch" });
  await page.setViewportSize({ width: 390, height: 844 });
  for (const word of ["", "members", "announcement", "files", "messages", "mutes", "activity"]) {
    await open(page, app.groupPath(id, word));
    await axe(page);
    const wider = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(wider, `${word} scrolls sideways`).toBeLessThanOrEqual(1);
  }
});
