// Accessibility: axe finds nothing on any page or dialog, in light and dark, wide and narrow; the keyboard is enough.
import { violations } from "../support/axe.js";
import { expectNoSideways, furnish } from "../support/everything.js";
import { openList } from "../support/lists.js";
import {
  type Api,
  type Locator,
  type Page,
  dialog,
  expect,
  menu,
  open,
  row,
  signIn,
  signInWith,
  status,
  test,
  unique,
} from "../support/test.js";

const WIDE = { width: 1440, height: 900 };
const NARROW = { width: 390, height: 844 };

test.beforeEach(async ({ page }) => {
  await signIn(page);
  await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
});

/** All rules of WCAG 2.2 A and AA. Soft, as one finding must not hide the next page's. */
async function axe(page: Page): Promise<void> {
  expect.soft(await violations(page), `accessibility of ${page.url()}`).toEqual([]);
}

/** Themes differ in nothing but colours. */
const COLOURS = ["color-contrast", "link-in-text-block"];

/** What is open now: in light and dark; in 390 px, where nothing scrolls sideways. `narrow` says whether axe looks at that too. */
async function expectAccessible(page: Page, { narrow = false } = {}): Promise<void> {
  await axe(page);
  await page.emulateMedia({ colorScheme: "dark" });
  expect.soft(await violations(page, COLOURS), `dark: ${page.url()}`).toEqual([]);
  await page.setViewportSize(NARROW);
  await expectNoSideways(page);
  await page.emulateMedia({ colorScheme: "light" });
  if (narrow) expect.soft(await violations(page), `390 px: ${page.url()}`).toEqual([]);
  await page.setViewportSize(WIDE);
}

test("pages before sign-in", async ({ page, problems }) => {
  problems.expect(/\/setup|\/no-such-page/, 404);
  await signInWith(page, []);
  for (const [path, title] of [
    ["/sign-in", "Sign in"],
    ["/setup?token=no-such-token", "Set up"],
  ] as const) {
    await test.step(path, async () => {
      await open(page, path);
      await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
      await expectAccessible(page, { narrow: true });
    });
  }
  await test.step("a refused sign-in", async () => {
    await open(page, "/sign-in");
    await page.getByLabel("Name", { exact: true }).fill("nobody");
    await page.getByLabel("Password", { exact: true }).fill("not the password");
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.getByRole("alert")).toBeVisible();
    await axe(page);
  });
});

test("pages of the server", async ({ page, problems }) => {
  problems.expect(/no-such-page/, 404);
  for (const [path, title] of [
    ["/", "Apps"],
    ["/operators", "Operators"],
    ["/audit", "Server audit log"],
    ["/audit/archives", "Retention and archives"],
    ["/me", "My account"],
    ["/no-such-page", "Page not found"],
  ] as const) {
    await test.step(path, async () => {
      await open(page, path);
      await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
      await expectAccessible(page, { narrow: true });
    });
  }
});

test("pages of an app, and its open menus", async ({ page, app, problems }) => {
  test.slow();
  problems.expect(/groups\/nothing/, 404);
  await openList(page, app, "groups");
  await expect(page.getByText("No groups yet.")).toBeVisible();
  await expectAccessible(page);
  const { group, stream } = await furnish(app);
  const pages: [path: string, title: string | RegExp][] = [
    [app.path("groups"), "Group Management"],
    [app.path("groups?q=nothing&type=Work"), "Group Management"],
    [app.groupPath(group), "W".repeat(30)],
    [app.groupPath(stream), "直播群直播群直播群"],
    [app.path("accounts"), "Account Management"],
    [app.path("accounts/minji"), /김민지/],
    [app.path("search?q=a"), "Search"],
    [app.path("audit"), "Audit Log"],
    [app.path("settings"), "Settings"],
    [app.path("groups/nothing"), /./],
  ];
  for (const [path, title] of pages) {
    await test.step(path, async () => {
      await open(page, path);
      await expect(page.getByRole("heading", { level: 1, name: title }).or(page.getByText("There is no such group"))).toBeVisible();
      await expectAccessible(page, { narrow: !path.includes("?") });
    });
  }
  await test.step("menus", async () => {
    // Where an open menu covers no other controls, which axe would find too small then.
    await openList(page, app, "jobs");
    for (const name of [/^App .*: switch$/, "Language", "Theme", /^Signed in as/]) {
      await menu(page, name);
      await axe(page);
    }
    await page.setViewportSize(NARROW);
    await menu(page, "Menu");
    await axe(page);
    await expectNoSideways(page);
  });
  await test.step("a selection and its bar", async () => {
    await page.setViewportSize(WIDE);
    await openList(page, app, "accounts");
    await page.getByLabel("Select ada").check();
    await expect(page.getByText("1 selected")).toBeVisible();
    await expectAccessible(page);
  });
});

