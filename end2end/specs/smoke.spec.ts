import { axe, expect, hasJs, open, signIn, test } from "../support/test.js";

test("the harness works", async ({ page }) => {
  await open(page, "/sign-in");
  await axe(page);
  await signIn(page);
  await open(page, "/");
  await expect(page).toHaveURL(/\/$/);
  await axe(page);
  expect(await page.title()).toContain("Roster");
  console.log(hasJs(), await page.locator("h1").allTextContents());
});
