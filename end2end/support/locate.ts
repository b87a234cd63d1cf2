// Where things are on the pages, by role and name only.
import { type Locator, type Page, expect } from "@playwright/test";

/** The row whose heading cell holds this text. */
export function row(page: Page | Locator, name: string): Locator {
  return page.getByRole("row").filter({ has: page.getByRole("rowheader").getByText(name, { exact: true }) });
}

/** The rows below the header. */
export function rows(page: Page | Locator): Locator {
  return page.getByRole("row").filter({ has: page.getByRole("rowheader") });
}

/** The open dialog. */
export function dialog(page: Page, title: string | RegExp): Locator {
  return page.getByRole("dialog", { name: title, exact: true });
}

/** What the last change did, in words. */
export function status(page: Page): Locator {
  return page.getByRole("main").getByRole("status");
}

/** What stands beside a word in a list of facts. */
export function fact(page: Page | Locator, word: string): Locator {
  return page
    .getByRole("term")
    .filter({ hasText: new RegExp(`^${word}$`) })
    .locator("xpath=following-sibling::dd");
}

/** The sentence that belongs to a field, as screen readers hear it. */
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

/** Opens a menu of the top bar and answers it. */
export async function menu(page: Page, name: string | RegExp): Promise<Locator> {
  const bar = page.getByRole("banner");
  const summary = bar.locator("summary").and(bar.getByLabel(name));
  await summary.click();
  return bar.getByRole("group").filter({ has: summary });
}