test("the tabs of a group, and the API's part of the settings", async ({ page, app }) => {
  test.slow();
  const { group } = await furnish(app);
  await app.account({ username: "cy" });
  await app.members(group, ["cy"]);
  await app.call("member/change", { group_id: group, work: "mute", ids: ["minji"], duration: "7d" });
  await app.call("member/change", { group_id: group, work: "set-admin", ids: ["cy"] });
  await app.call("group/announce", { group_id: group, announcement: "공지 ".repeat(60) });
  await app.call("credential/create", { name: "W".repeat(60) });
  const tabs = ["members", "announcement", "files", "messages", "mutes", "activity"].map((word) => app.groupPath(group, word));
  for (const path of [...tabs, app.path("settings/api"), app.path("settings/calls")]) {
    await test.step(path, async () => {
      await open(page, path);
      await expectAccessible(page, { narrow: true });
    });
  }
});

test("dialogs about roles, settings, files and the API", async ({ page, app }) => {
  test.slow();
  const { group } = await furnish(app);
  const details = (word: string) => `${app.groupPath(group, "members")}?dialog=${word}&ids=minji`;
  for (const [title, path] of [
    ["Actions: minji", details("actions")],
    ["Mute", details("mute")],
    ["Transfer ownership", details("transfer")],
    ["API call for this list", details("api")],
    ["Group settings", details("settings")],
    ["Edit announcement", details("announce")],
    ["Upload file", details("upload")],
    ["Create credential", app.dialog("settings/api", "create")],
  ] as const) {
    await test.step(title, async () => {
      await open(page, path);
      await expect(dialog(page, title)).toBeVisible();
      await expectAccessible(page);
    });
  }
});

test("dialogs about groups and members", async ({ page, app, problems }) => {
  test.slow();
  problems.expect(/group\/create$/, 422);
  const { group, stream } = await furnish(app);
  const details = (word: string, ids: string[]) =>
    `${app.groupPath(group, "members")}?${new URLSearchParams([["dialog", word], ...ids.map((id) => ["ids", id])])}`;
  const dialogs: [title: string, path: string][] = [
    ["Add Group", app.dialog("groups", "add")],
    ["Send Messages", app.dialog("groups", "send", [group, stream])],
    ["Delete group", app.dialog("groups", "delete", [group])],
    ["Delete Groups", app.dialog("groups", "delete", [group, stream])],
    ["Edit group", details("edit", [group])],
    ["Add Member", details("add-members", [])],
    ["Delete member", details("delete-members", ["minji"])],
    ["View", app.dialog("groups", "columns")],
    ["Saved views", app.dialog("groups", "views")],
    ["Search", app.dialog("groups", "search")],
    ["Keyboard shortcuts", app.dialog("groups", "keys")],
  ];
  for (const [title, path] of dialogs) {
    await test.step(title, async () => {
      await open(page, path);
      await expect(dialog(page, title)).toBeVisible();
      await expectAccessible(page);
    });
  }
  await test.step("with errors", async () => {
    await open(page, app.dialog("groups", "add"));
    const add = dialog(page, "Add Group");
    await add.getByLabel("Group Name").fill("x".repeat(31));
    await add.getByLabel("Custom group ID").fill("@TGS#x");
    await add.getByRole("button", { name: "OK" }).click();
    await expect(add.getByRole("alert")).toBeFocused();
    await expectAccessible(page);
  });
  await test.step("what it did", async () => {
    await open(page, app.groupPath(group, "members"));
    await app.account({ username: "cy" });
    await page.getByRole("link", { name: "Add Member" }).click();
    await dialog(page, "Add Member").getByLabel("Usernames").fill("cy nobody minji");
    await dialog(page, "Add Member").getByRole("button", { name: "Confirm" }).click();
    await expect(status(page)).toContainText("1 member added.");
    await expectAccessible(page);
  });
});

