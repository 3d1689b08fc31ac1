/** What the standard output of a run can show. */
import type { Surroundings } from "../surroundings.js";
import type { Canvas } from "./renderer.js";

/** Colours are for terminals, unless the environment says otherwise. @see https://no-color.org */
export function toCanvas({ stdout, env }: Pick<Surroundings, "stdout" | "env">): Canvas {
  if (!stdout.isTTY) return { hasColors: false };
  // Some terminals say 0.
  return { width: stdout.columns || 80, hasColors: !env.NO_COLOR && env.TERM !== "dumb" };
}
