/** What the page lets in and out: no text of a report becomes a part of it, nothing is loaded, no value is on it. */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { type AuditReport, toReport } from "../../../cli/src/audit/report.js";
import { DEFAULT_LIMITS } from "../../../cli/src/audit/rules/situation.js";
import { pack } from "../../helpers/packed-package.js";
import { NOW_MS } from "../audit/fixtures.js";
import { Random, toRandomInventory } from "../audit/random-inventory.js";
import {
  CANARIES,
  PLAIN,
  PLAIN_OUTPUTS,
  ROTATING,
  SHOWN_ROTATING_OUTPUTS,
  shown,
  toExport,
  toResource,
} from "../sources/states.js";
import { TestBrowser, toPageText } from "./browser.js";
import { SHOP_REPORT } from "./shop.js";

const CLI = join(__dirname, "../../../cli");
const run = promisify(execFile);

const browser = new TestBrowser();
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "atlas-secrets-page-"));
  await browser.launch();
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await browser.close();
});

const ATTACK = `</style></script><script>document.title="owned"</script><img src=x onerror="document.title='owned'">"'><b id=injected>&amp;`;

const NAMES = { stacks: [ATTACK], resources: [ATTACK], accountName: ATTACK };

/** Every text of a report that comes from outside, made an attack. */
function toHostile(report: AuditReport): AuditReport {
  const { sources, unreadSources } = { ...report, unreadSources: [{ source: ATTACK, message: ATTACK }] };
  return {
    ...report,
    sources: sources.map((source) => ({ ...source, name: ATTACK })),
    unreadSources,
    findings: report.findings.map((finding) => ({
      ...finding,
      ...NAMES,
      message: ATTACK,
      sources: [ATTACK],
      locations: [ATTACK],
    })),
    secrets: report.secrets.map((secret, index) => ({
      ...secret,
      ...NAMES,
      secretId: `${ATTACK}${index}`,
      clientId: ATTACK,
      ownerId: ATTACK,
      previousId: ATTACK,
      statements: [{ source: ATTACK, place: ATTACK }],
    })),
  };
}

describe("text from outside", () => {
  it("stays text, wherever it stands", async () => {
    const hostile = toHostile(SHOP_REPORT);
    // Without the policy, so that the escaping alone has to hold.
    const { page, complaints, loaded, close } = await browser.open(hostile, { bypassCSP: true });
    expect(await page.title()).toBe("3 errors, 8 warnings, 1 info - Atlas secrets audit");
    expect(await page.locator("#injected, img").count()).toBe(0);
    expect(await page.locator("script").count()).toBe(1);
    expect(await page.locator("style").count()).toBe(1);
    expect(await page.locator("tbody .account").first().textContent()).toBe(ATTACK);
    expect(await page.locator(".finding li > bdi").first().textContent()).toBe(ATTACK);
    expect(await page.locator("tbody .title").first().textContent()).toContain(ATTACK);
    expect(await page.locator(".finding li b").first().textContent()).toContain(ATTACK);
    expect(await page.locator(".unread-sources bdi").first().textContent()).toBe(ATTACK);
    expect(await page.locator(".verdict .from bdi").textContent()).toContain(ATTACK);
    expect(loaded).toHaveLength(1);
    expect(complaints).toEqual([]);
    await close();
  });
});

describe("the packed package", () => {
  it("writes the page of a state whose names are an attack, without a value of it", async () => {
    await run("tar", ["-xzf", pack("cli", folder).path, "-C", folder]);
    symlinkSync(join(CLI, "../node_modules"), join(folder, "package/node_modules"), "junction");
    const state = toExport([
      toResource(PLAIN, { ...PLAIN_OUTPUTS, secret: shown(CANARIES.secret) }, {}, ATTACK),
      toResource(ROTATING, SHOWN_ROTATING_OUTPUTS),
    ]);
    writeFileSync(join(folder, "state.json"), state);
    const args = ["audit", "state.json", "--format", "html", "--output", "audit.html", "--fail-on", "never"];
    await run(process.execPath, [join(folder, "package/bin/atlas-secrets.cjs"), ...args], { cwd: folder });
    const text = readFileSync(join(folder, "audit.html"), "utf8");
    for (const value of Object.values(CANARIES)) expect(text).not.toContain(value);
    for (const mask of state.match(/mdb_sa_sk_\*+\w*/g) ?? []) expect(text).not.toContain(mask);
    expect(text).not.toContain("mdb_sa_sk_");
    expect(text).not.toContain("<b id=injected>");
    const { page, complaints, close } = await browser.openText(text);
    expect(await page.locator("tbody .about").allTextContents()).toContainEqual(expect.stringContaining(ATTACK));
    expect(complaints).toEqual([]);
    await close();
  });
});

describe("the page's policy", () => {
  it("lets in its own style and script by their hashes, and nothing else", async () => {
    const text = await toPageText(SHOP_REPORT);
    const toHash = (name: string) => {
      const inner = new RegExp(`<${name}>([\\s\\S]*?)</${name}>`).exec(text)?.[1] ?? "";
      expect(inner.length).toBeGreaterThan(1000);
      return `'sha256-${createHash("sha256").update(inner).digest("base64")}'`;
    };
    const policy = /<meta http-equiv="Content-Security-Policy" content="([^"]+)">/.exec(text)?.[1];
    expect(policy).toBe(
      `default-src 'none'; style-src ${toHash("style")}; script-src ${toHash("script")}; base-uri 'none'; form-action 'none'`,
    );
    expect(text).not.toMatch(/ style=| on\w+="/);
  });

  it("keeps out a script, a style, a picture and a request that somebody adds", async () => {
    const text = await toPageText(SHOP_REPORT);
    const added = `<script>document.title="owned"</script><style>h1{display:none}</style><img src="/picture.png"></body>`;
    const { page, requests, complaints, close } = await browser.openText(text.replace("</body>", () => added));
    expect(await page.title()).toContain("3 errors");
    expect(await page.locator("h1").isVisible()).toBe(true);
    expect(requests).toEqual(["/audit.html"]);
    expect(complaints.length).toBeGreaterThanOrEqual(3);
    await expect(page.evaluate("fetch('/elsewhere')")).rejects.toThrow();
    expect(requests).toEqual(["/audit.html"]);
    await close();
  });
});

describe("the page of any report", () => {
  it("loads nothing, and has nothing to complain of", async () => {
    for (let seed = 0; seed < 10; seed++) {
      const inventory = toRandomInventory(new Random(seed));
      const report = toReport(inventory, { nowMs: NOW_MS, nowFrom: "option", limits: DEFAULT_LIMITS });
      const { page, requests, loaded, complaints, close } = await browser.open(report);
      expect(await page.locator("tbody tr").count()).toBe(report.secrets.length);
      expect(await page.locator(".finding li").count()).toBe(report.findings.length);
      expect(await page.evaluate("[...document.querySelectorAll('[id]')].length")).toBe(
        await page.evaluate("new Set([...document.querySelectorAll('[id]')].map(({ id }) => id)).size"),
      );
      expect([requests, loaded.length, complaints]).toEqual([["/audit.html"], 1, []]);
      await close();
    }
  });
});
