// Apps: the cards, creating one, its settings, switching between them.
import {
  dialog,
  expect,
  expectFieldError,
  fact,
  menu,
  newApp,
  open,
  signIn,
  status,
  test,
  unique,
} from "../support/test.js";

test.beforeEach(async ({ page }) => signIn(page));

test("a card tells what an app holds, and leads into it", async ({ page, app }) => {
  await app.accounts([{ username: "ada" }, { username: "bob" }]);
  await app.group({ name: "Lunch" });
  await open(page, "/");
  const card = page.getByRole("listitem").filter({ has: page.getByRole("heading", { name: app.display }) });
  await expect(card).toContainText(`${app.org}/chat`);
  await expect(fact(card, "Accounts")).toHaveText("2");
  await expect(fact(card, "Groups")).toHaveText("1");
  await expect(card.getByRole("time")).toHaveAttribute("datetime", /Z$/);
  await card.getByRole("link", { name: app.display }).click();
  await expect(page).toHaveURL(app.path("overview"));
  await expect(page.getByRole("heading", { level: 1, name: "Overview" })).toBeVisible();
});

test("an app is created; what cannot be is refused beside the field", async ({ page, app, problems }) => {
  problems.expect(/application\/create$/, 422);
  await open(page, "/");
  await page.getByRole("link", { name: "Create app" }).click();
  const create = dialog(page, "Create app");
  const [display, org, name] = [create.getByLabel("Display name"), create.getByLabel("org_name"), create.getByLabel("app_name")];
  const button = create.getByRole("button", { name: "Create app" });

  await test.step("empty, impossible and too long", async () => {
    await org.fill("no spaces");
    await name.fill("x".repeat(65));
    await button.click();
    await expect(create.getByRole("alert")).toHaveText("3 fields need your attention.");
    await expectFieldError(display, "Fill in this field.");
    await expectFieldError(org, "Only letters, digits, hyphens and underscores are allowed.");
    await expectFieldError(name, "At most 64 characters are allowed; this has 65.");
    await expect(org).toHaveValue("no spaces");
  });

  await test.step("org_name and app_name that are taken together", async () => {
    await display.fill("Again 앱");
    await org.fill(app.org);
    await name.fill(app.name);
    await button.click();
    await expectFieldError(name, "This is taken already. Choose another.");
    await expect(display).toHaveValue("Again 앱");
  });

  await test.step("another app_name in the same org", async () => {
    const display_name = unique("Again 앱");
    await display.fill(display_name);
    await name.fill("chat_2-B");
    await button.click();
    await expect(status(page)).toContainText("App created.");
    await expect(page.getByRole("dialog")).toHaveCount(0);
    await page.getByRole("link", { name: display_name }).click();
    await expect(page).toHaveURL(`/apps/${app.org}/chat_2-B/overview`);
    await expect(page.getByText("No group has members yet.")).toBeVisible();
  });
});

test("settings show the ids and change the display name", async ({ page, app, problems }) => {
  problems.expect(/application\/edit$/, 422);
  await app.account({ username: "root", type: "Admin" });
  await open(page, app.path("settings"));
  await expect(fact(page, "org_name")).toHaveText(app.org);
  await expect(fact(page, "app_name")).toHaveText("chat");
  await expect(fact(page, "Accounts")).toHaveText("1");
  await expect(fact(page, "Admin accounts")).toHaveText("1 of 10");
  const display = page.getByRole("textbox", { name: "Display name" });
  const save = page.getByRole("region", { name: "Display name" }).getByRole("button", { name: "Save" });
  await expect(display).toHaveValue(app.display);

  await test.step("an empty or too long one is refused", async () => {
    await display.fill("");
    await save.click();
    await expectFieldError(display, "Fill in this field.");
    await display.fill("名".repeat(61));
    await save.click();
    await expectFieldError(display, "At most 60 characters are allowed; this has 61.");
  });

  await test.step("a good one is saved and shows everywhere", async () => {
    const renamed = unique("改名");
    await display.fill(renamed);
    await save.click();
    await expect(status(page)).toContainText("Settings saved.");
    await expect(page.locator("summary").and(page.getByLabel(`App ${renamed}: switch`))).toBeVisible();
    await open(page, "/");
    await expect(page.getByRole("link", { name: renamed })).toBeVisible();
  });
});

test("the switcher leads to another app, with that app's data", async ({ page, api, app }) => {
  const other = await newApp(api, unique("Other"));
  await app.group({ name: "Here" });
  await other.group({ name: "There" });
  await open(page, app.path("groups"));
  await expect(page.getByRole("link", { name: "Here", exact: true })).toBeVisible();
  const apps = await menu(page, `App ${app.display}: switch`);
  await apps.getByRole("link", { name: other.display }).click();
  await expect(page).toHaveURL(other.path("overview"));
  await page.getByRole("navigation", { name: "Main navigation" }).getByRole("link", { name: "Group Management" }).click();
  await expect(page.getByRole("link", { name: "There", exact: true })).toBeVisible();
  await expect(page.getByRole("link", { name: "Here", exact: true })).toHaveCount(0);
  await expect(page.locator("summary").and(page.getByLabel(`App ${other.display}: switch`))).toBeVisible();

  await page.getByRole("navigation", { name: "Main navigation" }).getByRole("link", { name: "Account Management" }).click();
  await expect(page).toHaveURL(other.path("accounts"));
  const again = await menu(page, `App ${other.display}: switch`);
  await again.getByRole("link", { name: "All apps" }).click();
  await expect(page).toHaveURL("/");
});

test("an app that does not exist has no pages", async ({ page, problems }) => {
  problems.expect(/\/apps\/no-such\//, 404);
  const answer = await page.goto("/apps/no-such/app/groups");
  expect(answer?.status()).toBe(404);
  await expect(page.getByText("There is no such app.")).toBeVisible();
});
