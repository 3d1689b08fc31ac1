/** Looks again and again at what is there only for a moment: arguments of processes, and files for temporary data. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fetchDescendants } from "../../helpers/processes.js";

const FILES_EVERY_MS = 20;
const ARGUMENTS_EVERY_MS = 150;

/** Everything that was seen at some moment. */
export interface Seen {
  /** Arguments of the processes that the test started, and of those that they did. */
  readonly processArguments: string;
  /** Names and contents of files. */
  readonly temporaryFiles: string;
}

/** Resolves with what `work` resolves with, and with what was seen meanwhile below this process and in `folder`. */
export async function sampleDuring<T>(work: Promise<T>, folder: string): Promise<{ result: T; seen: Seen }> {
  const [args, files] = [new Set<string>(), new Set<string>()];
  let isOver = false;
  const result = work.finally(() => {
    isOver = true;
  });
  const watchFiles = async () => {
    for (; !isOver; await sleep(FILES_EVERY_MS)) for (const text of readFiles(folder)) files.add(text);
  };
  const watchArguments = async () => {
    for (; !isOver; await sleep(ARGUMENTS_EVERY_MS)) {
      for (const { args: line } of await fetchDescendants(process.pid)) args.add(line);
    }
  };
  const [value] = await Promise.all([result, watchFiles(), watchArguments()]);
  return { result: value, seen: { processArguments: [...args].join("\n"), temporaryFiles: [...files].join("\n") } };
}

function readFiles(folder: string): string[] {
  return orNothing(() => readdirSync(folder, { withFileTypes: true })).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return readFiles(path);
    return entry.isFile() ? orNothing(() => [`${path}\n${readFileSync(path, "latin1")}`]) : [];
  });
}

/** What can be gone before it is read. */
function orNothing<T>(read: () => T[]): T[] {
  try {
    return read();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    return [];
  }
}