test("dialogs about accounts, exports and events", async ({ page, app }) => {
  await furnish(app);
  for (const [title, path] of [
    ["Create account", app.dialog("accounts", "create")],
    ["Edit account", app.dialog("accounts", "edit", ["ada"])],
    ["Delete accounts", app.dialog("accounts", "delete", ["ada", "minji"])],
    ["Export accounts", app.dialog("accounts", "export", ["ada", "minji"])],
  ] as const) {
    await test.step(title, async () => {
      await open(page, path);
      await expect(dialog(page, title)).toBeVisible();
      await expectAccessible(page, { narrow: title === "Edit account" });
    });
  }
  await test.step("Export successful", async () => {
    await dialog(page, "Export accounts").getByRole("button", { name: "Export" }).click();
    await expect(dialog(page, "Export successful")).toBeVisible();
    await expectAccessible(page);
  });
  await test.step("Event", async () => {
    await openList(page, app, "audit");
    await page.getByRole("link", { name: /^Group edited/ }).click();
    await expect(dialog(page, "Event").getByRole("region", { name: "What changed" })).toBeVisible();
    await expectAccessible(page);
  });
});

async function addOperator(api: Api): Promise<{ id: number; name: string }> {
  const name = unique("operator");
  await api.call("operator/add", { name, role: "viewer" });
  const all = await api.call<{ id: number; name: string }[]>("operator/list");
  return { name, id: all.find((one) => one.name === name)?.id ?? 0 };
}

test("dialogs about apps and operators", async ({ page, api }) => {
  const { id, name } = await addOperator(api);
  for (const [title, path] of [
    ["Create app", "/?dialog=create"],
    ["Add operator", "/operators?dialog=add"],
    [`Change role: ${name}`, `/operators?dialog=role&ids=${id}`],
    [`Disable: ${name}`, `/operators?dialog=disable&ids=${id}`],
    [`Reset password: ${name}`, `/operators?dialog=reset&ids=${id}`],
  ] as const) {
    await test.step(title, async () => {
      await open(page, path);
      await expect(dialog(page, title)).toBeVisible();
      await expectAccessible(page);
    });
  }
  await test.step("Set-up link", async () => {
    await dialog(page, `Reset password: ${name}`).getByRole("button", { name: "Reset password" }).click();
    await expect(dialog(page, "Set-up link")).toBeVisible();
    await expectAccessible(page);
  });
});

test("the first Tab leads past the navigation", async ({ page, app }) => {
  await openList(page, app, "groups");
  await page.keyboard.press("Tab");
  const skip = page.getByRole("link", { name: "Skip to content" });
  await expect(skip).toBeFocused();
  await expect(skip).toBeInViewport();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("main")).toBeFocused();
  await expect(page.getByRole("heading", { level: 1, name: "Group Management" })).toBeVisible();
});

test("/ leads to the search, but not while one types", async ({ page, app }) => {
  for (const list of ["groups", "accounts"]) {
    await openList(page, app, list);
    const search = page.getByRole("searchbox");
    await page.keyboard.press("/");
    await expect(search).toBeFocused();
    await expect(search).toHaveValue("");
    await page.keyboard.type("a/b");
    await expect(search).toHaveValue("a/b");
  }
  await open(page, app.dialog("groups", "add"));
  const name = dialog(page, "Add Group").getByLabel("Group Name");
  await name.focus();
  await page.keyboard.type("a/b");
  await expect(name).toHaveValue("a/b");
});

/** Opens it by the keyboard and returns it. */
async function openBy(opener: Locator, page: Page, title: string): Promise<Locator> {
  await opener.focus();
  await opener.press("Enter");
  const opened = dialog(page, title);
  await expect(opened).toBeVisible();
  return opened;
}

