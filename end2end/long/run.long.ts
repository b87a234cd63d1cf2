// `make run` as a newcomer uses it: on an empty data folder it prints a link, the link makes the first operator, and what was done is
// still there after a stop and a second start.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { expect, test } from "@playwright/test";

/** Everything is built by then. */
const START_WITHIN_MS = 120_000;
const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** Starts it and returns what it printed once it serves. */
async function makeRun(data: string): Promise<{ child: ChildProcess; text: string; url: string }> {
  // Nothing that a person or the make around this has set.
  const own = Object.entries(process.env).filter(([name]) => !/^(ROSTER_|MAKE|MFLAGS)/.test(name));
  const env = { ...Object.fromEntries(own), ROSTER_DATA: data, ROSTER_LISTEN: "127.0.0.1:0" };
  // A group of its own, so that a stop reaches all of it, as Ctrl+C does.
  const child = spawn("make", ["run"], { cwd: ROOT, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  let text = "";
  child.stdout?.setEncoding("utf8").on("data", (part) => (text += part));
  child.stderr?.setEncoding("utf8").on("data", (part) => (text += part));
  const serves = async () => {
    while (!/serves http:\/\/\S+[\s\S]*Ctrl\+C/.test(text)) {
      if (hasEnded(child)) throw new Error(`make run ended with ${child.exitCode ?? child.signalCode}: ${text}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };
  const late = new Promise<never>((_, reject) => {
    setTimeout(() => reject(new Error(`make run does not serve after ${START_WITHIN_MS} ms: ${text}`)), START_WITHIN_MS).unref();
  });
  try {
    await Promise.race([serves(), late]);
  } catch (error) {
    await stop(child);
    throw error;
  }
  return { child, text, url: /serves (http:\/\/\S+)/.exec(text)?.[1] ?? "" };
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

async function stop(child: ChildProcess): Promise<void> {
  if (hasEnded(child) || child.pid === undefined) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  process.kill(-child.pid, "SIGTERM");
  await ended;
}

test("make run on an empty folder, and again", async ({ page }) => {
  const data = await mkdtemp(join(tmpdir(), "roster-run-"));
  const failures: string[] = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) failures.push(message.text());
  });
  try {
    const first = await makeRun(data);
    try {
      const link = /http:\/\/\S+\/setup\?token=\S+/.exec(first.text)?.[0] ?? "";
      await page.goto(link);
      await page.locator("html[data-hydrated]").waitFor({ state: "attached" });
      await page.getByLabel("Name", { exact: true }).fill("first");
      await page.getByLabel("New password").fill("a few words in a row");
      await page.getByLabel("Repeat the password").fill("a few words in a row");
      await page.getByRole("button", { name: "Set up and sign in" }).click();
      await expect(page.getByRole("heading", { level: 1, name: "Apps" })).toBeVisible();

      // What a release build embeds: compressed, and cached by the browser forever.
      const wasm = await page.locator("link[rel=preload][as=fetch]").getAttribute("href");
      const answer = await page.request.get(`${first.url}${wasm}`, { headers: { "Accept-Encoding": "br" } });
      expect(answer.headers()).toMatchObject({ "content-encoding": "br", "cache-control": "public, max-age=31536000, immutable" });

      await page.goto(`${first.url}/apps/demo/chat/accounts?dialog=create`);
      await page.locator("html[data-hydrated]").waitFor({ state: "attached" });
      await page.getByRole("dialog").getByLabel("Username").fill("newcomer");
      await page.getByRole("dialog").getByRole("button", { name: "Confirm" }).click();
      await expect(page.getByRole("row").filter({ hasText: "newcomer" })).toBeVisible();
    } finally {
      await stop(first.child);
    }

    const second = await makeRun(data);
    try {
      expect(second.text, "the first operator is there").not.toContain("/setup?token=");
      // Cookies ignore ports: the session of the first start would still be valid.
      await page.context().clearCookies();
      await page.goto(`${second.url}/sign-in`);
      await page.getByLabel("Name", { exact: true }).fill("first");
      await page.getByLabel("Password", { exact: true }).fill("a few words in a row");
      await page.getByRole("button", { name: "Sign in" }).click();
      await expect(page.getByRole("heading", { level: 1, name: "Apps" })).toBeVisible();
      await page.goto(`${second.url}/apps/demo/chat/accounts?q=newcomer`);
      await expect(page.getByRole("row").filter({ hasText: "newcomer" })).toBeVisible();
    } finally {
      await stop(second.child);
    }
    expect(failures).toEqual([]);
  } finally {
    await rm(data, { recursive: true, force: true });
  }
});
