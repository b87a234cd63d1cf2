// The server itself: that it answers, and with which headers.
import { expect, open, signIn, test } from "../support/test.js";

test("the server says that it is well", async ({ api }) => {
  const answer = await api.get("/healthz");
  expect(answer.status()).toBe(200);
});

test("every page comes with a policy that lets only its own script run", async ({ page }) => {
  await signIn(page);
  const nonces = new Set<string>();
  for (const path of ["/", "/me", "/apps/demo/chat/groups"]) {
    const answer = await page.goto(path);
    const headers = answer?.headers() ?? {};
    const nonce = /script-src 'nonce-([^']+)'/.exec(headers["content-security-policy"] ?? "")?.[1];
    expect(nonce, path).toBeTruthy();
    nonces.add(nonce ?? "");
    expect(headers["content-security-policy"]).not.toContain("unsafe-inline");
    expect(headers["content-security-policy"]).toContain("frame-ancestors 'none'");
    expect(headers["x-content-type-options"]).toBe("nosniff");
    expect(headers["referrer-policy"]).toBe("same-origin");
    expect(headers["cache-control"]).toContain("no-store");
  }
  expect(nonces.size, "a nonce is for one page only").toBe(3);
});

test("an address that does not exist says so", async ({ page, problems }) => {
  await signIn(page);
  problems.expect(/\/nowhere$/, 404);
  const answer = await page.goto("/nowhere");
  expect(answer?.status()).toBe(404);
  await expect(page.getByRole("heading", { name: "Page not found" })).toBeVisible();
});

test("a change that another site asks for is refused", async ({ roster, playwright }) => {
  const other = await playwright.request.newContext({ baseURL: roster.url, extraHTTPHeaders: { "Sec-Fetch-Site": "cross-site" } });
  const answer = await other.post("/_fn/session/sign-in", { form: { name: "admin", password: "x" } });
  expect(answer.status()).toBe(403);
  await other.dispose();
});

test("the console opens", async ({ page }) => {
  await signIn(page);
  await open(page, "/apps/demo/chat/groups");
  await expect(page.getByRole("heading", { level: 1, name: "Group Management" })).toBeVisible();
});
