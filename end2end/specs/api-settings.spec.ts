// Settings → API: credentials and their secrets, calls to copy, and the call that matches each list.
import { Api } from "../support/api.js";
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
  ready,
  row,
  rows,
  signIn,
  signInWith,
  status,
  test,
} from "../support/test.js";

test.beforeEach(async ({ page }) => signIn(page));

/** What the dialog shows of a secret. */
async function keys(page: Page): Promise<{ client_id: string; client_secret: string }> {
  const shown = dialog(page, "Client secret");
  const read = async (word: string) => (await fact(shown, word).innerText()).trim();
  return { client_id: await read("client_id"), client_secret: await read("client_secret") };
}

/** Asks for a token and returns the status. */
async function token(app: App, url: string, given: { client_id: string; client_secret: string }): Promise<number> {
  const answer = await fetch(`${url}/${app.org}/${app.name}/token`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ grant_type: "client_credentials", ...given }),
  });
  return answer.status;
}

test("a credential is made, shown once, edited, rotated and revoked", async ({ page, app, roster, problems }) => {
  test.slow();
  problems.expect(/credential\/(create|edit)$/, 422);
  await open(page, app.path("settings"));
  await page.getByRole("navigation", { name: "Settings" }).getByRole("link", { name: "API credentials" }).click();
  await expect(page.getByText("No credentials yet.")).toBeVisible();
  await axe(page);

  await page.getByRole("link", { name: "Create credential" }).click();
  const create = dialog(page, "Create credential");
  await create.getByRole("button", { name: "Create credential" }).click();
  await expectFieldError(create.getByLabel("Name"), "Fill in this field.");
  await create.getByLabel("Name").fill("Shop <b>");
  await create.getByRole("button", { name: "Create credential" }).click();
  await expect(dialog(page, "Client secret")).toContainText("Credentials of “Shop <b>”");
  await axe(page);
  const first = await keys(page);
  expect(first.client_secret.length).toBeGreaterThan(30);
  expect(page.url(), "no secret in the address").not.toContain(first.client_secret);
  expect(await token(app, roster.url, first)).toBe(200);
  const shown = dialog(page, "Client secret");

  if (hasJs()) {
    await test.step("nothing but its button closes the dialog", async () => {
      await expect(shown.getByRole("button", { name: "Copy client_secret" })).toBeFocused();
      for (const key of ["Enter", "Escape", "Escape", "Escape"]) await page.keyboard.press(key);
      await page.mouse.click(5, 5);
      await expect(shown.getByRole("link", { name: "I have saved the secret" })).toBeVisible();
    });
  }

  await test.step("the secret is shown once", async () => {
    await page.reload();
    await ready(page);
    await expect(dialog(page, "Client secret")).toContainText("The secret was shown once");
    expect(await page.content()).not.toContain(first.client_secret);
    await dialog(page, "Client secret").getByRole("link", { name: "Close" }).last().click();
    await expect(row(page, "Shop <b>")).toContainText(first.client_id);
    await expect(row(page, "Shop <b>")).not.toContainText("Never Never");
  });

  await test.step("edited", async () => {
    await page.getByRole("link", { name: "Edit: Shop <b>" }).click();
    await axe(page);
    await dialog(page, "Edit").getByLabel("Name").fill("Shop");
    await dialog(page, "Edit").getByRole("button", { name: "Save" }).click();
    await expect(status(page)).toContainText("Credential saved.");
    await expect(row(page, "Shop")).toBeVisible();
  });

  await test.step("rotated: the old secret is void", async () => {
    await page.getByRole("link", { name: "Rotate secret: Shop" }).click();
    await expect(dialog(page, "Rotate secret")).toContainText("Give “Shop” a new secret?");
    await expect(dialog(page, "Rotate secret")).toContainText("the current secret stops working immediately. Its one valid token stops working, too.");
    await dialog(page, "Rotate secret").getByRole("button", { name: "Rotate secret" }).click();
    await expect(dialog(page, "Client secret")).toBeVisible();
    const second = await keys(page);
    expect(second.client_id).toBe(first.client_id);
    expect(await token(app, roster.url, first)).toBe(400);
    expect(await token(app, roster.url, second)).toBe(200);
    await shown.getByRole("link", { name: "I have saved the secret" }).click();
    await expect(shown).toHaveCount(0);
    await page.goBack();
    await ready(page);
    await expect(shown).toContainText("The secret was shown once");
    expect(await page.content(), "going back does not show it").not.toContain(second.client_secret);
    await shown.getByRole("link", { name: "Close" }).last().click();

    await page.getByRole("link", { name: "Revoke: Shop" }).click();
    await axe(page);
    await dialog(page, "Revoke").getByRole("button", { name: "Revoke" }).click();
    await expect(status(page)).toContainText("Credential revoked.");
    await expect(page.getByText("No credentials yet.")).toBeVisible();
    expect(await token(app, roster.url, second)).toBe(400);
  });
});

