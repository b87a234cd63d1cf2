// What several specs need besides lists: languages, forms, downloads and their content.
import { readFile } from "node:fs/promises";

import type { Api } from "./api.js";
import { type Locator, type Page, dialog, ready } from "./test.js";

/** Keeps the language of a session's operator. */
export async function speak(api: Api, language: "en" | "zh" | "ko"): Promise<void> {
  await api.call("session/preferences", { language });
}

/** Sends a form and waits for the answer: the whole page without JavaScript. */
export async function sendForm(page: Page, button: Locator): Promise<void> {
  await Promise.all([page.waitForResponse((answer) => answer.request().method() === "POST"), button.click()]);
  await ready(page);
}

/** The text of the file that the dialog offers, and the name that the browser would give it. */
export async function download(page: Page): Promise<{ name: string; text: string; href: string }> {
  const link = dialog(page, "Export successful").getByRole("link", { name: "Download" });
  const href = (await link.getAttribute("href")) ?? "";
  const [file] = await Promise.all([page.waitForEvent("download"), link.click()]);
  return { name: file.suggestedFilename(), text: await readFile(await file.path(), "utf8"), href };
}

/** The records of a CSV file, as RFC 4180 has them; anything that it does not allow fails. */
export function csv(text: string): string[][] {
  const records: string[][] = [];
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/y;
  let record: string[] = [];
  for (let at = 0; at < text.length; at = cell.lastIndex) {
    cell.lastIndex = at;
    const found = cell.exec(text);
    if (!found) throw new Error(`no CSV at ${at}: ${JSON.stringify(text.slice(at, at + 80))}`);
    record.push(found[1] === undefined ? (found[2] ?? "") : found[1].replaceAll('""', '"'));
    if (found[3] !== ",") {
      records.push(record);
      record = [];
    }
  }
  if (record.length > 0) throw new Error("the last record has no end");
  return records;
}
