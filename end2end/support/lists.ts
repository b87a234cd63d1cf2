// What one does with a list: filter it, search it.
import { type App, type Page, hasJs, open } from "./test.js";

/** Chooses in a filter above a list. With scripts it applies at once. */
export async function choose(page: Page, filter: string, option: string): Promise<void> {
  const form = page.getByRole("search");
  await form.getByLabel(filter, { exact: true }).selectOption({ label: option });
  if (!hasJs()) await form.getByRole("button", { name: "Apply" }).click();
}

/** Types a term into the search field of a list and sends it. */
export async function search(page: Page, term: string): Promise<void> {
  const box = page.getByRole("main").getByRole("searchbox").first();
  await box.fill(term);
  await box.press("Enter");
}

/** Opens the app's group list. */
export async function openGroups(page: Page, app: App, query = ""): Promise<void> {
  await open(page, app.path("groups") + query);
}
