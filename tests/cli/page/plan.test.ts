/** The page of `plan` in a real browser: marks where something is due, days and runs as text, filter, axe, pictures. */
import { mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Inventory } from "../../../cli/src/audit/inventory.js";
import { type Calendar, toCalendar } from "../../../cli/src/plan/calendar.js";
import { PLAN_RENDERERS } from "../../../cli/src/plan/render.js";
import { NOW_MS } from "../audit/fixtures.js";
import { findProblems } from "./axe.js";
import { type Look, type OpenPage, TestBrowser } from "./browser.js";
import { SHOP_INVENTORY, toId, toLargeInventory } from "./shop.js";

const ARTIFACTS = join(__dirname, "../../../test-artifacts");
const DAYS = 30;

const browser = new TestBrowser();
beforeAll(async () => {
  mkdirSync(ARTIFACTS, { recursive: true });
  await browser.launch();
});
afterAll(() => browser.close());

async function open(inventory: Inventory, look?: Look): Promise<OpenPage & { readonly calendar: Calendar }> {
  const calendar = toCalendar(inventory, { nowMs: NOW_MS, nowFrom: "atlas", days: DAYS });
  const text = await PLAN_RENDERERS.html({ calendar, inventory });
  return { ...(await browser.openText(text, look)), calendar };
}

/** Where the marks of what is due are on the timeline of a secret, in pixels from its beginning, and its width. */
async function fetchDues(
  { page }: OpenPage,
  secretId: string,
): Promise<{ width: number; now: number; dues: number[] }> {
  return (await page.evaluate(`(() => {
    const row = [...document.querySelectorAll("tbody tr")].find((one) => one.querySelector(".id").textContent === "${secretId}");
    const picture = row.querySelector(".timeline");
    const { left, width } = picture.getBoundingClientRect();
    const middle = (shape) => {
      const box = shape.getBoundingClientRect();
      return (box.left + box.right) / 2 - left;
    };
    return { width, now: middle(picture.querySelector("line.now")), dues: [...picture.querySelectorAll(".due")].map(middle) };
  })()`)) as { width: number; now: number; dues: number[] };
}

describe("the page of a plan", () => {
  it("marks on each timeline when something is to be done, and nothing where nothing is", async () => {
    const shown = await open(SHOP_INVENTORY);
    const stock = await fetchDues(shown, toId("stock current"));
    // From 15 % of the days before now to 2 % after the last one.
    const day = stock.width / (DAYS * 1.17);
    expect(Math.abs(stock.now - 0.15 * DAYS * day)).toBeLessThan(1);
    // Created 10 days ago for 30, it is due in 10.
    expect(stock.dues.map((px) => Math.round((px - stock.now) / day))).toEqual([10]);
    const login = await fetchDues(shown, toId("login current"));
    expect(login.dues).toHaveLength(1);
    expect(Math.abs(Number(login.dues[0]) - login.now)).toBeLessThan(1);
    expect((await fetchDues(shown, toId("archive current"))).dues).toEqual([]);
    expect(shown.complaints).toEqual([]);
    expect(shown.requests).toEqual(["/audit.html"]);
    await shown.close();
  });

  it("says day by day what is due, and which runs are needed, as the calendar has it", async () => {
    const { page, calendar, close } = await open(SHOP_INVENTORY, { javaScriptEnabled: false });
    const days = await page.evaluate(`[...document.querySelectorAll("#days .finding")].map((day) => ({
      day: day.querySelector("time").dateTime,
      run: day.querySelector(".advice").textContent,
      items: day.querySelectorAll("li").length,
    }))`);
    const expected = [...new Set(calendar.events.map(({ day }) => day))].map((day) => {
      const stacks = calendar.runs.filter((run) => run.day === day).map(({ stack }) => stack);
      const run = stacks.length > 0 ? `Run 'pulumi up' of ${stacks.join(", ")}.` : "No run is needed.";
      return { day, run, items: calendar.events.filter((event) => event.day === day).length };
    });
    expect(days).toEqual(expected);
    expect(expected.length).toBeGreaterThan(5);
    expect(await page.locator("h1").textContent()).toContain(`${calendar.runs.length} runs needed`);
    await close();
  });

  it("puts what is due now first, and filters days and secrets together", async () => {
    const { page, close } = await open(SHOP_INVENTORY);
    const first = page.locator("tbody tr").first();
    expect(await first.locator(".badge").textContent()).toBe("Due now");
    await page.locator("#filter").fill(toId("stock current"));
    expect(await page.locator("tbody tr:visible").count()).toBe(1);
    expect(await page.locator("#days .finding:visible li:visible").count()).toBe(2);
    await close();
  });

  it("says so when nothing is due, and when not all could be read", async () => {
    const nothing = { ...SHOP_INVENTORY, resources: [], accounts: [] };
    const idle = await open(nothing);
    expect(await idle.page.locator("h1").textContent()).toBe("Nothing is due");
    await idle.close();
    const unreadSources = [{ source: "atlas", message: "Could not list the service accounts." }];
    const partial = await open({ ...nothing, unreadSources });
    expect(await partial.page.locator("h1").textContent()).toBe("Incomplete");
    expect(await partial.page.locator(".unread-sources").textContent()).toContain(
      "Could not list the service accounts.",
    );
    await partial.close();
  });

  it("shows 2,000 secrets with all their days", async () => {
    const { page, calendar, complaints, close } = await open(toLargeInventory(2000));
    expect(await page.locator("tbody tr").count()).toBe(2000);
    expect(await page.locator("#days li").count()).toBe(calendar.events.length);
    expect(complaints).toEqual([]);
    await close();
  });

  it.each(["light", "dark"] as const)(
    "has no serious problem by axe in %s, runs over no edge, and is kept as a picture",
    async (colorScheme) => {
      for (const width of [1280, 390]) {
        const shown = await open(SHOP_INVENTORY, { colorScheme, bypassCSP: true, viewport: { width, height: 1000 } });
        expect(await shown.page.evaluate("document.documentElement.scrollWidth")).toBe(width);
        const path = join(ARTIFACTS, `plan-${colorScheme}-${width}.png`);
        await shown.page.screenshot({ path });
        expect(statSync(path).size).toBeGreaterThan(20_000);
        await shown.page.evaluate("document.querySelector('#secrets').scrollIntoView()");
        await shown.page.screenshot({ path: path.replace(".png", "-secrets.png") });
        expect(await findProblems(shown)).toEqual([]);
        await shown.close();
      }
    },
  );
});
