/** What the pack may know: verdicts and settings of the provider, the SDK of policies, and nothing that could ask Atlas. */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";

const SOURCE = join(__dirname, "../../policy/src");

const modules = readdirSync(SOURCE, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
  .map((entry) => join(entry.parentPath, entry.name))
  .map((path) => ({ path: relative(SOURCE, path).split(sep).join("/"), code: readFileSync(path, "utf8") }));

/** Names of packages that a module imports or requires. */
function packagesOf(code: string): string[] {
  const names = [
    ...code.matchAll(/(?:\bfrom|\bimport|\brequire\w*\(|\bimport\(|\.resolve\()\s*["']([@\w][^"'\s]*)["']/g),
  ];
  return names.map(([, name]) => String(name)).filter((name) => !name.startsWith("."));
}

describe("the modules of policy/", () => {
  it("import the SDK, the provider's records, verdicts and settings, and what finds and loads modules", () => {
    const packages = new Set(modules.flatMap(({ code }) => packagesOf(code)));
    expect([...packages].sort()).toEqual([
      "@pulumi/policy",
      "@pulumi/policy/schema",
      "@pulumi/pulumi/proto/analyzer_grpc_pb",
      "node:module",
      "pulumi-atlas-secrets/internal/settings",
      "pulumi-atlas-secrets/records",
      "pulumi-atlas-secrets/rotation",
    ]);
  });

  it("send nothing anywhere and write nothing", () => {
    const users = modules.filter(({ code }) => /\bfetch\(|\bXMLHttpRequest\b|\bWebSocket\b|\bconsole\./.test(code));
    expect(users.map(({ path }) => path)).toEqual([]);
  });

  it("read the machine's clock and environment in the entry alone", () => {
    const users = modules.filter(({ code }) => /\bDate\.now\b|\bnew Date\(\)|\bprocess\./.test(code));
    expect(users.map(({ path }) => path)).toEqual(["index.ts"]);
  });
});
