// Where things are on the pages, by role and name only.
import { type Locator, type Page, expect } from "@playwright/test";

type Place = Page | Locator;

/** Inner locators must not begin at the place that the outer one begins at. */
function pageOf(place: Place): Page {
  return "page" in place ? place.page() : place;
}

/** The row whose heading cell holds this text. */
export function row(place: Place, name: string): Locator {
  return place.getByRole("row").filter({ has: pageOf(place).getByRole("rowheader").getByText(name, { exact: true }) });
}

/** The rows below the header. */
export function rows(place: Place): Locator {
  return place.getByRole("row").filter({ has: pageOf(place).getByRole("rowheader") });
}

/** Goes to a tab of a group's page. */
export async function tab(page: Page, name: string): Promise<void> {
  const link = page.getByRole("navigation", { name: "Parts of this group" }).getByRole("link", { name });
  await link.click();
  await expect(link).toHaveAttribute("aria-current", "page");
}

/** The open dialog. */
export function dialog(page: Page, title: string | RegExp): Locator {
  return page.getByRole("dialog", { name: title, exact: true });
}

/** The sentence about the last change. */
export function status(page: Page): Locator {
  return page.getByRole("main").getByRole("status");
}

/** The value next to a label in a list of facts. */
export function fact(place: Place, word: string): Locator {
  return place
    .getByRole("term")
    .filter({ hasText: new RegExp(`^${word}$`) })
    .locator("xpath=following-sibling::dd");
}

/** The sentence that belongs to a field, as screen readers announce it. */
export async function expectFieldError(field: Locator, sentence: string | RegExp): Promise<void> {
  await expect(field).toHaveAttribute("aria-invalid", "true");
  await expect(field).toHaveAccessibleDescription(
    typeof sentence === "string" ? new RegExp(sentence.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")) : sentence,
  );
}

/** Disabled, and says why. */
export async function expectDisabled(control: Locator, why: string): Promise<void> {
  await expect(control).toBeDisabled();
  await expect(control).toHaveAttribute("title", why);
}

/** Opens a menu of the top bar and returns it. */
export async function menu(page: Page, name: string | RegExp): Promise<Locator> {
  const summary = page.locator("summary").and(page.getByLabel(name));
  await summary.click();
  return page.getByRole("group").filter({ has: summary });
}
