// Every page in every language, width and theme: axe finds nothing, nothing scrolls sideways, and a picture of each is kept under
// test-results/pictures for eyes to look at.
import { join } from "node:path";

import { violations } from "../support/axe.js";
import { expectNoSideways, furnish } from "../support/everything.js";
import { openList, speak } from "../support/own.js";
import { Api, type App, type Page, cookiesOf, expect, open, signInWith, test } from "../support/test.js";

const WIDTHS = [1440, 1280, 1024, 390] as const;
const HEIGHT = 900;
const PICTURES = "test-results/pictures";

/** Name of the picture, and path. */
type Place = [name: string, path: string];

function pagesOf(app: App, group: string, stream: string): Place[] {
  const tabs = ["members", "announcement", "files", "messages", "block-list", "mutes", "allow-list", "activity"];
  const members = (word: string) => `${app.groupPath(group, "members")}?dialog=${word}&ids=minji`;
  return [
    ["apps", "/"],
    ["operators", "/operators"],
    ["server-audit", "/audit"],
    ["me", "/me"],
    ["not-found", "/no-such-page"],
    ["overview", app.path("overview")],
    ["groups", app.path("groups")],
    ["groups-filtered", app.path("groups?q=W&type=Work")],
    ["groups-empty", app.path("groups?q=nothing")],
    ["group", app.groupPath(group)],
    ["group-stream", app.groupPath(stream)],
    ...tabs.map((tab): Place => [`group-${tab}`, app.groupPath(group, tab)]),
    ["accounts", app.path("accounts")],
    ["account", app.path("accounts/minji")],
    ["audit", app.path("audit")],
    ["jobs", app.path("jobs")],
    ["search", app.path("search?q=a")],
    ["import", app.path("import/accounts")],
    ["settings", app.path("settings")],
    ["settings-api", app.path("settings/api")],
    ["settings-calls", app.path("settings/calls")],
    ["dialog-add-group", app.dialog("groups", "add")],
    ["dialog-send", app.dialog("groups", "send", [group, stream])],
    ["dialog-delete-groups", app.dialog("groups", "delete", [group, stream])],
    ["dialog-export", app.dialog("groups", "export", [group])],
    ["dialog-columns", app.dialog("groups", "columns")],
    ["dialog-views", app.dialog("groups", "views")],
    ["dialog-search", app.dialog("groups", "search")],
    ["dialog-keys", app.dialog("groups", "keys")],
    ["dialog-group-settings", members("settings")],
    ["dialog-actions", members("actions")],
    ["dialog-mute", members("mute")],
    ["dialog-transfer", members("transfer")],
    ["dialog-add-members", members("add-members")],
    ["dialog-create-account", app.dialog("accounts", "create")],
    ["dialog-edit-account", app.dialog("accounts", "edit", ["ada"])],
    ["dialog-delete-accounts", app.dialog("accounts", "delete", ["ada", "minji"])],
    ["dialog-create-app", "/?dialog=create"],
    ["dialog-add-operator", "/operators?dialog=add"],
  ];
}

/** One page as it is open now, in all widths and both themes. Soft, as one finding must not hide the next page's. */
async function look(page: Page, language: string, name: string): Promise<void> {
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: HEIGHT });
    await expectNoSideways(page);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      expect.soft(await violations(page), `accessibility: ${name}, ${language}, ${width} px, ${colorScheme}`).toEqual([]);
      await page.screenshot({ path: join(PICTURES, `${name}.${language}.${width}.${colorScheme}.png`) });
    }
  }
}

for (const language of ["en", "zh", "ko"] as const) {
  test(`every page in ${language}`, async ({ page, app, roster, operator, problems }) => {
    problems.expect(/no-such-page|\/setup/, 404);
    const { group, stream } = await furnish(app);
    await app.account({ username: "cy" });
    await app.members(group, ["cy"]);
    await app.call("member/change", { group_id: group, work: "mute", ids: ["minji"], duration: "7d" });
    await app.call("member/change", { group_id: group, work: "set-admin", ids: ["cy"] });
    await app.call("credential/create", { name: "W".repeat(60) });

    const { name, password } = await operator("owner");
    const cookies = await cookiesOf(roster, name, password);
    const session = await Api.of(roster.url, cookies);
    await speak(session, language);
    await session.close();
    await signInWith(page, cookies);
    for (const [name, path] of pagesOf(app, group, stream)) {
      await test.step(name, async () => {
        await open(page, path);
        await look(page, language, name);
      });
    }
    await test.step("an event", async () => {
      await openList(page, app, "audit");
      await page.getByRole("main").getByRole("row").getByRole("link").first().click();
      await expect(page.getByRole("dialog")).toBeVisible();
      await look(page, language, "dialog-event");
    });
  });
}

for (const [language, locale] of [
  ["en", "en-GB"],
  ["zh", "zh-CN"],
  ["ko", "ko-KR"],
] as const) {
  test.describe(() => {
    test.use({ locale });
    test(`the pages before sign-in in ${language}`, async ({ page, problems }) => {
      problems.expect(/\/setup/, 404);
      for (const [name, path] of [
        ["sign-in", "/sign-in"],
        ["setup-unknown", "/setup?token=no-such-token"],
      ] as const) {
        await open(page, path);
        await look(page, language, name);
      }
    });
  });
}
