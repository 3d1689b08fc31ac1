/** Whatever a program can import is described where an editor and the API reference show it: each export, and each of its members. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { listOutputs } from "../../provider/src/records/description.js";
import { ROOT } from "./documents.js";

const ENTRIES = ["provider/src/index.ts", "provider/src/rotation/index.ts", "provider/src/records/index.ts"].concat(
  "simulator/src/index.ts",
);

const { config } = ts.readConfigFile(join(ROOT, "tsconfig.json"), (path) => readFileSync(path, "utf8"));
const { options } = ts.parseJsonConfigFileContent({ ...config, files: [], references: [] }, ts.sys, ROOT);
const program = ts.createProgram(
  ENTRIES.map((path) => join(ROOT, path)),
  { ...options, composite: false, noEmit: true },
);
const checker = program.getTypeChecker();

/** The exports of an entry, behind their aliases. */
function findExports(path: string): ts.Symbol[] {
  const source = program.getSourceFile(join(ROOT, path));
  const module = source && checker.getSymbolAtLocation(source);
  return (module ? checker.getExportsOfModule(module) : []).map((symbol) =>
    symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol,
  );
}

/** Members of a class or interface that it declares or inherits within this repository. */
function findMembers(symbol: ts.Symbol): ts.Symbol[] {
  if (!(symbol.flags & (ts.SymbolFlags.Class | ts.SymbolFlags.Interface))) return [];
  return checker.getPropertiesOfType(checker.getDeclaredTypeOfSymbol(symbol)).filter(({ declarations = [] }) =>
    declarations.some((declaration) => {
      const isOurs = !declaration.getSourceFile().fileName.includes("node_modules");
      const isHidden =
        ts.getCombinedModifierFlags(declaration) & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected);
      const name = ts.getNameOfDeclaration(declaration);
      return isOurs && !isHidden && !(name && ts.isPrivateIdentifier(name));
    }),
  );
}

const isDescribed = (symbol: ts.Symbol) => symbol.getDocumentationComment(checker).length > 0;

describe.each(ENTRIES)("%s", (path) => {
  const exported = findExports(path);

  it("describes every export", () => {
    expect(exported.length).toBeGreaterThan(3);
    expect(exported.filter((symbol) => !isDescribed(symbol)).map(({ name }) => name)).toEqual([]);
  });
});

describe("what a program instantiates, gives and gets", () => {
  it("has a description of every member", () => {
    const bare = findExports("provider/src/index.ts").flatMap((symbol) =>
      findMembers(symbol)
        .filter((member) => !isDescribed(member))
        .map((member) => `${symbol.name}.${member.name}`),
    );
    expect(bare).toEqual([]);
  });
});

describe("a class of secrets", () => {
  const classes = [
    { name: "ProjectServiceAccountSecret", level: "project", isRotating: false },
    { name: "ServiceAccountSecret", level: "organization", isRotating: false },
    { name: "RotatingProjectServiceAccountSecret", level: "project", isRotating: true },
    { name: "RotatingServiceAccountSecret", level: "organization", isRotating: true },
    { name: "ProjectServiceAccountSecretSet", level: "project", isRotating: true, isSet: true },
    { name: "ServiceAccountSecretSet", level: "organization", isRotating: true, isSet: true },
  ] as const;

  it.each(classes)("$name has every output as a described property, and an example", ({ name, ...kind }) => {
    const symbol = findExports("provider/src/index.ts").find((found) => found.name === name);
    const members = symbol ? findMembers(symbol).filter(isDescribed) : [];
    expect(members.map((member) => member.name)).toEqual(expect.arrayContaining(listOutputs(kind)));
    expect(symbol?.getJsDocTags(checker).map((tag) => tag.name)).toContain("example");
  });
});
