// The server that carries the pages: that it answers, with which headers, and what it refuses.
import { expect, open, signIn, test } from "../support/test.js";

test("every page comes with a policy that lets only its own script run", { tag: "@js" }, async ({ page }) => {
  await signIn(page);
  const nonces = new Set<string>();
  for (const path of ["/", "/me", "/apps/demo/chat/groups"]) {
    const answer = await page.goto(path);
    const headers = answer?.headers() ?? {};
    const policy = headers["content-security-policy"] ?? "";
    const nonce = /script-src 'nonce-([^']+)'/.exec(policy)?.[1] ?? "";
    expect(nonce.length, path).toBeGreaterThan(10);
    nonces.add(nonce);
    expect(policy).not.toContain("unsafe-inline");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(headers["x-content-type-options"]).toBe("nosniff");
    expect(headers["referrer-policy"]).toBe("same-origin");
    expect(headers["cache-control"]).toContain("no-store");
  }
  expect(nonces.size, "a nonce is for one page only").toBe(3);
});

test("the session cookie is out of reach for scripts and other sites", { tag: "@js" }, async ({ page }) => {
  await signIn(page);
  await open(page, "/");
  const cookies = await page.context().cookies();
  expect(cookies.map((cookie) => cookie.name).sort()).toEqual(["roster", "roster-device"]);
  for (const cookie of cookies) expect(cookie.httpOnly, cookie.name).toBe(true);
  expect(cookies.map((cookie) => cookie.sameSite)).not.toContain("None");
});

test("an address that does not exist says so, and leads back", async ({ page, problems }) => {
  await signIn(page);
  problems.expect(/\/nowhere$/, 404);
  const answer = await page.goto("/nowhere");
  expect(answer?.status()).toBe(404);
  await expect(page.getByRole("heading", { name: "Page not found" })).toBeVisible();
  await page.getByRole("link", { name: "Back to the apps" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Apps" })).toBeVisible();
});
