/**
 * What one creation and deletion showed of the service, and what that settles of the things that its public description
 * leaves open: plain data in, sentences out.
 */
import type { Presence, Seen } from "../doctor/watch.js";

/** What was seen. What is absent was not seen. */
export interface Observations {
  /** How the creation showed the secret. */
  readonly created?: { readonly hasMask: boolean; readonly lastUsedAt: Presence };
  /** Whether the first read after the creation showed the secret. */
  readonly isListedAtOnce?: boolean;
  /** Whether that read showed a shortened expiry of the other secret; absent when there was none to shorten. */
  readonly isShorteningShownAtOnce?: boolean;
  /** How long after the creation a token could be minted, in milliseconds; `null` when it could not at all. */
  readonly worksAfterMs?: number | null;
  /** How a read after that mint showed `lastUsedAt`. */
  readonly lastUsedAtAfterMint?: Presence;
  /** Whether a mint right after the deletion was refused. */
  readonly isDeadAtOnce?: boolean;
  readonly unknownAccount?: Refused;
}

/** What a request was answered that asks for what is not there. */
export interface Refused {
  readonly status: number;
  readonly errorCode?: string;
}

/** Says what is known now, a sentence for each thing. */
export function toKnowledge(observations: Observations, seen: readonly Seen[]): string[] {
  const { created, isListedAtOnce, isShorteningShownAtOnce, worksAfterMs, isDeadAtOnce } = observations;
  const { lastUsedAtAfterMint, unknownAccount } = observations;
  return [
    created && `'lastUsedAt' of a fresh secret is ${toWords(created.lastUsedAt)} in the answer to its creation.`,
    created && `the answer to a creation ${created.hasMask ? "holds" : "does not hold"} 'maskedSecretValue'.`,
    toValueSentence(worksAfterMs),
    isListedAtOnce !== undefined &&
      `a new secret is ${isListedAtOnce ? "" : "not "}listed by a read right after its creation.`,
    lastUsedAtAfterMint &&
      `a minted token ${lastUsedAtAfterMint === "set" ? "shows" : "does not show"} in 'lastUsedAt' right after.`,
    isShorteningShownAtOnce !== undefined &&
      `the shortened expiry of the other secret ${isShorteningShownAtOnce ? "shows" : "does not show"} right after a creation.`,
    isDeadAtOnce !== undefined &&
      `a deleted secret ${isDeadAtOnce ? "mints no token any more" : "still mints a token"} right after its deletion.`,
    unknownAccount && `a service account that does not exist is answered ${toAnswer(unknownAccount)}.`,
    ...toSeenSentences(seen),
  ].filter((sentence) => typeof sentence === "string");
}

function toValueSentence(worksAfterMs: number | null | undefined): string | undefined {
  if (worksAfterMs === undefined) return undefined;
  if (worksAfterMs === null) return "the value of a new secret does not work within a minute of its creation.";
  if (worksAfterMs === 0) return "the value of a new secret works at once.";
  return `the value of a new secret works about ${Math.ceil(worksAfterMs / 1000)} s after its creation, and not at once.`;
}

function toSeenSentences(seen: readonly Seen[]): (string | undefined)[] {
  const answered = seen.filter(({ status, call }) => status !== undefined && call !== "mint");
  if (answered.length === 0) return [];
  const limits = toNames(answered.flatMap(({ limitHeaders }) => limitHeaders));
  const unknown = toNames(answered.flatMap(({ unknownFields }) => unknownFields));
  const lists = answered.filter(({ call, status }) => call === "listAccounts" && status === 200);
  return [
    limits ? `answers carry the rate limit headers ${limits}.` : "answers carry no header of a rate limit.",
    unknown
      ? `answers hold fields that the description does not have: ${unknown}.`
      : "answers hold no field that the description does not have.",
    toListSentence(lists),
  ];
}

/** A list of accounts without any secret settles nothing. */
function toListSentence(lists: readonly Seen[]): string | undefined {
  const shown = lists.find(({ listHoldsSecrets }) => listHoldsSecrets !== undefined)?.listHoldsSecrets;
  return shown === undefined
    ? undefined
    : `a list of service accounts ${shown ? "holds" : "does not hold"} their 'secrets'.`;
}

function toNames(names: readonly string[]): string {
  return [...new Set(names)].sort().join(", ");
}

function toWords(presence: Presence): string {
  return { set: "a time", null: "null", absent: "absent" }[presence];
}

function toAnswer({ status, errorCode }: Refused): string {
  return errorCode === undefined ? String(status) : `${status} ${errorCode}`;
}
