// What one does with a list: open it, filter it, search it, read it.
import { type App, type Locator, type Page, expect, hasJs, open } from "./test.js";

/** Opens a list of the app, such as `accounts` or `audit?size=50`. */
export async function openList(page: Page, app: App, rest: string): Promise<void> {
  await open(page, app.path(rest));
}

/** Types into the search box of a list and sends it. */
export async function find(page: Page, text: string): Promise<void> {
  const box = page.getByRole("main").getByRole("searchbox").first();
  await box.fill(text);
  await box.press("Enter");
}

/** Chooses in a filter above a list. Without JavaScript the choice waits for the button. */
export async function filter(page: Page, label: string, option: string): Promise<void> {
  const form = page.getByRole("search");
  await form.getByLabel(label, { exact: true }).selectOption({ label: option });
  if (!hasJs()) await form.getByRole("button", { name: "Apply" }).click();
}

/** The number of rows that match, as the list says it. */
export async function expectResults(page: Page, number: number): Promise<void> {
  const words = number === 1 ? "1 result" : `${number} results`;
  await expect(page.getByText(words, { exact: true })).toBeVisible();
}

/** The first words of each row: its heading cell. */
export async function headings(place: Page | Locator): Promise<string[]> {
  const cells = await place.getByRole("table").getByRole("rowheader").allInnerTexts();
  return cells.map((text) => text.trim());
}
