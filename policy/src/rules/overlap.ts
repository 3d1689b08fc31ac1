/** Keeps the overlap of a rotating resource possible after a remediation has changed its lifetime or its window. */
import { toDefaultWindowHours, Unknown } from "pulumi-atlas-secrets/rotation";
import { readNumber } from "../properties.js";

/** Shortens `overlapHours` so that the overlap of a rotation is over when the next one is due. Mutates `props`. */
export function shortenOverlap(props: Record<string, unknown>): void {
  const [overlap, lifetime] = ["overlapHours", "secretExpiresAfterHours"].map((name) => readNumber(props, name));
  if (typeof overlap !== "number" || typeof lifetime !== "number") return;
  const window = readNumber(props, "rotateBeforeExpiryHours") ?? toDefaultWindowHours(lifetime);
  if (window === Unknown) return;
  if (overlap > lifetime - window) props.overlapHours = lifetime - window;
}
