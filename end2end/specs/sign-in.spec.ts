// Who gets in, and how: the first operator's link, signing in and out, throttling, one's own password and sessions.
import {
  Api,
  type Page,
  cookiesOf,
  expect,
  expectFieldError,
  hasJs,
  menu,
  open,
  ready,
  rows,
  signInWith,
  startRoster,
  status,
  test,
} from "../support/test.js";

const REFUSED = "Name and password do not match an active operator.";
const NEW_PASSWORD = "another few words in a row";

async function fillIn(page: Page, name: string, password: string): Promise<void> {
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

async function isSignedIn(url: string, cookies: Parameters<typeof Api.of>[1]): Promise<boolean> {
  const api = await Api.of(url, cookies);
  const answer = await api.send("application/list");
  await api.close();
  return answer.ok();
}

test("the first operator is set up through a link that works once", async ({ page, problems }) => {
  const server = await startRoster({ ROSTER_ADMIN_PASSWORD: "", ROSTER_DEMO: "0" });
  problems.trust(server.url);
  try {
    const link = /http\S+\/setup\?token=\S+/.exec(server.log())?.[0] ?? "";
    expect(link, "the link stands in the terminal").toContain(server.url);

    await test.step("the sign-in page says what is missing", async () => {
      await open(page, `${server.url}/sign-in`);
      await expect(page.getByText("Nobody can sign in as an owner yet.")).toBeVisible();
    });

    await test.step("two different passwords are refused, the name stays", async () => {
      await open(page, link);
      await page.getByLabel("Name", { exact: true }).fill("Ada 管理员");
      await page.getByLabel("New password").fill(NEW_PASSWORD);
      await page.getByLabel("Repeat the password").fill("something else entirely");
      await page.getByRole("button", { name: "Set up and sign in" }).click();
      await expectFieldError(page.getByLabel("Repeat the password"), "The two passwords differ.");
      await ready(page);
      await expect(page.getByLabel("Name", { exact: true })).toHaveValue("Ada 管理员");
      await expect(page.getByLabel("New password")).toHaveValue("");
    });

    await test.step("the right ones sign in", async () => {
      await page.getByLabel("New password").fill(NEW_PASSWORD);
      await page.getByLabel("Repeat the password").fill(NEW_PASSWORD);
      await page.getByRole("button", { name: "Set up and sign in" }).click();
      await expect(page).toHaveURL(`${server.url}/`);
      await ready(page);
      await expect(page.getByText("No apps yet.")).toBeVisible();
    });

    await test.step("the link is used up", async () => {
      await page.context().clearCookies();
      await open(page, link);
      await expect(page.getByText("This link was used already, has expired, or is incomplete.")).toBeVisible();
      await expect(page.getByRole("button", { name: "Set up and sign in" })).toHaveCount(0);
    });

    await test.step("name and password open the door", async () => {
      await open(page, `${server.url}/sign-in`);
      await expect(page.getByText("Nobody can sign in as an owner yet.")).toHaveCount(0);
      await fillIn(page, "Ada 管理员", NEW_PASSWORD);
      await expect(page).toHaveURL(`${server.url}/`);
    });
  } finally {
    // Whatever the last page still loads (its icon, say) would fail without a server.
    await page.goto("about:blank");
    await server.stop();
  }
});

test("a wrong name and a wrong password get the same sentence; the right ones get in", async ({ page, operator }) => {
  const { name, password } = await operator("admin");
  await open(page, "/sign-in");

  await test.step("a wrong password", async () => {
    await fillIn(page, name, "not the password");
    await expect(page.getByRole("alert")).toHaveText(REFUSED);
    await ready(page);
    await expect(page.getByLabel("Name", { exact: true })).toHaveValue(name);
    await expect(page.getByLabel("Password", { exact: true })).toHaveValue("");
    expect(await page.content()).not.toContain("not the password");
    expect(page.url()).not.toContain("password");
  });

  await test.step("an unknown name", async () => {
    await fillIn(page, `${name}-nobody`, password);
    await expect(page.getByLabel("Name", { exact: true })).toHaveValue(`${name}-nobody`);
    await expect(page.getByRole("alert")).toHaveText(REFUSED);
    await ready(page);
  });

  await test.step("the right ones", async () => {
    await fillIn(page, name, password);
    await expect(page).toHaveURL("/");
    await ready(page);
    await expect(page.getByRole("heading", { level: 1, name: "Apps" })).toBeVisible();
    await expect(page.getByRole("banner").getByLabel(`Signed in as ${name}`)).toBeVisible();
  });

  await test.step("who is signed in needs no sign-in page", async () => {
    await page.goto("/sign-in");
    await expect(page).toHaveURL("/");
  });
});

test("after sign-in the page that was asked for opens, and never another server's", async ({ page, operator, problems }) => {
  // A list that has just opened may ask for news when its cookies have been removed already.
  if (hasJs()) problems.expect(/\/changes\?/, 401);
  const { name, password } = await operator("viewer");

  await test.step("a page of this server, also after a refusal", async () => {
    await page.goto("/apps/demo/chat/groups?type=Work&size=50");
    await expect(page).toHaveURL(/\/sign-in\?next=/);
    await ready(page);
    await fillIn(page, name, "not the password");
    await expect(page.getByRole("alert")).toHaveText(REFUSED);
    await ready(page);
    await fillIn(page, name, password);
    await expect(page).toHaveURL("/apps/demo/chat/groups?type=Work&size=50");
  });

  for (const next of ["//evil.example/", "https://evil.example/", "/\\evil.example", "/\t/evil.example", "javascript:alert(1)"]) {
    await test.step(`not ${JSON.stringify(next)}`, async () => {
      await page.context().clearCookies();
      await open(page, `/sign-in?next=${encodeURIComponent(next)}`);
      await fillIn(page, name, password);
      await expect(page).toHaveURL("/");
    });
  }
});

test("signing out ends the session on the server", async ({ page, roster, operator }) => {
  const { name, cookies } = await operator("admin");
  await signInWith(page, cookies);
  await open(page, "/apps/demo/chat/groups");
  const entries = await menu(page, `Signed in as ${name}`);
  await entries.getByRole("button", { name: "Sign out" }).click();
  await expect(page).toHaveURL("/sign-in");
  expect(await isSignedIn(roster.url, cookies), "the old cookie is worth nothing").toBe(false);
  await page.goto("/me");
  await expect(page).toHaveURL(/\/sign-in\?next=%2Fme$|\/sign-in\?next=\/me$/);
});

test("after many attempts one has to wait, even with the right password", async ({ page, roster, operator }) => {
  const { name, password } = await operator("viewer");
  const visitor = await Api.of(roster.url);
  const answers: number[] = [];
  for (let n = 0; n < 11; n++) answers.push((await visitor.send("session/sign-in", { name, password: `guess ${n}` })).status());
  await visitor.close();
  expect(answers).toContain(429);
  expect(answers[0]).toBe(401);

  await open(page, "/sign-in");
  await fillIn(page, name, password);
  await expect(page.getByRole("alert")).toHaveText(/^Too many attempts\. Try again in \d+ seconds?\.$/);
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue(name);
});

function passwordForm(page: Page) {
  return {
    current: page.getByLabel("Current password"),
    wanted: page.getByLabel("New password"),
    repeat: page.getByLabel("Repeat the password"),
    button: page.getByRole("button", { name: "Change password" }),
  };
}

test("changing one's password asks for the old one and ends the other sessions", async ({ page, roster, operator, problems }) => {
  const { name, password, cookies } = await operator("viewer");
  const elsewhere = await cookiesOf(roster, name, password);
  problems.expect(/session\/change-password$/, 422);
  await signInWith(page, cookies);
  await open(page, "/me");
  const form = passwordForm(page);
  const change = async (current: string, wanted: string, repeat = wanted) => {
    await form.current.fill(current);
    await form.wanted.fill(wanted);
    await form.repeat.fill(repeat);
    await form.button.click();
  };

  await test.step("refused: wrong, too short, common, different", async () => {
    await change("not the password", NEW_PASSWORD);
    await expectFieldError(form.current, "This is not your current password.");
    await ready(page);
    await change(password, "short");
    await expectFieldError(form.wanted, "At least 10 characters are needed; this has 5.");
    await ready(page);
    await change(password, "password12345");
    await expectFieldError(form.wanted, "This password is too easy to guess.");
    await ready(page);
    await change(password, NEW_PASSWORD, "different words here");
    await expectFieldError(form.repeat, "The two passwords differ.");
    await ready(page);
    expect(await isSignedIn(roster.url, elsewhere)).toBe(true);
  });

  await test.step("changed", async () => {
    await change(password, NEW_PASSWORD);
    await expect(status(page)).toContainText("Password changed. Your other sessions have ended.");
    await expect(form.current).toHaveValue("");
    await expect(form.wanted).toHaveValue("");
    expect(await isSignedIn(roster.url, elsewhere)).toBe(false);
    await page.reload();
    await expect(page.getByRole("heading", { name: "My account" })).toBeVisible();
  });

  await expect(cookiesOf(roster, name, password)).rejects.toThrow("401");
  expect(await cookiesOf(roster, name, NEW_PASSWORD)).not.toHaveLength(0);
});

test("one sees one's sessions and ends them", async ({ page, roster, operator }) => {
  const { name, password, cookies } = await operator("admin");
  const others = [await cookiesOf(roster, name, password), await cookiesOf(roster, name, password)];
  await signInWith(page, cookies);
  await open(page, "/me");
  const sessions = page.getByRole("region", { name: "My sessions" });
  await expect(rows(sessions)).toHaveCount(3);
  await expect(rows(sessions).filter({ hasText: "This session" })).toHaveCount(1);

  await test.step("one", async () => {
    await sessions.getByRole("button", { name: "End session" }).first().click();
    await expect(status(page)).toContainText("Session ended.");
    await expect(rows(sessions)).toHaveCount(2);
    const left = await Promise.all(others.map((one) => isSignedIn(roster.url, one)));
    expect(left.filter(Boolean)).toHaveLength(1);
    await ready(page);
  });

  await test.step("all others", async () => {
    await page.getByRole("button", { name: "End other sessions" }).click();
    await expect(rows(sessions)).toHaveCount(1);
    await expect(rows(sessions)).toContainText("This session");
    for (const one of others) expect(await isSignedIn(roster.url, one)).toBe(false);
    expect(await isSignedIn(roster.url, cookies)).toBe(true);
  });
});

test("a disabled operator is out at once", async ({ page, api, operator, problems }) => {
  const { id, cookies } = await operator("admin");
  if (hasJs()) problems.expect(/\/_fn\/|\/changes\?/, 401);
  await signInWith(page, cookies);
  await open(page, "/apps/demo/chat/groups");
  await api.call("operator/disable", { id });
  await page.getByRole("navigation", { name: "Main navigation" }).getByRole("link", { name: "Account Management" }).click();
  await expect(page).toHaveURL(/\/sign-in/);
  await expect(page.getByRole("button", { name: "Sign in" })).toBeVisible();
});
