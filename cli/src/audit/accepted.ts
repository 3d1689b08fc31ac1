/** Findings that somebody accepted, with a reason and an end: shown as such, and not counted until then. */
import { parseIsoTime } from "pulumi-atlas-secrets/rotation";
import * as v from "valibot";
import { CliFailure } from "../failure.js";
import { parseJson } from "../sources/json.js";
import { FINDING_CODES } from "./codes.js";
import type { Finding } from "./finding.js";
import type { Names } from "./names.js";

const DAY_MS = 86_400_000;

const text = v.pipe(v.string(), v.trim(), v.minLength(1));

const acceptance = v.strictObject({
  code: v.picklist(FINDING_CODES),
  /** A stack, resource, account or secret by its name or id: what the finding is about. */
  about: text,
  reason: text,
  /** The last day, UTC. */
  until: v.pipe(
    v.string(),
    v.check((day) => toEndMs(day) !== undefined),
  ),
});

/** One fault of one thing that is accepted. */
export type Acceptance = v.InferOutput<typeof acceptance>;

/**
 * Parses the file of `--ignore`: a list of `{ "code", "about", "reason", "until" }`.
 *
 * @throws CliFailure when it is something else
 */
export function parseAccepted(json: string, where: string): readonly Acceptance[] {
  const parsed = v.safeParse(v.array(acceptance), parseJson(json, where));
  if (parsed.success) return parsed.output;
  const path = v.getDotPath(parsed.issues[0]);
  throw new CliFailure(
    `Could not read ${where}: ${path ? `entry ${path}` : "it"} is not as expected. Write a list of { "code": "never-used", ` +
      '"about": "NAME, CLIENT OR SECRET", "reason": "...", "until": "2026-12-31" }.',
  );
}

/** The entry by which a finding is accepted at `nowMs`. */
export function findAcceptance(
  { code, secretId, account, stacks, resources, accountName }: Finding & Names,
  all: readonly Acceptance[],
  nowMs: number,
): Acceptance | undefined {
  const names = [secretId, account?.clientId, accountName, ...stacks, ...resources];
  return all.find((one) => one.code === code && names.includes(one.about) && nowMs < Number(toEndMs(one.until)));
}

function toEndMs(day: string): number | undefined {
  const ms = /^\d{4}-\d{2}-\d{2}$/.test(day) ? parseIsoTime(`${day}T00:00:00Z`) : undefined;
  return ms === undefined ? undefined : ms + DAY_MS;
}
