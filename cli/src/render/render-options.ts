/** What the standard output of a run can show. */
import type { Environment } from "../environment.js";
import type { RenderOptions } from "./renderer.js";

/** Colors are for terminals, unless the environment says otherwise. @see https://no-color.org @see https://force-color.org */
export function toRenderOptions({ stdout, env }: Pick<Environment, "stdout" | "env">): RenderOptions {
  const isForced = Boolean(env.FORCE_COLOR) && env.FORCE_COLOR !== "0";
  const hasColors = !env.NO_COLOR && (isForced || (stdout.isTTY === true && env.TERM !== "dumb"));
  // Some terminals say 0.
  return { hasColors, ...(stdout.isTTY && { width: stdout.columns || 80 }) };
}