test("a credential is limited to days, addresses and reading", async ({ page, app, problems }) => {
  problems.expect(/credential\/(create|edit)$/, 422);
  await open(page, app.path("settings/api?dialog=create"));
  const create = dialog(page, "Create credential");
  await create.getByLabel("Name").fill("Reports");
  await create.getByLabel("Access").selectOption({ label: "Read only" });
  await create.getByLabel("Last day").fill("2020-01-01");
  await create.getByLabel("Allowed addresses").fill("10.0.0.0/8\nexample.org");
  await create.getByRole("button", { name: "Create credential" }).click();
  await expectFieldError(create.getByLabel("Allowed addresses"), "“example.org” is neither an address nor a network such as 10.0.0.0/8.");
  await expect(create.getByLabel("Last day")).toHaveAccessibleDescription(/still to come/);
  await expect(create.getByLabel("Access"), "what was typed stays").toHaveValue("read");
  await create.getByLabel("Last day").fill("2999-12-31");
  await create.getByLabel("Allowed addresses").fill("10.0.0.5/8\n2001:db8::1");
  await create.getByRole("button", { name: "Create credential" }).click();
  await dialog(page, "Client secret").getByRole("link", { name: "I have saved the secret" }).click();
  for (const text of ["Read only", "2999-12-31", "by admin"]) await expect(row(page, "Reports")).toContainText(text);
  await axe(page);

  await page.getByRole("link", { name: "Edit: Reports" }).click();
  const edit = dialog(page, "Edit");
  await expect(edit.getByLabel("Last day")).toHaveValue("2999-12-31");
  await expect(edit.getByLabel("Allowed addresses")).toHaveValue("10.0.0.0/8\n2001:db8::1");
  await edit.getByLabel("Access").selectOption({ label: "Read and write" });
  await edit.getByLabel("Last day").fill("");
  await edit.getByLabel("Allowed addresses").fill("");
  await edit.getByRole("button", { name: "Save" }).click();
  await expect(status(page)).toContainText("Credential saved.");
  await expect(row(page, "Reports")).not.toContainText("Read only");
  await expect(row(page, "Reports")).not.toContainText("2999");
});

test("an old secret goes on beside the new one", async ({ page, app, roster }) => {
  const first = await app.call<{ client_id: string; client_secret: string }>("credential/create", { name: "Shop" });
  await open(page, app.path("settings/api"));
  await page.getByRole("link", { name: "Rotate secret: Shop" }).click();
  const rotate = dialog(page, "Rotate secret");
  await rotate.getByLabel("The current secret keeps working for").selectOption({ label: "24 hours" });
  await rotate.getByRole("button", { name: "Rotate secret" }).click();
  const second = await keys(page);
  expect(await token(app, roster.url, first)).toBe(200);
  expect(await token(app, roster.url, second)).toBe(200);
  await dialog(page, "Client secret").getByRole("link", { name: "I have saved the secret" }).click();
  await expect(row(page, "Shop")).toContainText("Old secret until");
});

test("an app says what it gives tokens for", async ({ page, app, roster, problems }) => {
  problems.expect(/application\/token-rules$/, 422);
  await open(page, app.path("settings"));
  await page.getByRole("link", { name: "Edit: API tokens" }).click();
  const rules = dialog(page, "API tokens");
  await expect(rules).toContainText("ends the tokens that were issued that way at once");
  await axe(page);
  await rules.getByLabel("Users, with their password (password)").selectOption({ label: "Switched off" });
  await rules.getByLabel("Longest token lifetime, seconds").fill("3600");
  await rules.getByRole("button", { name: "Save" }).click();
  await expect(status(page)).toContainText("API token settings saved.");
  const panel = page.getByRole("region", { name: "API tokens" });
  await expect(panel).toContainText("Switched off");
  await expect(panel).toContainText("3,600 seconds");
  const answer = await fetch(`${roster.url}/${app.org}/${app.name}/token`, {
    method: "POST",
    body: JSON.stringify({ grant_type: "password", username: "ada", password: "x" }),
  });
  expect(answer.status).toBe(401);

  await test.step("and the log tells of it", async () => {
    await open(page, app.path("audit"));
    await row(page, "App edited").getByRole("link", { name: /^App edited/ }).click();
    const event = dialog(page, "Event");
    await expect(event).toContainText("Users, with their password (password)");
    await expect(event).toContainText("Longest token lifetime, seconds");
  });
});

test("names are unique within the app", async ({ page, app, problems }) => {
  problems.expect(/credential\/create$/, 422);
  await app.call("credential/create", { name: "Shop" });
  await open(page, app.path("settings/api?dialog=create"));
  const create = dialog(page, "Create credential");
  await create.getByLabel("Name").fill("Shop");
  await create.getByRole("button", { name: "Create credential" }).click();
  await expect(create.getByLabel("Name")).toHaveAccessibleDescription(/taken|in use|already/i);
});

