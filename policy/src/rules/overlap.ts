/** Keeps the overlap of a rotating resource possible after a remediation has changed its lifetime or its window. */
import { readNumber } from "../properties.js";

/** Shortens `overlapHours` so that the overlap of a rotation is over when the next one is due. Mutates `props`. */
export function shortenOverlap(props: Record<string, unknown>): void {
  const [overlap, lifetime, window] = ["overlapHours", "secretExpiresAfterHours", "rotateBeforeExpiryHours"].map(
    (name) => readNumber(props, name),
  );
  if (typeof overlap !== "number" || typeof lifetime !== "number" || typeof window !== "number") return;
  if (overlap > lifetime - window) props.overlapHours = lifetime - window;
}
