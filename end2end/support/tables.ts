// Whether a list stays intact: columns, rows, what stays in sight.
import { type Page, expect } from "@playwright/test";

/** Nothing of the list is wider than its frame, broken over lines, of another height, or out of the window. */
export async function expectHolds(page: Page, name: string): Promise<void> {
  const faults = await page.evaluate(() => {
    const faults: string[] = [];
    const width = document.documentElement.clientWidth;
    const tables = [...document.querySelectorAll<HTMLTableElement>("main .list-table")];
    if (tables.length === 0) faults.push("there is no list");
    if (document.documentElement.scrollWidth > width) faults.push("the page scrolls sideways");
    for (const table of tables) {
      const frame = table.parentElement?.getBoundingClientRect() ?? new DOMRect();
      const box = table.getBoundingClientRect();
      if (box.width > frame.width + 0.5 || frame.right > width) faults.push(`the table has ${box.width} px in ${frame.width}`);
      const rows = [...table.tBodies[0]!.rows];
      const heights = new Set(rows.map((row) => Math.round(row.getBoundingClientRect().height)));
      if (heights.size !== 1 || Math.max(...heights) > 41) faults.push(`rows are ${[...heights].join(", ")} px high`);
      for (const row of rows) {
        for (const cell of row.cells) {
          const place = cell.getBoundingClientRect();
          if (place.width === 0) continue;
          if (place.right > frame.right + 0.5 || place.width < 30) faults.push(`${cell.className} ends at ${place.right}, is ${place.width} wide`);
          const text = document.createRange();
          text.selectNodeContents(cell);
          const lines = [...text.getClientRects()].filter((line) => line.width > 1 && line.height > 1);
          const middles = lines.map((line) => line.top + line.height / 2);
          if (Math.max(...middles) - Math.min(...middles) > 14) faults.push(`${cell.className} has several lines: ${cell.innerText}`);
        }
        for (const control of row.querySelectorAll<HTMLElement>(".cell-actions a, .cell-actions button, .cell-actions [role=link]")) {
          const place = control.getBoundingClientRect();
          const cell = control.closest("td")?.getBoundingClientRect() ?? frame;
          if (place.right > cell.right + 0.5 || place.left < cell.left - 0.5 || place.width < 24) faults.push(`${control.innerText} is out of sight`);
        }
      }
    }
    return [...new Set(faults)].slice(0, 12);
  });
  expect(faults, name).toEqual([]);
}

/** What has the focus, and whether its middle is visible. `undefined` after the last stop. */
export function focusIn(page: Page): Promise<{ what: string; seen: boolean; small: boolean } | undefined> {
  return page.evaluate(() => {
    const element = document.activeElement as HTMLElement | null;
    if (!element || element === document.body) return undefined;
    const box = element.getBoundingClientRect();
    // Of what is larger than the window, its upper edge.
    const tall = box.height > innerHeight / 2;
    const [x, y] = [box.left + Math.min(box.width / 2, innerWidth / 2), tall ? Math.max(box.top + 4, 150) : box.top + box.height / 2];
    const hit = document.elementFromPoint(x, y);
    const label = element.closest("label");
    const seen = !!hit && (element.contains(hit) || hit.contains(element) || !!label?.contains(hit));
    const what = `${element.tagName} «${element.getAttribute("aria-label") ?? element.innerText ?? ""}» at ${Math.round(x)}, ${Math.round(y)}`;
    return { what, seen, small: box.width < 8 || box.height < 8 };
  });
}
