/** What axe says of a page. */
import { readFileSync } from "node:fs";
import type { AxeResults } from "axe-core";
import type { OpenPage } from "./browser.js";

const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

/** What axe finds of the two upper ranks. The policy of the page lets no foreign script in: the page is to be opened without it. */
export async function findProblems({ page }: OpenPage): Promise<string[]> {
  await page.addScriptTag({ content: AXE });
  const { violations, passes } = (await page.evaluate("axe.run({ resultTypes: ['violations'] })")) as AxeResults;
  expect(passes.map(({ id }) => id)).toEqual(expect.arrayContaining(["color-contrast", "label", "document-title"]));
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}
