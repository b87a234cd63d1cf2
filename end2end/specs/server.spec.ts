// The server around the pages: that it answers, with which headers, and what it refuses.
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

test("the session cookie is out of reach for scripts and other sites", async ({ page }) => {
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

test("a change that another site asks for is refused", async ({ roster, playwright }) => {
  const other = await playwright.request.newContext({ baseURL: roster.url, extraHTTPHeaders: { "Sec-Fetch-Site": "cross-site" } });
  const answer = await other.post("/_fn/session/sign-in", { form: { name: "admin", password: "x" } });
  expect(answer.status()).toBe(403);
  await other.dispose();
});

test("pages send who is not signed in to the sign-in page; functions refuse", async ({ page, roster, playwright }) => {
  for (const path of ["/", "/operators", "/audit", "/me", ...["overview", "groups", "accounts", "audit", "search", "settings"].map((p) => `/apps/demo/chat/${p}`)]) {
    await page.goto(path);
    expect(new URL(page.url()).pathname, path).toBe("/sign-in");
  }
  const http = await playwright.request.newContext({ baseURL: roster.url, extraHTTPHeaders: { "Sec-Fetch-Site": "same-origin" } });
  for (const name of ["group/list", "account/list", "account/export", "export/start", "operator/list", "application/list", "session/list"]) {
    const answer = await http.post(`/_fn/${name}`, { form: { org: "demo", app: "chat", list: "groups" }, headers: { Accept: "application/json" } });
    expect(answer.status(), name).toBe(401);
  }
  await http.dispose();
});
