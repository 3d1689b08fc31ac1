/** Text to JSON. The parser's own messages quote the text, which may hold values: they go nowhere. */
import { CliFailure } from "../failure.js";

/** A JSON object. */
export type JsonObject = Readonly<Record<string, unknown>>;

/**
 * Parses text that a source gave.
 *
 * @param where names the source, for the message: a path, or `stack dev`
 * @throws CliFailure when it is not JSON, such as a file that was written half
 */
export function parseJson(text: string, where: string): unknown {
  if (text.trim() === "") throw new CliFailure(`Could not read ${where}: it is empty.`);
  try {
    return JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text) as unknown;
  } catch {
    const isCut = !/[}\]]\s*$/.test(text);
    throw new CliFailure(
      `Could not read ${where}: it is not JSON${isCut ? "; it ends in the middle, as if it was not written to its end" : ""}.`,
    );
  }
}

/** Parsed JSON, or `undefined` when it is none. */
export function findJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Whether it is an object, and not a list. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
