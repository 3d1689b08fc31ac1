/**
 * What one creation and deletion showed of the service, and what that settles of the things that its public description
 * leaves open: plain data in, rows of docs/atlas-behaviour.md out.
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

/** One row of docs/atlas-behaviour.md: what is not documented, and what this account and this time have shown. */
export interface Learnt {
  readonly question: string;
  readonly learnt: string;
}

/** Says what is known now, in the words of that page; what was not seen has no row. */
export function toLearnt(observations: Observations, seen: readonly Seen[]): Learnt[] {
  const { created, isListedAtOnce, isShorteningShownAtOnce, worksAfterMs, isDeadAtOnce } = observations;
  const { lastUsedAtAfterMint, unknownAccount } = observations;
  const answered = seen.filter(({ status, call }) => status !== undefined && call !== "mint");
  const limits = toNames(answered.flatMap(({ limitHeaders }) => limitHeaders));
  const fields = toNames(answered.flatMap(({ unknownFields }) => unknownFields));
  const rows: readonly (readonly [question: string, learnt: string | undefined])[] = [
    ["How an unknown secret or account is answered", unknownAccount && `an account: ${toAnswer(unknownAccount)}`],
    ["When a new value works", toValueText(worksAfterMs)],
    ["Whether a new secret is listed at once", toYesOrNo(isListedAtOnce)],
    ["Whether the list of accounts holds their secrets", toYesOrNo(findListHoldsSecrets(answered))],
    ["When the shortened expiry of another secret shows", toAtOnce(isShorteningShownAtOnce)],
    ["Whether a mint sets `lastUsedAt`, and how late", lastUsedAtAfterMint && toAtOnce(lastUsedAtAfterMint === "set")],
    ["Whether an unused secret has `lastUsedAt: null` or none", created && PRESENCES[created.lastUsedAt]],
    ["Whether the answer to a creation holds the mask", toYesOrNo(created?.hasMask)],
    [
      "Whether answers hold fields that the description does not have",
      answered.length === 0 ? undefined : fields ? `yes: ${fields}` : "no",
    ],
    ["Whether a deleted secret still mints a token", toYesOrNo(isDeadAtOnce === undefined ? undefined : !isDeadAtOnce)],
    ["Which headers of a rate limit answers carry", answered.length === 0 ? undefined : limits || "none"],
  ];
  return rows.flatMap(([question, learnt]) => (learnt === undefined ? [] : [{ question, learnt }]));
}

const PRESENCES: Readonly<Record<Presence, string>> = { set: "a time", null: "null", absent: "none" };

function toYesOrNo(is: boolean | undefined): string | undefined {
  return is === undefined ? undefined : is ? "yes" : "no";
}

function toAtOnce(is: boolean | undefined): string | undefined {
  return is === undefined ? undefined : is ? "at once" : "not at once";
}

function toValueText(worksAfterMs: number | null | undefined): string | undefined {
  if (worksAfterMs === null) return "not within a minute of its creation";
  return worksAfterMs
    ? `about ${Math.ceil(worksAfterMs / 1000)} s after its creation`
    : toAtOnce(worksAfterMs === 0 || undefined);
}

/** A list of accounts without any secret settles nothing. */
function findListHoldsSecrets(answered: readonly Seen[]): boolean | undefined {
  const lists = answered.filter(({ call, status }) => call === "listAccounts" && status === 200);
  return lists.find(({ listHoldsSecrets }) => listHoldsSecrets !== undefined)?.listHoldsSecrets;
}

function toNames(names: readonly string[]): string {
  return [...new Set(names)].sort().join(", ");
}

function toAnswer({ status, errorCode }: Refused): string {
  return errorCode === undefined ? String(status) : `${status} ${errorCode}`;
}
