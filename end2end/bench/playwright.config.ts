// What a browser measures for `make bench`: no tests, so it is neither repeated nor run in parallel with anything else.
import { defineConfig } from "@playwright/test";

import tests from "../playwright.config.js";

export default defineConfig({
  ...tests,
  testDir: ".",
  testMatch: "*.bench.ts",
  outputDir: "../test-results",
  workers: 1,
  retries: 0,
  timeout: 120_000,
  reporter: [["line"]],
  projects: [{ name: "bench", use: { trace: "off", screenshot: "off" } }],
});
