/** Filter and sort by the keyboard alone, with thousands of secrets too, and what is left of the page without its script. */
import type { Page } from "playwright-core";
import { type OpenPage, TestBrowser } from "./browser.js";
import { NAMED_REPORT, SHOP_REPORT, toId, toLargeReport } from "./shop.js";

const browser = new TestBrowser();
beforeAll(() => browser.launch());
afterAll(() => browser.close());

/** What is shown of the column: whole cells, without their labels. */
async function fetchShown(page: Page, cell: string): Promise<string[]> {
  return page.locator(`tbody tr:visible ${cell}`).allTextContents();
}

/** Goes on by the Tab key to what fits, as a reader without a mouse does. */
async function tabTo(page: Page, selector: string): Promise<void> {
  for (let presses = 0; presses < 60; presses++) {
    await page.keyboard.press("Tab");
    if (await page.evaluate(`document.activeElement.matches(${JSON.stringify(selector)})`)) return;
  }
  throw new Error(`the keyboard does not reach ${selector}`);
}

const idsOf = (page: Page) => fetchShown(page, ".id:not(.account)");

describe("the filter", () => {
  it("shows what holds every word, in the table and among the findings, and says how many", async () => {
    const { page, complaints, close } = await browser.open(SHOP_REPORT);
    await tabTo(page, "#filter");
    await page.keyboard.type("PREVIOUS search");
    expect(await idsOf(page)).toEqual([toId("search previous")]);
    expect(await page.locator("#shown").textContent()).toBe("1 of 17 secrets and 2 of 12 findings shown");
    await page.keyboard.press("Control+A");
    await page.keyboard.type(toId("payments"));
    expect(await idsOf(page)).toEqual([toId("payments current")]);
    expect(await page.locator(".finding:visible .title").allTextContents()).toEqual([
      "The only secret of an account is past its rotation point",
    ]);
    expect(await page.locator(".finding:visible li:visible").count()).toBe(1);
    await page.keyboard.press("Control+A");
    await page.keyboard.press("Delete");
    expect(await idsOf(page)).toHaveLength(17);
    expect(await page.locator("#shown").textContent()).toBe("All 17 secrets shown");
    expect(complaints).toEqual([]);
    await close();
  });

  it("finds a code, and nothing for a word that is nowhere", async () => {
    const { page, close } = await browser.open(SHOP_REPORT);
    await page.locator("#filter").fill("lifetime-too-long");
    expect(await idsOf(page)).toHaveLength(3);
    // With all that is found of the secrets that are shown.
    expect(await page.locator(".finding:visible").count()).toBe(3);
    await page.locator("#filter").fill("nowhere-at-all");
    expect(await idsOf(page)).toEqual([]);
    expect(await page.locator("#shown").textContent()).toBe("0 of 17 secrets and 0 of 12 findings shown");
    await close();
  });

  it.each(["organization/shop/prod > payments", "Account of payments", "payments"])(
    "finds the findings and the row of a secret by the name %s",
    async (name) => {
      const { page, close } = await browser.open(NAMED_REPORT);
      await page.locator("#filter").fill(name);
      expect(await idsOf(page)).toEqual([toId("payments current")]);
      expect(await page.locator(".finding li:visible").count()).toBe(1);
      await close();
    },
  );

  it("leaves out a status whose box is cleared by the space bar", async () => {
    const { page, close } = await browser.open(SHOP_REPORT);
    await tabTo(page, "[value=error]");
    await page.keyboard.press("Space");
    expect(new Set(await fetchShown(page, ".badge"))).toEqual(new Set(["Warning", "Info", "OK"]));
    expect(await page.locator(".finding.error:visible").count()).toBe(0);
    await tabTo(page, "[value=ok]");
    await page.keyboard.press("Space");
    expect(new Set(await fetchShown(page, ".badge"))).toEqual(new Set(["Warning", "Info"]));
    await close();
  });

  it("does not leave the page when Enter is pressed", async () => {
    const { page, requests, close } = await browser.open(SHOP_REPORT);
    await page.locator("#filter").fill("stock");
    await page.keyboard.press("Enter");
    expect(await idsOf(page)).toEqual([toId("stock current")]);
    expect(requests).toEqual(["/audit.html"]);
    await close();
  });
});

