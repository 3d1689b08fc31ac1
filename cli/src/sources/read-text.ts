/** Reads files that a user names, and says in one sentence why one cannot be read. */
import { readFile, stat } from "node:fs/promises";
import { resolve } from "node:path";
import type { Environment } from "../environment.js";
import { CliFailure } from "../failure.js";

/** What reports call the standard input. */
export const STANDARD_INPUT = "standard input";

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EACCES: "this user may not read it",
  EPERM: "this user may not read it",
  EISDIR: "it is a folder",
};

/**
 * The text of a file, or of the standard input for `-`.
 *
 * @throws CliFailure when it cannot be read
 */
export async function fetchText(path: string, { cwd, stdin }: Pick<Environment, "cwd" | "stdin">): Promise<string> {
  if (path === "-") return fetchAll(stdin);
  try {
    return await readFile(resolve(cwd, path), "utf8");
  } catch (error) {
    const code = String((error as { code?: unknown }).code);
    throw new CliFailure(`Could not read ${path}: ${REASONS[code] ?? code}.`);
  }
}

/**
 * The same, with the time that it is of: when the file was written, now for the standard input.
 *
 * @throws CliFailure when it cannot be read
 */
export async function fetchDated(
  path: string,
  environment: Pick<Environment, "cwd" | "stdin" | "now">,
): Promise<{ readonly text: string; readonly asOfMs: number }> {
  const [text, nowMs] = [await fetchText(path, environment), environment.now()];
  if (path === "-") return { text, asOfMs: nowMs };
  return { text, asOfMs: Math.min(nowMs, (await stat(resolve(environment.cwd, path))).mtimeMs) };
}

async function fetchAll(stream: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks).toString("utf8");
}
