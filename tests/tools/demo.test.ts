/** The demonstration of `npm start` on the real CLI: shows all it promises, fails when a step does, cleans up when stopped. */
import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";

const MAIN = resolve(__dirname, "../../tools/demo/main.mjs");

let folder: string;
/** Where the page of the audit goes, which is to stay. */
let pages: string;

beforeEach(() => {
  pages = mkdtempSync(join(tmpdir(), "atlas-secrets-demo-pages-"));
  folder = mkdtempSync(join(tmpdir(), "atlas-secrets-demo-test-"));
});
afterEach(() => {
  for (const path of [folder, pages]) rmSync(path, { recursive: true, force: true });
});

function start(env: Readonly<Record<string, string>> = {}): ChildProcess {
  const path = [dirname(process.execPath), dirname(process.env.ATLAS_SECRETS_PULUMI ?? ""), process.env.PATH];
  return spawn(process.execPath, [MAIN], {
    env: { ...process.env, PATH: path.join(delimiter), TMPDIR: folder, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
}

/** Collects what a child prints until it ends; `onText` sees all of it so far. */
async function finish(child: ChildProcess, onText: (text: string) => void = () => {}) {
  let text = "";
  child.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk;
    onText(text);
  });
  const code = await new Promise<number | null>((settle) => child.once("close", settle));
  return { code, text };
}

/** Processes that got this test's folder in their environment and still run. Needs Linux's /proc; elsewhere it finds none. */
function listProcesses(): string[] {
  if (!existsSync("/proc/self/environ")) return [];
  const ids = readdirSync("/proc").filter((name) => /^\d+$/.test(name) && name !== String(process.pid));
  return ids.filter((id) => {
    try {
      return readFileSync(`/proc/${id}/environ`, "utf8").includes(folder);
    } catch {
      return false; // It has ended meanwhile, or belongs to somebody else.
    }
  });
}

describe("npm start's demonstration", () => {
  it("goes through the life of a secret, proves that none is left or shown, and leaves nothing behind", async () => {
    const page = join(pages, "audit.html");
    const { code, text } = await finish(start({ ATLAS_SECRETS_DEMO_PAGE: page }));
    expect(text).toContain("ok  refused by the rule lifetime-too-long");
    expect(text).toContain("secrets left on the server: 0");
    expect(text).toContain("secret values found in the plain state and its history: 0 of 3");
    expect(text).toMatch(/warning +inside-window/);
    expect(text).toContain(`The same as a page, with timelines: ${page}\n`);
    expect(readFileSync(page, "utf8")).toContain("A current secret is inside its rotation window");
    expect(readFileSync(page, "utf8")).not.toContain("mdb_sa_sk_");
    expect(text).toContain("All as expected");
    expect(text).not.toMatch(/mdb_sa_sk_[A-Za-z0-9_-]{5,}/);
    expect(code).toBe(0);
    expect(readdirSync(folder)).toEqual([]);
  });

  it("ends the step under way and cleans up when it is interrupted", async () => {
    const child = start();
    let isSent = false;
    const { code, text } = await finish(child, (shown) => {
      if (isSent || !shown.includes("$ pulumi up")) return;
      isSent = true;
      child.kill("SIGINT");
    });
    expect(text).toContain("Interrupted");
    expect(code).toBe(130);
    expect(readdirSync(folder)).toEqual([]);
    expect(listProcesses()).toEqual([]);
  });

  it("ends with an error when a step is not as expected", async () => {
    const broken = join(folder, "pulumi");
    writeFileSync(broken, "#!/bin/sh\necho '{}'\nexit 1\n");
    chmodSync(broken, 0o755);
    const { code, text } = await finish(start({ ATLAS_SECRETS_PULUMI: broken }));
    expect(code).toBe(1);
    expect(text).toContain("NOT AS EXPECTED");
    expect(readdirSync(folder)).toEqual(["pulumi"]);
  });
});
