// How the browser tests run: every spec once with JavaScript and, but for *.hydrate.spec.ts,
// once without, against the development build of the server, or the one
// that ROSTER_BINARY names.
// `support/server.ts` starts it; specs import everything from `support/test.ts`.
import { defineConfig } from "@playwright/test";

const root = process.getuid?.() === 0;

export default defineConfig({
  testDir: "specs",
  outputDir: "test-results",
  fullyParallel: true,
  forbidOnly: !!process.env.CI,
  // A test that passes now and then has failed.
  retries: 0,
  workers: Number(process.env.ROSTER_TEST_WORKERS ?? 2),
  // Several times what the slowest tests take on two quiet cores: a busy machine is no fault of theirs.
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: process.env.PLAYWRIGHT_JSON_OUTPUT_NAME ? [["list"], ["json"]] : [["list"]],
  use: {
    viewport: { width: 1440, height: 900 },
    locale: "en-GB",
    timezoneId: "UTC",
    // Recording takes a third of the time. ROSTER_TRACE=1 does it, for a test that fails and does not say why.
    trace: process.env.ROSTER_TRACE ? "retain-on-failure" : "off",
    screenshot: "only-on-failure",
    launchOptions: {
      // Unset: the browser that Playwright downloaded.
      executablePath: process.env.ROSTER_CHROMIUM || undefined,
      args: [
        ...(root ? ["--no-sandbox"] : []),
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
  projects: [
    // Both run what may have different results. What does not, such as the width of a list, has a tag and runs in one of them.
    { name: "js", use: { javaScriptEnabled: true }, grepInvert: /@no-js/ },
    // The console is complete without JavaScript; what only exists with it is tested in *.hydrate.spec.ts.
    { name: "no-js", use: { javaScriptEnabled: false }, grepInvert: /@js/, testIgnore: "**/*.hydrate.spec.ts" },
  ],
});
