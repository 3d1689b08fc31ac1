/** Every TypeScript block of the documents is a whole file that compiles, strictly, against the packages as they are published. */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";
import { DOCUMENTS, findCodeBlocks, ROOT } from "./documents.js";

const BLOCKS = DOCUMENTS.flatMap(findCodeBlocks).filter(({ language }) => language === "ts");
const CONSUMERS = join(__dirname, "consumers.d.ts");

/** Where a block would stand as a file: beside its document, so that packages are found as from there. */
const toFile = ({ document, line }: { document: string; line: number }) =>
  join(ROOT, dirname(document), `${line}-of-${document.replaceAll("/", "-")}.ts`);

function compile(files: ReadonlyMap<string, string>): Map<string, string[]> {
  const { config } = ts.readConfigFile(join(ROOT, "tsconfig.json"), (path) => readFileSync(path, "utf8"));
  const { options } = ts.parseJsonConfigFileContent({ ...config, files: [], references: [] }, ts.sys, ROOT);
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  host.fileExists = (path) => files.has(path) || fileExists(path);
  host.readFile = (path) => files.get(path) ?? readFile(path);
  host.getSourceFile = (path, ...rest) => {
    const code = files.get(path);
    return code === undefined ? getSourceFile(path, ...rest) : ts.createSourceFile(path, code, rest[0], true);
  };
  const program = ts.createProgram(
    [...files.keys(), CONSUMERS],
    { ...options, composite: false, incremental: false, noEmit: true },
    host,
  );
  return new Map(
    [...files.keys()].map((path) => {
      const source = program.getSourceFile(path);
      const faults = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
      return [path, faults.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"))];
    }),
  );
}

describe("the TypeScript of the documents", () => {
  const faults = compile(new Map(BLOCKS.map((block) => [toFile(block), block.code])));

  it("is in the README, the guides and the packages", () => {
    const documents = new Set(BLOCKS.map(({ document }) => document));
    expect(BLOCKS.length).toBeGreaterThan(15);
    expect([...documents]).toEqual(expect.arrayContaining(["README.md", "docs/guides/start.md", "provider/README.md"]));
  });

  it.each(BLOCKS)("compiles in $document, line $line", (block) => {
    expect(faults.get(toFile(block))).toEqual([]);
  });
});
