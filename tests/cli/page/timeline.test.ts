/** Where the marks of the timelines are on the screen, by the pixel, and that every one of them stands beside as text. */
import type { ReportedSecret } from "../../../cli/src/audit/report.js";
import { DAY_MS, NOW_MS } from "../audit/fixtures.js";
import { type OpenPage, TestBrowser } from "./browser.js";
import { CLEAN_REPORT, SHOP_REPORT, SPARSE_REPORT, toId } from "./shop.js";

const browser = new TestBrowser();
beforeAll(() => browser.launch());
afterAll(() => browser.close());

/** One mark: where it begins and ends, in pixels from the beginning of its timeline. */
type Mark = readonly [name: string, from: number, to: number];

/** The marks of every timeline by the id of its secret, and how wide each is. */
async function fetchMarks({ page }: OpenPage): Promise<{ id: string; width: number; marks: Mark[] }[]> {
  return (await page.evaluate(`[...document.querySelectorAll("tbody tr")].map((row) => {
    const picture = row.querySelector(".timeline");
    const { left, width } = picture.getBoundingClientRect();
    const toMark = (shape) => {
      const box = shape.getBoundingClientRect();
      const isLine = shape.tagName === "line";
      const middle = (box.left + box.right) / 2 - left;
      return [shape.getAttribute("class"), isLine ? middle : box.left - left, isLine ? middle : box.right - left];
    };
    return { id: row.querySelector(".id").textContent, width, marks: [...picture.querySelectorAll("rect, line")].map(toMark) };
  })`)) as { id: string; width: number; marks: Mark[] }[];
}

/** The axis of one secret from 10 days ago to 20 days ahead: both ends have room of 3 %. */
const FROM_MS = NOW_MS - 10 * DAY_MS - 0.9 * DAY_MS;
const SPAN_MS = 31.8 * DAY_MS;

describe("the timeline of one secret", () => {
  it.each([1280, 390])("has its marks where their times are, at %i pixels", async (width) => {
    const open = await browser.open(CLEAN_REPORT, { viewport: { width, height: 800 } });
    const [row, ...others] = await fetchMarks(open);
    if (!row) throw new Error("there is no row");
    expect(others).toEqual([]);
    const toPixel = (days: number) => ((NOW_MS + days * DAY_MS - FROM_MS) / SPAN_MS) * row.width;
    const expected: Mark[] = [
      ["life", toPixel(-10), toPixel(20)],
      ["window", toPixel(10), toPixel(20)],
      ["created", toPixel(-10), toPixel(-10)],
      ["expires", toPixel(20), toPixel(20)],
      ["now", toPixel(0), toPixel(0)],
    ];
    expect(row.width).toBeGreaterThan(250);
    expect(row.marks.map(([name]) => name)).toEqual(expected.map(([name]) => name));
    for (const [index, [, from, to]] of expected.entries()) {
      expect(Math.abs(Number(row.marks[index]?.[1]) - from)).toBeLessThan(1);
      expect(Math.abs(Number(row.marks[index]?.[2]) - to)).toBeLessThan(1);
    }
    await open.close();
  });

  it.each([1280, 390])("has the axis above it, days and now at the same locations, at %i pixels", async (width) => {
    const { page, close } = await browser.open(CLEAN_REPORT, { viewport: { width, height: 800 } });
    const [now, mark, picture, ...labels] = (await page.evaluate(`[
      ...document.querySelectorAll(".axis line.now, .timeline line.now, .timeline"), ...document.querySelectorAll(".axis text.tick")
    ].map((shape) => {
      const { left, right } = shape.getBoundingClientRect();
      return { left, right, middle: (left + right) / 2, text: shape.textContent };
    })`)) as { left: number; right: number; middle: number; text: string }[];
    // In the order of the document: the axis, then the picture and its mark.
    if (!now || !mark || !picture) throw new Error("there is no timeline");
    expect(Math.abs(now.middle - picture.middle)).toBeLessThan(1);
    expect(labels.map(({ text }) => text)).toEqual(["8 Jun", "15 Jun", "22 Jun", "29 Jun"]);
    for (const { text, middle } of labels) {
      const atMs = Date.parse(`2026-06-${text.split(" ")[0]?.padStart(2, "0")}T00:00:00Z`);
      const expected = mark.left + ((atMs - FROM_MS) / SPAN_MS) * (mark.right - mark.left);
      expect(Math.abs(middle - expected)).toBeLessThan(1);
    }
    await close();
  });
});

describe("the timelines of many secrets", () => {
  it("show each life in its proportion to the others, and to now", async () => {
    const open = await browser.open(SHOP_REPORT);
    const rows = await fetchMarks(open);
    const marksOf = (name: string) =>
      new Map(rows.find(({ id }) => id === toId(name))?.marks.map((mark) => [mark[0], mark]));
    const stock = marksOf("stock current");
    const now = Number(stock.get("now")?.[1]);
    const day = (Number(stock.get("life")?.[2]) - Number(stock.get("life")?.[1])) / 30;
    const expectMark = (mark: Mark | undefined, from: number, to: number) => {
      expect(Math.abs(Number(mark?.[1]) - (now + from * day))).toBeLessThan(1);
      expect(Math.abs(Number(mark?.[2]) - (now + to * day))).toBeLessThan(1);
    };
    expectMark(marksOf("orders current").get("life"), -32, -2);
    expectMark(marksOf("orders current").get("over"), -2, 0);
    expectMark(marksOf("backend previous").get("overlap"), -0.5, 0.5);
    expectMark(marksOf("search previous").get("overlap"), -8, -7);
    expectMark(marksOf("payments current").get("window"), -5, 5);
    expect(marksOf("stock current").has("over")).toBe(false);
    expect(rows).toHaveLength(SHOP_REPORT.secrets.length);
    await open.close();
  });

  it("lead beyond the axis by arrows where a life is much longer than the others", async () => {
    const { page, close } = await browser.open(SHOP_REPORT);
    const row = page.locator("tbody tr", { hasText: toId("archive current") });
    expect(await row.locator(".beyond").count()).toBe(2);
    expect(await row.locator("line.expires, line.created").count()).toBe(0);
    const stock = page.locator("tbody tr", { hasText: toId("stock current") });
    expect(await stock.locator(".beyond").count()).toBe(0);
    await close();
  });

  it("have only the marks that are known", async () => {
    const open = await browser.open(SPARSE_REPORT);
    const rows = await fetchMarks(open);
    expect(rows.map(({ marks }) => marks.map(([name]) => name))).toEqual([["expires", "now"]]);
    expect(await open.page.locator("tbody td.created-at").textContent()).toBe("Created not known");
    await open.close();
  });
});

describe("the text beside a timeline", () => {
  it("says every time that the report knows", async () => {
    const { page, close } = await browser.open(SHOP_REPORT);
    const toTimes = (secret: ReportedSecret) =>
      [
        secret.createdAt,
        secret.rotateAfter,
        secret.retireAfter,
        secret.overlapFrom,
        secret.overlapUntil,
        secret.expiresAt,
        secret.lastUsedAt,
      ].filter((time) => time !== undefined);
    const told = (await page.evaluate(`Object.fromEntries([...document.querySelectorAll("tbody tr")].map((row) => [
      row.querySelector(".id").textContent, [...row.querySelectorAll("time")].map(({ dateTime }) => dateTime)
    ]))`)) as Record<string, string[]>;
    expect(told).toEqual(Object.fromEntries(SHOP_REPORT.secrets.map((secret) => [secret.secretId, toTimes(secret)])));
    await close();
  });
});
