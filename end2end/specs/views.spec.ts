// Saved views: a named address of a list, for the operator who saved it.
import { expectResults, openList } from "../support/lists.js";
import { type Operator, axe, dialog, expect, expectFieldError, hasJs, open, ready, rows, signInWith, test } from "../support/test.js";

let me: Operator;

test.beforeEach(async ({ page, operator }) => {
  me = await operator("viewer");
  await signInWith(page, me.cookies);
});

test("a view is saved, followed, replaced and deleted", async ({ page, app, problems }) => {
  problems.expect(/view\/save$/, 422);
  await app.groups([{ name: "Lunch", type: "Work" }, { name: "Dinner", type: "Work" }, { name: "Open", type: "Public" }]);
  const views = dialog(page, "Saved views");
  const openViews = async () => {
    await page.getByRole("link", { name: "Saved views" }).click();
    await expect(views).toBeVisible();
  };
  const save = async (name: string) => {
    await views.getByLabel("Name of this view").fill(name);
    await views.getByRole("button", { name: "Save view" }).click();
  };

  await openList(page, app, "groups?type=Work&sort=name&size=50");
  await openViews();
  await expect(views).toContainText("No saved views yet.");
  await axe(page);
  await test.step("a name is needed", async () => {
    await save(" ");
    await expectFieldError(views.getByLabel("Name of this view"), /required|empty|name/i);
  });
  await save("일 & 工作");
  await expect(views).toBeHidden();
  await ready(page);

  await openList(page, app, "groups");
  await expectResults(page, 3);
  await openViews();
  await axe(page);
  await views.getByRole("link", { name: "일 & 工作" }).click();
  await expectResults(page, 2);
  await expect(page).toHaveURL(app.path("groups?type=Work&sort=name&size=50"));
  await expect(rows(page).first()).toContainText("Dinner");
  await expect(page.getByRole("link", { name: "50 rows" })).toHaveAttribute("aria-current", "true");

  await test.step("the same name is replaced, and the current view is marked", async () => {
    await openList(page, app, "groups?type=Public");
    await openViews();
    await save("일 & 工作");
    await expect(views).toBeHidden();
    await ready(page);
    await openViews();
    await expect(views.getByRole("list").getByRole("link")).toHaveCount(1);
    await expect(views.getByRole("link", { name: "일 & 工作" })).toHaveAttribute("aria-current", "true");
  });

  await test.step("it is gone after Delete, and the dialog stays", async () => {
    await views.getByRole("button", { name: "Delete view: 일 & 工作" }).click();
    await expect(views).toContainText("No saved views yet.");
  });
});

test("views belong to one operator, one app and one list", async ({ page, app, operator }) => {
  await open(page, app.path("groups?dialog=views&type=Work"));
  const views = dialog(page, "Saved views");
  await views.getByLabel("Name of this view").fill("Mine");
  await views.getByRole("button", { name: "Save view" }).click();
  await expect(views).toBeHidden();
  await ready(page);
  await open(page, app.path("accounts?dialog=views"));
  await expect(views).toContainText("No saved views yet.");
  await signInWith(page, (await operator("owner")).cookies);
  await open(page, app.path("groups?dialog=views"));
  await expect(views).toContainText("No saved views yet.");
  await signInWith(page, me.cookies);
  await open(page, app.path("groups?dialog=views"));
  await expect(views.getByRole("link", { name: "Mine" })).toBeVisible();
  if (hasJs()) {
    await page.keyboard.press("Escape");
    await expect(views).toBeHidden();
  }
});