describe("the sort", () => {
  let open: OpenPage;
  beforeAll(async () => {
    open = await browser.open(SHOP_REPORT);
  });
  afterAll(() => open.close());

  it("begins with the worst", async () => {
    const statuses = await fetchShown(open.page, ".badge");
    expect(statuses.slice(0, 4)).toEqual(["Error", "Error", "Error", "Warning"]);
  });

  it.each([
    ["Created", ".created-at time"],
    ["Due", ".due-at > time"],
    ["Expires", ".expires-at time"],
    ["Last used", ".used-at time"],
    ["Secret and account", ".secret"],
  ])("orders by %s with Enter, and the other way round with Space", async (name, cell) => {
    const { page } = open;
    const head = page.locator("thead th", { hasText: name });
    const keys = (await idsOf(page)).length;
    await head.getByRole("button").focus();
    await page.keyboard.press("Enter");
    const ascending = await fetchShown(page, cell);
    expect(await head.getAttribute("aria-sort")).toBe("ascending");
    expect(ascending).toEqual(ascending.toSorted());
    expect(new Set(ascending).size).toBeGreaterThan(5);
    await page.keyboard.press("Space");
    expect(await head.getAttribute("aria-sort")).toBe("descending");
    expect(await fetchShown(page, cell)).toEqual((await fetchShown(page, cell)).toSorted().reverse());
    expect(await page.locator("thead th[aria-sort]").count()).toBe(1);
    expect(await idsOf(page)).toHaveLength(keys);
  });

  it("puts what has no time last, both ways", async () => {
    const { page } = open;
    const button = page.locator("thead .used-at").getByRole("button");
    for (const _ of ["ascending", "descending"]) {
      await button.press("Enter");
      const used = (await page.evaluate(
        `[...document.querySelectorAll("tbody tr")].map((row) => row.querySelector(".used-at time") !== null)`,
      )) as boolean[];
      expect(used.slice(-3)).toEqual([true, false, false]);
    }
  });
});

describe("a link of a finding", () => {
  it("leads to the row of its secret", async () => {
    const { page, close } = await browser.open(SHOP_REPORT);
    await page.locator(".finding a").first().focus();
    await page.keyboard.press("Enter");
    expect(await page.locator("tr:target .id:not(.account)").textContent()).toBe(toId("orders current"));
    await close();
  });
});

describe("the page of 2,000 secrets", () => {
  it("holds them all, each with its timeline, and answers", async () => {
    const { page, complaints, close } = await browser.open(toLargeReport(2000));
    expect(await page.locator("tbody tr").count()).toBe(2000);
    expect(await page.locator("tbody .timeline").count()).toBe(2000);
    expect(await page.locator(".finding.info li").count()).toBe(200);
    expect(await page.locator(".finding.info > ul > li").count()).toBe(5);
    await page.locator("#filter").fill(toId("service 1234"));
    expect(await idsOf(page)).toEqual([toId("service 1234 current")]);
    expect(await page.locator("#shown").textContent()).toBe("1 of 2000 secrets and 1 of 545 findings shown");
    await page.locator("#filter").fill(toId("service 1990"));
    expect(await page.locator(".finding.info details li:visible").count()).toBe(1);
    expect(complaints).toEqual([]);
    await close();
  });
});

describe("the page without JavaScript", () => {
  it("has everything to read, and no tool that would do nothing", async () => {
    const { page, complaints, close } = await browser.open(SHOP_REPORT, { javaScriptEnabled: false });
    expect(await page.locator("tbody tr:visible").count()).toBe(17);
    expect(await page.locator("tbody .timeline:visible").count()).toBe(17);
    expect(await page.locator(".finding li:visible").count()).toBe(12);
    expect(await page.locator("#tools").isVisible()).toBe(false);
    expect(await page.locator("button, input:visible").count()).toBe(0);
    expect(await page.locator("h1").textContent()).toBe("3 errors, 8 warnings, 1 info");
    expect(complaints).toEqual([]);
    await close();
  });
});
