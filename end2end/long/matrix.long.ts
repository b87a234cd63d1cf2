// Every page in every language, width and theme: axe finds nothing, nothing scrolls sideways, and a picture of each is stored in
// end2end/pictures for people to look at.
import { join } from "node:path";

import { violations } from "../support/axe.js";
import { expectNoSideways, furnish } from "../support/everything.js";
import { openList } from "../support/lists.js";
import { speak } from "../support/own.js";
import { Api, type App, type Page, cookiesOf, expect, open, signInWith, test } from "../support/test.js";
import type { APIRequestContext } from "@playwright/test";

const WIDTHS = [1440, 1280, 1024, 390] as const;
const HEIGHT = 900;
/** Not below the folder that every run of Playwright empties. */
const PICTURES = "pictures";

/** Name of the picture, and path. What begins with `dialog-` opens a dialog. */
type Place = [name: string, path: string];

/** What the pages are about. */
interface Subjects {
  group: string;
  stream: string;
  /** Ids of an operator, a credential, a job, an import and a shared file. */
  operator: number;
  credential: number;
  job: number;
  imported: string;
  file: string;
}

function pagesOf(app: App, { group, stream, operator, credential, job, imported, file }: Subjects): Place[] {
  const tabs = ["members", "announcement", "files", "messages", "block-list", "mutes", "allow-list", "activity"];
  const dialogs = (path: string, ids: string | number, words: string[]) =>
    words.map((word): Place => {
      const name = `dialog${path.replace(app.path(""), "/").replaceAll(/[^a-z]+/g, "-")}-${word}`.replaceAll("--", "-");
      return [name.replace(encodeURIComponent(group).toLowerCase(), ""), `${path}?dialog=${word}&ids=${encodeURIComponent(ids)}`];
    });
  return [
    ["apps", "/"],
    ["operators", "/operators"],
    ["server-audit", "/audit"],
    ["archives", "/audit/archives"],
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
    ["job", app.path(`jobs/${job}`)],
    ["search", app.path("search?q=a")],
    ["import-accounts", app.path("import/accounts")],
    ["import-groups", app.path("import/groups")],
    ["import-members", app.path("import/members")],
    ["import-preview", imported],
    ["settings", app.path("settings")],
    ["settings-api", app.path("settings/api")],
    ["settings-calls", app.path("settings/calls")],
    ...dialogs("/", "", ["create"]),
    ...dialogs("/operators", operator, ["add", "role", "disable", "reset"]),
    ...dialogs(app.path("groups"), group, ["add", "send", "delete", "export", "api", "columns", "views", "search", "keys"]),
    ...dialogs(app.path("accounts"), "ada", ["create", "edit", "delete", "export", "api", "columns", "views"]),
    ...dialogs(app.groupPath(group), group, ["edit", "settings", "announce", "send", "delete"]),
    ...dialogs(app.groupPath(group, "members"), "cy", ["add-members", "delete-members", "actions", "unset-admin", "mute", "transfer"]),
    ...dialogs(app.groupPath(group, "files"), file, ["upload", "delete-files"]),
    ...dialogs(app.path("settings/api"), credential, ["create", "edit", "rotate", "revoke"]),
    ...dialogs(app.path("settings"), credential, ["token-rules"]),
  ];
}

/** Adds what only a few pages are about: more members, mutes, a file, a credential, a job, rows that wait to be imported. */
async function complete(app: App, group: string, files: APIRequestContext): Promise<Omit<Subjects, "group" | "stream" | "operator">> {
  await app.account({ username: "cy" });
  await app.members(group, ["cy"]);
  await app.call("member/change", { group_id: group, work: "mute", ids: ["minji"], duration: "7d" });
  await app.call("member/change", { group_id: group, work: "set-admin", ids: ["cy"] });
  await app.call("group/announce", { group_id: group, announcement: "공지 ".repeat(60) });
  const { id: credential } = await app.call<{ id: number }>("credential/create", { name: "W".repeat(60) });
  const ids = Array.from({ length: 501 }, (_, n) => `gone-${n}`);
  const { job } = await app.call<{ job: number }>("message/send", { ids, text: "hi" });
  const send = (path: string, fields: Record<string, string>, name: string) => {
    const csv = { name, mimeType: "text/csv", buffer: Buffer.from("username,nickname\nnew,New\nb d,Bad\nada,Ada\n") };
    const options = { multipart: { ...fields, file: csv }, maxRedirects: 0, headers: { "Sec-Fetch-Site": "same-origin" } };
    return files.post(app.path(path), options);
  };
  const fields = { _from: app.path("import/accounts"), list: "accounts", group_id: "", encoding: "auto" };
  const imported = (await send("imports", fields, "people.csv")).headers().location ?? "";
  await send(`groups/${encodeURIComponent(group)}/files/upload`, { _from: app.groupPath(group, "files") }, `${"w".repeat(60)}.csv`);
  const { page } = await app.call<{ page: { items: { file_id: string }[] } }>("file/list", { group_id: group });
  return { credential, job, imported, file: page.items[0]?.file_id ?? "" };
}

/** Scrolls what an open dialog holds to its end, where its buttons cover nothing, or back to its beginning. */
async function scrollDialog(page: Page, to: "end" | "start"): Promise<void> {
  await page.evaluate((to) => {
    for (const box of document.querySelectorAll("dialog[open], dialog[open] *")) {
      if (box.scrollHeight > box.clientHeight) box.scrollTop = to === "end" ? box.scrollHeight : 0;
    }
  }, to);
}

/** One page as it is open now, in all widths and both themes. Soft, as one finding must not hide the next page's. */
async function look(page: Page, language: string, name: string): Promise<void> {
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: HEIGHT });
    await expectNoSideways(page);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await scrollDialog(page, "end");
      expect.soft(await violations(page), `accessibility: ${name}, ${language}, ${width} px, ${colorScheme}`).toEqual([]);
      await scrollDialog(page, "start");
      await page.screenshot({ path: join(PICTURES, `${name}.${language}.${width}.${colorScheme}.png`) });
    }
  }
}

for (const language of ["en", "zh", "ko"] as const) {
  test(`every page in ${language}`, async ({ page, app, roster, operator, problems }) => {
    problems.expect(/no-such-page|\/setup/, 404);
    const { group, stream } = await furnish(app);
    const { id, name, password } = await operator("owner");
    const cookies = await cookiesOf(roster, name, password);
    const session = await Api.of(roster.url, cookies);
    await speak(session, language);
    await session.close();
    await signInWith(page, cookies);
    const { id: viewer } = await operator("viewer");
    expect(id).not.toBe(viewer);
    const subjects = { group, stream, operator: viewer, ...(await complete(app, group, page.request)) };
    for (const [name, path] of pagesOf(app, subjects)) {
      await test.step(name, async () => {
        await open(page, path);
        const there = name.startsWith("dialog") ? page.getByRole("dialog") : page.getByRole("heading", { level: 1 });
        await expect.soft(there.first(), `${name} is there`).toBeVisible();
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
