/** Rules between modules that no single test of a module can see. */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";

const SOURCE = join(__dirname, "../../provider/src");

const modules = readdirSync(SOURCE, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
  .map((entry) => join(entry.parentPath, entry.name))
  .map((path) => ({
    path: relative(SOURCE, path).split(sep).join("/"),
    code: withoutComments(readFileSync(path, "utf8")),
  }))
  .sort((a, b) => (a.path < b.path ? -1 : 1));

function withoutComments(code: string): string {
  return code.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
}

function whoHas(pattern: RegExp): string[] {
  return modules.filter(({ code }) => pattern.test(code)).map(({ path }) => path);
}

/** What a module imports or requires by name. */
function importsOf(code: string): string[] {
  return [...code.matchAll(/(?:\bfrom|\bimport|\brequire\(|\bimport\()\s*["']([^"']+)["']/g)].map(([, name]) =>
    String(name),
  );
}

function whoImports(isMeant: (name: string) => boolean): string[] {
  return modules.filter(({ code }) => importsOf(code).some(isMeant)).map(({ path }) => path);
}

describe("Sensitive.reveal", () => {
  it("is used only on the wire, for outputs, to compare and to redact", () => {
    expect(whoHas(/\breveal\b/)).toEqual([
      // The comparison of the configured credential with Atlas's mask.
      "account/configured-credential.ts",
      // The wire: the header of a request, and what is signed or minted with.
      "atlas/auth/access-token.ts",
      "atlas/auth/api-key.ts",
      "atlas/auth/mint.ts",
      "atlas/auth/service-account.ts",
      "atlas/transport.ts",
      // The encrypted output, and the mask made of the value's end.
      "records/secret-record.ts",
      // What a message must not hold.
      "redact.ts",
      // Its definition, and the comparison of two values.
      "sensitive.ts",
    ]);
  });
});

describe("the modules of provider/", () => {
  it("know axios in the transport alone", () => {
    expect(whoImports((name) => name === "axios" || name.startsWith("axios/"))).toEqual(["atlas/transport.ts"]);
  });

  it("load axios on the first request and not when the transport is imported", () => {
    const transport = modules.find(({ path }) => path === "atlas/transport.ts");
    expect(transport?.code).not.toMatch(/^import (?!type\b).*"axios"/m);
  });

  it("know @pulumi/pulumi in resources/ alone", () => {
    const users = whoImports((name) => name.startsWith("@pulumi/"));
    expect(users.length).toBeGreaterThan(0);
    expect(users.filter((path) => !path.startsWith("resources/"))).toEqual([]);
  });

  it("keep rotation/ free of effects: it imports itself, the types of the API, the arithmetic of the clock and node:util", () => {
    const rotation = modules.filter(({ path }) => path.startsWith("rotation/"));
    expect(rotation.length).toBeGreaterThan(0);
    const isAllowed = (name: string) =>
      /^\.\/[a-z-]+\.js$/.test(name) || ["../atlas/types.js", "../clock.js", "node:util"].includes(name);
    const foreign = rotation.flatMap(({ path, code }) =>
      importsOf(code)
        .filter((name) => !isAllowed(name))
        .map((name) => `${path}: ${name}`),
    );
    expect(foreign).toEqual([]);
  });

  it("keep atlas/types.ts types alone, and import it in rotation/ as such", () => {
    const types = modules.find(({ path }) => path === "atlas/types.ts");
    expect(types?.code).not.toMatch(/\bimport\b|^export (?!interface\b|type\b)/m);
    const asValue = whoHas(/import (?!type\b)[^;]*"\.\.\/atlas\/types\.js"/);
    expect(asValue).toEqual([]);
  });

  it("never use the machine's clock in rotation/", () => {
    const users = whoHas(/\bDate\.now\b|\bnew Date\(\)|\bsystemClock\b|\bprocess\.|\bsetTimeout\b|\bMath\.random\b/);
    expect(users.filter((path) => path.startsWith("rotation/"))).toEqual([]);
  });

  it("read the machine's clock and start timers in clock.ts alone", () => {
    expect(whoHas(/\bDate\.now\b|\bnew Date\(\)|\bsetTimeout\b|\bsetInterval\b/)).toEqual(["clock.ts"]);
  });

  it("never write to the console", () => {
    expect(whoHas(/\bconsole\./)).toEqual([]);
  });
});
