/**
 * The inputs of a set: the accounts that it names, each with its own inputs over those of the set. What an account may have, and
 * what is wrong with it, is that of a rotating resource.
 */
import { toComparableClientId } from "../ids.js";
import { PROVIDER_KEY, type Properties, UNKNOWN_VALUE } from "../protocol.js";
import { redact } from "../redact.js";
import { type DesiredRotation, Unknown } from "../rotation/secret.js";
import { INPUTS, type ResourceKind } from "./description.js";
import {
  findInputProblems,
  findProblem,
  findUnknownNames,
  type InputProblem,
  type RotationInputValues,
  toDesiredRotation,
  toGiven,
  toRotationInputValues,
} from "./inputs.js";
import { toMap, toNumber } from "./secret-record.js";

/** An account's name: it stands in messages, outputs and audit records. */
const ACCOUNT_NAME = /^[A-Za-z0-9][\w.:/@ -]{0,99}$/;

/** An account as the program names it, with inputs that may be unknown in a preview. */
export interface DesiredAccount {
  readonly name: string;
  readonly inputs: DesiredRotation;
}

/** An account of a real run. */
export interface AccountValues {
  readonly name: string;
  readonly inputs: RotationInputValues;
}

/** The inputs that each account of a set has, complete but for defaults. `Unknown` when a preview does not know the accounts. */
export function listDeclared(
  kind: ResourceKind,
  given: Properties,
): readonly { readonly name: string; readonly given: Properties }[] | typeof Unknown {
  const { accounts, concurrency: _, [PROVIDER_KEY]: __, ...shared } = toGiven(given);
  if (accounts === UNKNOWN_VALUE) return Unknown;
  const unknown = toUnknownAccount(kind);
  return Object.entries(toMap(accounts) ?? {}).map(([name, own]) => ({
    name,
    given: { ...shared, ...(own === UNKNOWN_VALUE ? unknown : toGiven(toMap(own) ?? {})) },
  }));
}

/** Inputs of a preview. Total. */
export function toDesiredSet(kind: ResourceKind, inputs: Properties): readonly DesiredAccount[] | typeof Unknown {
  const declared = listDeclared(kind, inputs);
  if (declared === Unknown) return Unknown;
  return declared.map(({ name, given }) => ({ name, inputs: toDesiredRotation(given) }));
}

/**
 * Inputs of a real run.
 *
 * @throws AtlasSecretsError `inputs` when `check` has not accepted them
 */
export function toSetInputValues(
  kind: ResourceKind,
  inputs: Properties,
): { readonly accounts: readonly AccountValues[]; readonly concurrency: number } {
  const declared = listDeclared(kind, inputs);
  const accounts = declared === Unknown ? [{ name: "accounts", given: toUnknownAccount(kind) }] : declared;
  return {
    accounts: accounts.map(({ name, given }) => ({ name, inputs: toRotationInputValues(given) })),
    concurrency: toNumber(inputs.concurrency) ?? INPUTS.concurrency.default.value,
  };
}

/** Lists what is wrong with the inputs of a set: those of all accounts once, those of one account under its name. */
export function findSetProblems(kind: ResourceKind, given: Properties): InputProblem[] {
  const { accounts, concurrency, ...shared } = toGiven(given);
  const alone = { level: kind.level, isRotating: true } as const;
  const unknownNames = findUnknownNames(kind, shared);
  const named = Object.entries(shared).filter(([name]) =>
    unknownNames.every(({ property }) => property !== redact(name)),
  );
  const common = Object.fromEntries(named);
  const ofAll = findInputProblems(alone, { ...common, ...toUnknownAccount(kind) });
  const judged = new Set(ofAll.map(({ property }) => property));
  const entries = Object.entries(toMap(accounts) ?? {});
  const ofAccounts = entries.flatMap(([name, own]) => {
    // A value in the wrong place would be printed with every message.
    if (!ACCOUNT_NAME.test(name) || redact(name) !== name)
      return [{ property: "accounts", reason: `has the name ${redact(name)}, and ${NAME_RULE}` }];
    if (own === UNKNOWN_VALUE) return [];
    const inputs = toMap(own);
    if (!inputs) return [{ property: `accounts.${name}`, reason: "must be a map of inputs" }];
    return findInputProblems(alone, { ...common, ...toGiven(inputs) })
      .filter(({ property }) => property in inputs || !judged.has(property))
      .map(({ property, reason }) => ({ property: `accounts.${name}.${property}`, reason }));
  });
  return [
    ...findProblem("accounts", accounts),
    ...(concurrency === undefined ? [] : findProblem("concurrency", concurrency)),
    ...ofAll,
    ...unknownNames,
    ...ofAccounts,
    ...findShared(entries),
  ];
}

const NAME_RULE =
  "must have names of 1 to 100 letters, digits, spaces or any of _ . : / @ -, the first one a letter or digit";

/** Accounts that two names stand for: each needs both slots of its account. */
function findShared(entries: readonly (readonly [string, unknown])[]): InputProblem[] {
  const names = new Map<string, string>();
  return entries.flatMap(([name, own]) => {
    const { clientId } = toMap(own) ?? {};
    if (typeof clientId !== "string" || clientId === UNKNOWN_VALUE) return [];
    const key = toComparableClientId(clientId);
    const other = names.get(key);
    names.set(key, name);
    if (other === undefined) return [];
    return [{ property: `accounts.${name}`, reason: `is the service account of accounts.${other}: name it once` }];
  });
}

function toUnknownAccount({ level }: ResourceKind): Properties {
  return { [level === "project" ? "projectId" : "orgId"]: UNKNOWN_VALUE, clientId: UNKNOWN_VALUE };
}
