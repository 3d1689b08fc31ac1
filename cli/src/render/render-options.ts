/** What the standard output of a run can show. */
import type { Environment } from "../environment.js";
import type { RenderOptions } from "./renderer.js";

/** Colours are for terminals, unless the environment says otherwise. @see https://no-color.org */
export function toRenderOptions({ stdout, env }: Pick<Environment, "stdout" | "env">): RenderOptions {
  if (!stdout.isTTY) return { hasColors: false };
  // Some terminals say 0.
  return { width: stdout.columns || 80, hasColors: !env.NO_COLOR && env.TERM !== "dumb" };
}