test("Esc and the backdrop close an untouched dialog, and not one with typed text", async ({ page, app }) => {
  await openList(page, app, "groups");
  const opener = page.getByRole("main").getByRole("link", { name: "Add Group" }).first();
  const add = await openBy(opener, page, "Add Group");
  await page.keyboard.press("Escape");
  await expect(add).toHaveCount(0);
  await expect(page).toHaveURL(app.path("groups"));
  await expect(opener).toBeFocused();

  await openBy(opener, page, "Add Group");
  await page.mouse.click(5, 450);
  await expect(add).toHaveCount(0);

  await openBy(opener, page, "Add Group");
  const name = add.getByLabel("Group Name");
  await name.fill("typed");
  await page.keyboard.press("Escape");
  await page.mouse.click(5, 450);
  await expect(add).toBeVisible();
  await expect(name).toHaveValue("typed");
  await add.getByRole("link", { name: "Cancel" }).click();
  await expect(add).toHaveCount(0);
  await openBy(opener, page, "Add Group");
  await expect(name, "a new dialog is empty").toHaveValue("");
});

test("focus begins on the first field, on Cancel where it destroys, and returns to the opener", async ({ page, app }) => {
  const { group } = await furnish(app);
  const name = "W".repeat(30);
  const check = async (opener: Locator, title: string, first: (opened: Locator) => Locator) =>
    test.step(title, async () => {
      const opened = await openBy(opener, page, title);
      await expect(first(opened)).toBeFocused();
      await page.keyboard.press("Escape");
      await expect(opened).toHaveCount(0);
      await expect(opener).toBeFocused();
    });
  const cancel = (opened: Locator) => opened.getByRole("link", { name: "Cancel" });

  await openList(page, app, "groups");
  await check(page.getByRole("link", { name: "Add Group" }), "Add Group", (it) => it.getByLabel("Group Name"));
  await check(row(page, name).getByRole("link", { name: /^Send Messages/ }), "Send Messages", (it) => it.getByLabel("Message content"));
  await check(row(page, name).getByRole("link", { name: /^Delete/ }), "Delete group", cancel);
  await openList(page, app, "accounts");
  await check(page.getByRole("link", { name: "Create account" }), "Create account", (it) => it.getByLabel("Account Type"));
  await page.getByLabel("Select ada").check();
  await check(page.getByRole("button", { name: "Batch Delete" }), "Delete accounts", cancel);
  await open(page, app.groupPath(group, "members"));
  await check(page.getByRole("link", { name: "Add Member" }), "Add Member", (it) => it.getByLabel("Find an account"));
  await check(page.getByRole("link", { name: "Delete: minji" }), "Delete member", cancel);
  await open(page, "/");
  await check(page.getByRole("link", { name: "Create app" }), "Create app", (it) => it.getByLabel("Display name"));
});

test("focus begins on the first field of forms that load what they edit", async ({ page, app }) => {
  const { group } = await furnish(app);
  await openList(page, app, "accounts");
  const opener = page.getByRole("link", { name: "Edit: ada" });
  const edit = await openBy(opener, page, "Edit account");
  await expect(edit.getByLabel("Nickname")).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(edit).toHaveCount(0);
  await expect(opener).toBeFocused();
  await open(page, app.groupPath(group));
  const editGroup = await openBy(page.getByRole("link", { name: "Edit: Basic information" }), page, "Edit group");
  await expect(editGroup.getByLabel("Group Name")).toBeFocused();
});

test("a wrong field gets the focus, and the Tab key stays inside the dialog", async ({ page, app, problems }) => {
  problems.expect(/group\/create$/, 422);
  await open(page, app.dialog("groups", "add"));
  const add = dialog(page, "Add Group");
  await add.getByRole("button", { name: "OK" }).press("Enter");
  await expect(add.getByLabel("Group Name")).toBeFocused();
  for (let n = 0; n < 12; n++) {
    await page.keyboard.press("Tab");
    const outside = await page.evaluate(() => {
      const focused = document.activeElement;
      return focused !== document.body && !focused?.closest("dialog") ? focused?.outerHTML : undefined;
    });
    expect(outside).toBeUndefined();
  }
});
