/**
 * How the page looks, in light and dark, wide and narrow: axe finds nothing serious, nothing runs over an edge, and pictures are
 * left in test-artifacts/ for people.
 */
import { mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { AuditReport } from "../../../cli/src/audit/report.js";
import { findProblems } from "./axe.js";
import { TestBrowser } from "./browser.js";
import { CLEAN_REPORT, NAMED_REPORT, README_REPORT, SHOP_REPORT, toLargeReport } from "./shop.js";

const ARTIFACTS = join(__dirname, "../../../test-artifacts");
/** Taken over from the artifact by hand. */
const PICTURE = join(__dirname, "../../../docs/images/audit.png");
const WIDTHS = [1280, 390];

const browser = new TestBrowser();

beforeAll(async () => {
  mkdirSync(ARTIFACTS, { recursive: true });
  await browser.launch();
});
afterAll(() => browser.close());

const WITH_GAPS: AuditReport = {
  ...SHOP_REPORT,
  unreadSources: [
    { source: "atlas", message: "Could not list the service accounts of project 0123456789abcdef01234567: 403." },
  ],
};

describe.each(["light", "dark"] as const)("the page in %s", (colorScheme) => {
  it.each(WIDTHS)("has no serious problem by axe at %i pixels, and runs over no edge", async (width) => {
    for (const report of width === 390 ? [WITH_GAPS] : [WITH_GAPS, CLEAN_REPORT]) {
      const open = await browser.open(report, { colorScheme, bypassCSP: true, viewport: { width, height: 800 } });
      expect(await findProblems(open)).toEqual([]);
      const { scrollWidth } = (await open.page.evaluate("({ scrollWidth: document.documentElement.scrollWidth })")) as {
        scrollWidth: number;
      };
      expect(scrollWidth).toBe(width);
      await open.close();
    }
  });

  it.each(WIDTHS)("is kept as pictures at %i pixels", async (width) => {
    const { page, close } = await browser.open(SHOP_REPORT, { colorScheme, viewport: { width, height: 1000 } });
    for (const part of ["findings", "secrets"]) {
      const path = join(ARTIFACTS, `audit-${colorScheme}-${width}-${part}.png`);
      if (part === "secrets") await page.evaluate("document.querySelector('#secrets').scrollIntoView()");
      await page.screenshot({ path });
      expect(statSync(path).size).toBeGreaterThan(20_000);
    }
    await close();
  });
});

describe("the columns", () => {
  /** Fonts of systems, the widest among them, and letters as wide as none has them. */
  it.each(["DejaVu Sans", "Open Sans", "monospace", "sans-serif; letter-spacing: 0.09em"])(
    "hold what stands in them at 1280 pixels, in %s",
    async (font) => {
      const { page, close } = await browser.open(NAMED_REPORT, {
        bypassCSP: true,
        viewport: { width: 1280, height: 800 },
      });
      await page.addStyleTag({ content: `body, button { font-family: ${font} !important; }` });
      const wide = await page.evaluate(`[...document.querySelectorAll("th, td")].filter((cell) => {
        const right = cell.getBoundingClientRect().right + 1;
        const inner = [...cell.querySelectorAll("time, bdi, span, button, .badge")].filter((one) => !one.closest(".unseen, svg"));
        return inner.some((one) => one.getBoundingClientRect().right > right) || cell.scrollWidth > cell.clientWidth + 1;
      }).map((cell) => cell.className + ": " + cell.textContent)`);
      expect(wide).toEqual([]);
      await close();
    },
  );
});

describe("the page on paper", () => {
  it("has the findings that are folded away on a screen, and no tools", async () => {
    const { page, close } = await browser.open(toLargeReport(200), { javaScriptEnabled: false });
    const isShown = () =>
      page.evaluate("[...document.querySelectorAll('details li')].every((item) => item.checkVisibility())");
    expect(await isShown()).toBe(false);
    await page.emulateMedia({ media: "print" });
    expect(await isShown()).toBe(true);
    expect(await page.locator("#tools").isVisible()).toBe(false);
    await close();
  });
});

describe("the picture in the guide", () => {
  it("is made of the page, and small", async () => {
    const { page, close } = await browser.open(README_REPORT, { colorScheme: "light" });
    const path = join(ARTIFACTS, "audit.png");
    await page.screenshot({ path, fullPage: true });
    for (const picture of [path, PICTURE]) expect(statSync(picture).size).toBeLessThan(150_000);
    await close();
  });
});

describe("the colors", () => {
  it("follow what the reader prefers", async () => {
    const grounds = [];
    for (const colorScheme of ["light", "dark"] as const) {
      const { page, close } = await browser.open(SHOP_REPORT, { colorScheme });
      grounds.push(await page.evaluate("getComputedStyle(document.body).backgroundColor"));
      await close();
    }
    expect(grounds).toEqual(["rgb(244, 245, 247)", "rgb(17, 20, 24)"]);
  });
});
