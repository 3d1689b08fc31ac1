/** What the command may know and do: verdicts, settings and the client of the provider, and no clock of its own. */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { CODES, FINDING_CODES } from "../../cli/src/audit/codes.js";

const CLI = join(__dirname, "../../cli");
const SOURCE = join(CLI, "src");

const modules = readdirSync(SOURCE, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
  .map((entry) => join(entry.parentPath, entry.name))
  .map((path) => ({
    path: relative(SOURCE, path).split(sep).join("/"),
    code: withoutComments(readFileSync(path, "utf8")),
  }))
  .sort((a, b) => (a.path < b.path ? -1 : 1));

/** The modules of the audit, which writes nothing. */
const ofAudit = modules.filter(({ path }) => /^(audit|render|sources)\/|^commands\/audit\.ts$/.test(path));

function withoutComments(code: string): string {
  return code.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
}

function importsOf(code: string): string[] {
  return [...code.matchAll(/(?:\bfrom|\bimport|\brequire\(|\bimport\()\s*["']([^"']+)["']/g)].map(([, name]) =>
    String(name),
  );
}

const whoHas = (pattern: RegExp, among = modules) =>
  among.filter(({ code }) => pattern.test(code)).map(({ path }) => path);
const whoImports = (pattern: RegExp, among = modules) =>
  among.filter(({ code }) => importsOf(code).some((name) => pattern.test(name))).map(({ path }) => path);

describe("the modules of the audit", () => {
  it("ask Atlas for lists and accounts alone", () => {
    expect(whoHas(/\b(createSecret|deleteSecret|verify)\(/, ofAudit)).toEqual([]);
    expect(whoImports(/^pulumi-atlas-secrets\/internal\/(atlas|settings)$/, ofAudit)).toEqual([
      "sources/atlas.ts",
      "sources/credentials.ts",
    ]);
  });

  it("let no message of JSON.parse out, which quotes what it read", () => {
    expect(whoHas(/\bJSON\.parse\b/, ofAudit)).toEqual(["sources/json.ts"]);
  });

  it("run another program in one place alone", () => {
    expect(whoImports(/^node:child_process$/, ofAudit)).toEqual(["sources/backend.ts"]);
    expect(whoImports(/^@pulumi\//)).toEqual([]);
  });

  it("judge and render without any effect", () => {
    const pure = ofAudit.filter(({ path }) => /^(audit\/(rules\/|classify|report|accounts|seen)|render\/)/.test(path));
    expect(pure.length).toBeGreaterThan(10);
    // The page's script and stylesheet are files of the package.
    expect(whoImports(/^node:fs/, pure)).toEqual(["render/page/frame.ts"]);
    expect(whoImports(/^node:(http|https|net|child_process)/, pure)).toEqual([]);
    expect(whoHas(/\bprocess\./, pure)).toEqual([]);
  });
});

describe("the modules of cli/", () => {
  it("read the machine's clock in one place alone, and print nothing past their environment", () => {
    expect(whoHas(/\bDate\.now\b|\bnew Date\(\)|\bsetTimeout\b/)).toEqual(["clock.ts"]);
    expect(whoHas(/\bconsole\./)).toEqual([]);
  });

  it("create and delete by the provider's own way alone: none calls the client for that", () => {
    expect(whoHas(/\bclient\.(createSecret|deleteSecret)\b|\bdeleteSecret\(/)).toEqual([]);
    expect(whoImports(/^pulumi-atlas-secrets\/internal\/account$/)).toEqual([
      "adoption/look.ts",
      "atlas-process.ts",
      "commands/remove.ts",
      "doctor/diagnose.ts",
      "sources/credentials.ts",
      "write-check/run.ts",
    ]);
    expect(whoHas(/\bcreateSecret\(/)).toEqual(["write-check/run.ts"]);
    expect(whoHas(/\bremoveSecret\(/)).toEqual(["commands/remove.ts", "write-check/run.ts"]);
  });

  it("read no field of a recorded state: that is the records' of the provider", () => {
    // A member, an element, or a destructured name of what a state holds; a whole object may be passed on.
    const readsField =
      /\b(outputs|attributes|fields)(\?\.|\.|\?\.\[|\[)(?!json\b)["'a-z]|\}\s*=\s*(\w+\.)?(outputs|attributes|fields)\s*;/i;
    expect(whoHas(readsField)).toEqual([]);
    expect(whoHas(/\breadState\(/)).toEqual([
      "adoption/found-secret.ts",
      "adoption/from-stack.ts",
      "adoption/remarks.ts",
      "adoption/steps.ts",
      "sources/files.ts",
    ]);
  });

  it("reckon no window, overlap, retirement or expiry of their own", () => {
    const arithmetic =
      /\bto(Effective|Default|Granted)\w*Hours\(|\bdecideRe(tirement|placement|tiring)\b|\brotateBeforeExpiryHours \*/;
    // In an adoption, a lifetime that nobody told is the granted one.
    expect(whoHas(arithmetic)).toEqual(["adoption/plan.ts", "audit/rules/due.ts"]);
  });

  it("advise no deletion but by the command that looks first", () => {
    expect(whoHas(/atlas api|deleteGroupSecret|deleteOrgSecret|DELETE \/api/i)).toEqual([]);
    // None does so of itself: a rule adds the command where every stack was read.
    const advices = Object.values(CODES).map(({ advice }) => advice);
    expect(advices.filter((text) => /atlas-secrets remove|\bdelete it\b/i.test(text))).toEqual([]);
    expect(whoHas(/toRemoveCommand\(/, ofAudit)).toEqual(["audit/rules/situation.ts"]);
  });

  it("never unwrap a value, and write a file of values in adopt alone", () => {
    expect(whoHas(/\breveal\b/)).toEqual([]);
    expect(whoImports(/\/write-file\.js$/)).toEqual(["commands/adopt.ts"]);
    // Whoever takes a state as it stands has dropped what is marked, or adopts.
    expect(whoHas(/\btoStackExport\(/)).toEqual(["commands/adopt.ts", "sources/files.ts", "sources/stack-export.ts"]);
  });
});

describe("cli/README.md", () => {
  it("has a row for each code, with its severity, in their order", () => {
    const readme = readFileSync(join(CLI, "README.md"), "utf8");
    const rows = [...readme.matchAll(/^\| `([a-z-]+)` +\| (error|warning|info) +\|/gm)];
    expect(rows.map(([, code, severity]) => [code, severity])).toEqual(
      FINDING_CODES.map((code) => [code, CODES[code].severity]),
    );
  });
});
