/**
 * Reads what `pulumi preview --json` prints: which accounts the secrets of a program are on. Nothing else of it is kept.
 *
 * @see https://www.pulumi.com/docs/iac/cli/commands/pulumi_preview/
 */
import { readAccount } from "pulumi-atlas-secrets/records";
import { type AccountRef, findSecretType } from "pulumi-atlas-secrets/rotation";
import * as v from "valibot";
import { CliFailure } from "../failure.js";
import { parseJson } from "./json.js";
import { dropSecrets } from "./secret-marks.js";
import { findProviderName } from "./stack-export.js";
import { parseUrn } from "./urn.js";

/** The account of a secret. */
export interface PlannedAccount extends AccountRef {
  /** Name of the explicit provider that looks after it, with a credential of its own. */
  readonly provider?: string;
}

/** The secrets that a program declares. */
export interface PlannedSecrets {
  /** The account of each. */
  readonly accounts: readonly PlannedAccount[];
  /** Names of those whose account only the run itself will know. */
  readonly undetermined: readonly string[];
}

const newState = v.looseObject({
  urn: v.string(),
  type: v.string(),
  inputs: v.optional(v.record(v.string(), v.unknown())),
  provider: v.optional(v.string()),
});

/** Steps without a new state are of what leaves the stack. */
const preview = v.looseObject({ steps: v.nullish(v.array(v.looseObject({ newState: v.nullish(newState) }))) });

/**
 * Parses a preview.
 *
 * @param where names it, for messages
 * @throws CliFailure when it is something else
 */
export function parsePreview(text: string, where: string): PlannedSecrets {
  const parsed = v.safeParse(preview, dropSecrets(parseJson(text, where)));
  if (!parsed.success) throw new CliFailure(`Could not read ${where}: it is not what 'pulumi preview --json' prints.`);
  const states = (parsed.output.steps ?? []).flatMap((step) => step.newState ?? []);
  // A replacement has several steps for one resource.
  const byUrn = new Map(states.filter(({ type }) => findSecretType(type)).map((state) => [state.urn, state]));
  const accounts: PlannedAccount[] = [];
  const undetermined: string[] = [];
  for (const [urn, { inputs = {}, provider: reference }] of byUrn) {
    const [account, provider] = [readAccount(inputs), findProviderName(reference)];
    if (account) accounts.push({ ...account, ...(provider !== undefined && { provider }) });
    else undetermined.push(parseUrn(urn)?.name ?? urn);
  }
  return { accounts, undetermined };
}
