// What `make test-long` does in a browser besides the specs: every page in every language, width and theme, and `make run`
// itself.
import { defineConfig } from "@playwright/test";

import tests from "../playwright.config.js";

export default defineConfig({
  ...tests,
  testDir: ".",
  testMatch: "*.long.ts",
  outputDir: "../test-results",
  timeout: 1_800_000,
  use: { ...tests.use, actionTimeout: 20_000, navigationTimeout: 60_000 },
  projects: [{ name: "long", use: { javaScriptEnabled: true } }],
});
