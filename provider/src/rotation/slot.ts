/**
 * Decides where a new secret goes: an account holds two, and an expired one keeps its slot until it is deleted. Which one may
 * make room `removal.ts` says. Plain data in, verdict out.
 *
 * @see https://www.mongodb.com/docs/atlas/api/service-accounts-overview/
 */
import { toIsoTime } from "../clock.js";
import { type AccountView, describeSecret, isRecorded, type ViewedSecret } from "./account-view.js";
import { RemovalReason, SlotReason } from "./reasons.js";
import { decideRemoval, listWaysOut, type RemovalVerdict, type SlotPolicy } from "./removal.js";
import { EXPIRY_MARGIN_MS } from "./window.js";

/** How many secrets one service account holds at most, expired ones included. */
export const SLOTS_PER_ACCOUNT = 2;

/** Where a new secret goes. */
export type SlotVerdict =
  | { readonly action: "use-free"; readonly reason: typeof SlotReason.SlotFree }
  | {
      readonly action: "delete-first";
      readonly reason: RemovalReason;
      readonly secret: ViewedSecret;
      readonly message: string;
    }
  | { readonly action: "refuse"; readonly reason: typeof SlotReason.AccountFull; readonly message: string };

/** Whose slot is taken first. */
const PREFERENCE: readonly RemovalReason[] = [
  RemovalReason.Expired,
  RemovalReason.PreviousMayGo,
  RemovalReason.NamedInMayRemove,
  RemovalReason.Leftover,
];

/** Decides whether a slot is free, which secret may make room, or that the account is full. */
export function decideSlot(view: AccountView, policy: SlotPolicy, nowMs: number): SlotVerdict {
  const { secrets } = view;
  if (secrets.length < SLOTS_PER_ACCOUNT) return { action: "use-free", reason: SlotReason.SlotFree };
  const purpose = { kind: "slot", policy } as const;
  const judged = secrets.map((secret) => ({
    secret,
    verdict: decideRemoval({ secretId: secret.id, purpose, view, nowMs }),
  }));
  const [best] = judged
    .filter(({ verdict }) => verdict.action === "delete")
    .sort((a, b) => PREFERENCE.indexOf(a.verdict.reason) - PREFERENCE.indexOf(b.verdict.reason));
  if (best) return { ...best.verdict, action: "delete-first", secret: best.secret };
  return { action: "refuse", reason: SlotReason.AccountFull, message: toRefusal(judged, view, policy, nowMs) };
}

/** What helps when both holders are current ones of this stack. */
const ONE_BY_ONE =
  "both are this stack's own: undo the change, or make it with 'pulumi up --target', one resource after the other";

interface Judged {
  readonly secret: ViewedSecret;
  readonly verdict: RemovalVerdict;
}

function toRefusal(
  judged: readonly Judged[],
  view: AccountView,
  { reclaimExpired }: SlotPolicy,
  nowMs: number,
): string {
  const holders = judged.map(({ secret, verdict }) =>
    verdict.reason === RemovalReason.OwnCredential
      ? `${describeSecret(secret)}: ${verdict.message}`
      : `${describeSecret(secret)} ${verdict.message}.`,
  );
  // To wait for the end of a recorded one, or of the credential, would be to wait until what uses it fails; once it is over, not.
  const serverNowMs = nowMs + (view.serverAheadMs ?? 0);
  const [first] = judged
    .filter(({ secret }) => (reclaimExpired && !isRecorded(secret)) || secret.expiresAtMs <= serverNowMs)
    .filter(({ secret }) => !secret.mayBeCredential)
    .sort((a, b) => a.secret.expiresAtMs - b.secret.expiresAtMs);
  const ways = [
    ...new Set(judged.flatMap(({ secret, verdict }) => listWaysOut(secret, verdict, view))),
    ...(first ? [`${reclaimExpired ? "" : "set reclaimExpired: true, and "}${toWait(first.secret)}`] : []),
    ...(judged.every(({ secret }) => secret.role === "current" || secret.role === "to-be-replaced")
      ? [ONE_BY_ONE]
      : []),
  ];
  const out = ways.length > 0 ? ` Ways out: ${ways.map((way, index) => `(${index + 1}) ${way}`).join("; ")}.` : "";
  return `both slots are taken. ${holders.join(" ")}${out}`;
}

function toWait({ id, expiresAtMs }: ViewedSecret): string {
  return `wait until ${toIsoTime(expiresAtMs + EXPIRY_MARGIN_MS)}, when ${id} has been expired for 10 minutes`;
}