test("the calls of the page work as they stand", { tag: "@js" }, async ({ page, app, roster }) => {
  const credential = await app.call<{ client_id: string; client_secret: string }>("credential/create", { name: "Shop" });
  await app.account({ username: "ada" });
  await open(page, app.path("settings/calls"));
  await axe(page);
  const line = (name: string) => page.getByRole("region", { name, exact: true }).innerText();
  expect(await line("Get a token")).toContain(`curl -X POST '${roster.url}/${app.org}/${app.name}/token'`);
  expect(await line("Get a token")).toContain(credential.client_id);
  expect(await page.content(), "the secret stands nowhere").not.toContain(credential.client_secret);

  const answer = await fetch(`${roster.url}/${app.org}/${app.name}/token`, {
    method: "POST",
    body: /-d '(.+)'/.exec(await line("Get a token"))?.[1]?.replace("CLIENT_SECRET", credential.client_secret),
  });
  const { access_token } = (await answer.json()) as { access_token: string };
  const send = async (name: string, change: (body: string) => string) => {
    const text = await line(name);
    const url = /'(http[^']+)'/.exec(text)?.[1] ?? "";
    const body = /-d '(.+)'/.exec(text)?.[1];
    const request = { method: text.includes("-X POST") ? "POST" : "GET", headers: { Authorization: `Bearer ${access_token}` } };
    return fetch(change(url), body ? { ...request, body: change(body) } : request);
  };
  const made = await send("Create a group", (text) => text.replace("USERNAME", "ada"));
  expect(made.status).toBe(200);
  const { data } = (await made.json()) as { data: { groupid: string } };
  expect((await send("List groups", (text) => text)).status).toBe(200);
  await app.accounts([{ username: "bob" }, { username: "cleo" }]);
  const added = await send("Add members", (text) =>
    text.replace("GROUP_ID", data.groupid).replace("USERNAME_1", "bob").replace("USERNAME_2", "cleo"),
  );
  expect(added.status).toBe(200);
});

test("each list shows the call that returns it", { tag: "@js" }, async ({ page, app, roster, operator }) => {
  test.slow();
  await app.accounts(numbered(25, (n) => ({ username: `ada${n}` })));
  const id = await app.group({ name: "Lunch", owner: "ada01", group_id: "it's #1" });
  const base = `${roster.url}/${app.org}/${app.name}`;
  const group = `${base}/chatgroups/it%27s%20%231`;
  for (const [path, url] of [
    [app.path("groups"), `${base}/chatgroups?limit=20`],
    [app.path("accounts?size=50"), `${base}/users?limit=50`],
    [app.groupPath(id, "members"), `${group}/users?pagenum=1&pagesize=20`],
    [`${app.groupPath(id, "members")}?type=Admin`, `${group}/admin`],
    [app.groupPath(id, "files"), `${group}/share_files?pagenum=1&pagesize=20`],
    [app.groupPath(id, "block-list"), `${group}/blocks/users`],
    [app.groupPath(id, "mutes"), `${group}/mute`],
    [app.groupPath(id, "allow-list"), `${group}/white/users`],
    [app.path("accounts/ada01?size=50"), `${base}/users/ada01/joined_chatgroups?pagenum=1&pagesize=50`],
  ] as const) {
    await test.step(url, async () => {
      await open(page, path);
      await page.getByRole("link", { name: "API call for this list" }).click();
      const shown = dialog(page, "API call for this list");
      await expect(shown.getByRole("region", { name: "This list" })).toContainText(`curl '${url}'`);
    });
  }
  await axe(page);

  await test.step("a later page", async () => {
    await open(page, app.path("accounts"));
    await page.getByRole("link", { name: "Next" }).click();
    await expect(page).toHaveURL(/cursor=/);
    await page.getByRole("link", { name: "API call for this list" }).click();
    await expect(dialog(page, "API call for this list")).toContainText("from its first page");
  });

  await test.step("as many rows as the operator likes to see", async () => {
    const { cookies } = await operator("viewer");
    const own = await Api.of(roster.url, cookies);
    await own.call("preference/list", { "input[list]": "members", "input[density]": "compact", "input[size]": "100" });
    await own.close();
    await signInWith(page, cookies);
    await open(page, `${app.groupPath(id, "members")}?dialog=api`);
    await expect(dialog(page, "API call for this list")).toContainText("pagesize=100");
  });
});

test("a viewer sees the credentials and changes none", async ({ page, app, operator }) => {
  await app.call("credential/create", { name: "Shop" });
  await signInWith(page, (await operator("viewer")).cookies);
  await open(page, app.path("settings/api"));
  await expect(rows(page)).toHaveCount(1);
  for (const action of ["Create credential", "Edit: Shop", "Rotate secret: Shop", "Revoke: Shop"]) {
    const link = page.getByRole("link", { name: `${action} — Your role, viewer, can only read.` });
    await expectDisabled(link, "Your role, viewer, can only read.");
  }
});

test("the settings are narrow where the screen is", { tag: "@no-js" }, async ({ page, app }) => {
  await app.call("credential/create", { name: "Shop" });
  await page.setViewportSize({ width: 390, height: 844 });
  for (const rest of ["settings", "settings/api", "settings/calls"]) {
    await open(page, app.path(rest));
    await axe(page);
    const wider = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(wider, `${rest} scrolls sideways`).toBeLessThanOrEqual(1);
  }
});
