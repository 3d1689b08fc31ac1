/** Puts a report where the user wants it: on the standard output, or into a file, whole or not at all. */
import { stat, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import writeFileAtomic from "write-file-atomic";
import type { Environment } from "./environment.js";
import { CliFailure } from "./failure.js";
import { toRenderOptions } from "./render/render-options.js";
import type { RenderOptions } from "./render/renderer.js";

/** Why a file cannot be written. */
const WRITE_REASONS: Readonly<Record<string, string>> = {
  EEXIST: "it is there already, and is not overwritten: give another name with --output",
  ENOENT: "there is no such folder",
  ENOTDIR: "there is no such folder",
  EISDIR: "it is a folder",
  EACCES: "this user may not write there",
  EPERM: "this user may not write there",
  EROFS: "this user may not write there",
  ENOSPC: "the disk is full",
};

/**
 * Renders and writes. A link is followed, a file that is there keeps its mode and owner, a device or a pipe is written into.
 *
 * @param output path of a file; `-`, or nothing, is the standard output
 * @throws CliFailure when it cannot be written
 */
export async function writeReport(
  render: (options: RenderOptions) => string | Promise<string>,
  output: string | undefined,
  environment: Pick<Environment, "cwd" | "stdout" | "env">,
): Promise<void> {
  if (output === undefined || output === "-") {
    environment.stdout.write(await render(toRenderOptions(environment)));
    return;
  }
  const text = await render({ hasColors: false });
  const path = resolve(environment.cwd, output);
  try {
    const found = await stat(path).catch(() => undefined);
    await (found && !found.isFile() ? writeFile(path, text) : writeFileAtomic(path, text));
  } catch (error) {
    throw toWriteFailure(output, error);
  }
}

/** One sentence for what the system said. */
export function toWriteFailure(path: string, error: unknown): CliFailure {
  const code = String((error as { code?: unknown }).code);
  return new CliFailure(`Could not write ${path}: ${WRITE_REASONS[code] ?? code}.`);
}
