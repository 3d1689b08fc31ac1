/** The project file of a program, as far as this command asks it: where the program is, and in what language. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

const PROJECT_FILES = ["Pulumi.yaml", "Pulumi.yml", "Pulumi.json"];

/** A project, without what is only its own. */
export interface Project {
  /** The program's folder, where the engine starts it, and loads the handlers from. */
  readonly folder: string;
  /** Name of the language host: `nodejs`, `python`, `go`; absent when the file does not say. */
  readonly runtime?: string;
}

/** Reads the project file in a folder; `undefined` where there is none. */
export function readProject(folder: string): Project | undefined {
  const file = PROJECT_FILES.map((name) => join(folder, name)).find(existsSync);
  if (file === undefined) return undefined;
  const text = readFileSync(file, "utf8");
  const runtime = parseRuntime(text);
  return { folder: resolve(folder, parseMain(text)), ...(runtime !== undefined && { runtime }) };
}

/** The program's folder within the project. @see https://www.pulumi.com/docs/iac/concepts/projects/project-file/ */
function parseMain(text: string): string {
  const [, main = ""] = /^\s*"?main"?\s*:\s*["']?([^"'#\n,]+)/m.exec(text) ?? [];
  const path = main.trim();
  return /\.([cm]?[jt]s|py)$/.test(path) ? dirname(path) : path;
}

/** The runtime is a name, or a map that has one. */
function parseRuntime(text: string): string | undefined {
  const [, plain, named] =
    /(?:^|[,{])\s*"?runtime"?[ \t]*:[ \t]*(?:["']?([a-z]+)["']?[ \t]*(?:[,#].*)?$|(?:\{|\r?\n)[\s\S]*?\bname"?[ \t]*:[ \t]*["']?([a-z]+))/m.exec(
      text,
    ) ?? [];
  return plain ?? named;
}
