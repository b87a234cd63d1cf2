// What looks like a button answers to Space as one, also before the page is interactive.
import { dialog, expect, open, ready, signIn, test } from "../support/test.js";

test.beforeEach(async ({ page }) => signIn(page));

test("Space presses links that look like buttons, and does not scroll", async ({ page, app }) => {
  await app.group({ name: "Lunch" });
  await page.setViewportSize({ width: 1280, height: 300 });
  await open(page, app.path("groups"));
  await page.getByRole("link", { name: "Add Group" }).press("Space");
  const add = dialog(page, "Add Group");
  await expect(add).toBeVisible();
  await add.getByRole("link", { name: "Cancel" }).press("Space");
  await expect(add).toBeHidden();
  await page.getByRole("link", { name: "Delete: Lunch" }).press("Space");
  const remove = dialog(page, "Delete group");
  // Where the focus begins: the key that opened it must not press what it finds there.
  await expect(remove.getByRole("link", { name: "Cancel" })).toBeFocused();
  await page.keyboard.press("Space");
  await expect(remove).toBeHidden();

  await test.step("the page stays where it is", async () => {
    const views = page.getByRole("link", { name: "Saved views" });
    await views.focus();
    const before = await page.evaluate(() => scrollY);
    await page.keyboard.press("Space");
    await expect(page.getByRole("dialog")).toBeVisible();
    expect(await page.evaluate(() => scrollY)).toBe(before);
    await page.keyboard.press("Escape");
    await expect(page.getByRole("dialog")).toBeHidden();
  });

  await test.step("an ordinary link scrolls, as everywhere", async () => {
    await page.getByRole("link", { name: "Lunch", exact: true }).focus();
    await page.keyboard.press("Space");
    await expect(page).toHaveURL(app.path("groups"));
  });
});

test("before the page is interactive too", async ({ page, app }) => {
  let go = () => {};
  const held = new Promise<void>((resolve) => (go = resolve));
  await page.route(/\.wasm/, async (route) => {
    await held;
    await route.continue();
  });
  await page.goto(app.path("groups"), { waitUntil: "domcontentloaded" });
  const add = page.getByRole("link", { name: "Add Group" }).first();
  await add.focus();
  await page.keyboard.press("Space");
  await expect(page).toHaveURL(/dialog=add/);
  await expect(dialog(page, "Add Group")).toBeVisible();
  go();
  await ready(page);
});
