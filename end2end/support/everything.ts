// What looking at every page needs: an app that has something of everything, and what no page may do.
import { type App, type Page, expect } from "./test.js";

/** Nothing but a table inside its own frame may be wider than the screen. */
export async function expectNoSideways(page: Page): Promise<void> {
  const wider = await page.evaluate(() => {
    const root = document.documentElement;
    const places = [root, ...document.querySelectorAll("main, dialog[open]")];
    return places.filter((place) => place.scrollWidth > place.clientWidth + 1).map((place) => `${place.tagName} ${place.scrollWidth}`);
  });
  expect.soft(wider, `scrolls sideways: ${page.url()}`).toEqual([]);
}

/** An app with something of everything. */
export async function furnish(app: App): Promise<{ group: string; stream: string }> {
  const image = "https://pictures.example/ada.png";
  await app.accounts([
    { username: "ada", nickname: "Ada Lovelace", image },
    { username: "u".repeat(32), type: "Admin" },
    { username: "minji", nickname: "김민지 ".repeat(12).trim() },
  ]);
  const group = await app.group({ name: "W".repeat(30), owner: "ada", type: "Work" });
  const stream = await app.group({ name: "直播群直播群直播群", type: "AVChatRoom", group_id: "x".repeat(48) });
  await app.members(group, ["minji"]);
  await app.message([group, stream], `${"word".repeat(30)}\n안녕하세요`);
  const { version } = await app.call<{ version: number }>("group/get", { group_id: group });
  const introduction = "i".repeat(240);
  await app.call("group/edit", {
    group_id: group,
    "input[name]": "W".repeat(30),
    "input[introduction]": introduction,
    "input[version]": version,
  });
  return { group, stream };
}
