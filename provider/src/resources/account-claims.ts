/**
 * Refuses a program that declares an account exclusive for one resource, or rotates its secret, and declares a second resource
 * on it. `exclusive` lets an untracked live secret be deleted for its slot, and the engine tells a provider about resources one
 * at a time: the second resource's recorded secret would look untracked. A rotating resource needs both slots.
 */
import * as pulumi from "@pulumi/pulumi";
import { toComparableClientId } from "../ids.js";
import { redact } from "../redact.js";

/** The resource that claims an account. Type, parent and name together tell it from all others, as in its URN. */
export interface Claimant {
  readonly className: string;
  readonly name: string;
  readonly parent: pulumi.Resource | undefined;
  readonly isRotating: boolean;
}

interface Claim extends Claimant {
  readonly isExclusive: boolean;
}

/** By client id, what is claimed. */
type Claims = Map<string, readonly Claim[]>;

/** By run of a program: the Automation API runs several in one process, and each test with mocks is a run of its own. */
const claimsOfRuns = new WeakMap<object, Claims>();

const NO_RUN = {};

/**
 * Notes that a resource uses an account, and returns the client id to register.
 *
 * @throws pulumi.RunError at once for plain arguments; with outputs, what is returned fails, and so does the registration
 */
export function claimAccount(
  claimant: Claimant,
  clientId: pulumi.Input<string>,
  isExclusive: pulumi.Input<boolean>,
): pulumi.Input<string> {
  // With mocks there is no stack; `setMocks` makes a monitor each time.
  const run = pulumi.runtime.getStackResource() ?? pulumi.runtime.getMonitor() ?? NO_RUN;
  const claims: Claims = claimsOfRuns.get(run) ?? new Map();
  claimsOfRuns.set(run, claims);
  const claim = (id: string, exclusive: boolean) => {
    addClaim(claims, id, { ...claimant, isExclusive: exclusive });
    return id;
  };
  if (typeof clientId === "string" && typeof isExclusive === "boolean") return claim(clientId, isExclusive);
  return pulumi.all([clientId, isExclusive]).apply(([id, exclusive]) => claim(id, exclusive));
}

/** An account of a set, as far as it is claimed. */
interface ClaimedAccount {
  readonly clientId: pulumi.Input<string>;
  readonly exclusive?: pulumi.Input<boolean>;
}

/** Notes that a set uses its accounts: at once those that are given plainly, the others when they are known. */
export function claimAccounts(
  claimant: Claimant,
  accounts: pulumi.Input<Readonly<Record<string, pulumi.Input<ClaimedAccount>>>>,
  isExclusive: pulumi.Input<boolean>,
): unknown {
  const claim = (account: unknown) => {
    const given = account as ClaimedAccount;
    return { ...given, clientId: claimAccount(claimant, given.clientId, given.exclusive ?? isExclusive) };
  };
  const claimEach = (all: unknown) => {
    const entries = Object.entries(all as object).map(([key, account]) => [key, whenKnown(account, claim)]);
    return Object.fromEntries(entries) as unknown;
  };
  return whenKnown(accounts, claimEach);
}

/** What an output gives holds no outputs any more. */
function whenKnown(input: unknown, change: (known: unknown) => unknown): unknown {
  const isLater = pulumi.Output.isInstance(input) || input instanceof Promise;
  return isLater ? pulumi.output(input).apply(change) : change(input);
}

function addClaim(claims: Claims, clientId: string, claim: Claim): void {
  const account = toComparableClientId(clientId);
  const others = (claims.get(account) ?? []).filter((other) => !isSame(other, claim));
  const all = [...others, claim];
  claims.set(account, all);
  if (others.length === 0) return;
  const names = all.map(({ className, name }) => `${className} ${name}`).join(" and ");
  // It can be a value in the wrong place: nothing has checked it yet.
  const what = `Service account ${redact(clientId)}`;
  if (all.some(({ isRotating }) => isRotating)) {
    throw new pulumi.RunError(
      `${what} has a rotating secret, which needs both slots of the account, but ${names} are both on it. ` +
        "Declare one of them, or give each its own account.",
    );
  }
  if (!all.some(({ isExclusive }) => isExclusive)) return;
  throw new pulumi.RunError(
    `${what} is called exclusive, but ${names} are both on it, and one could ` +
      "delete the other's secret. Declare one secret on it, or leave exclusive out.",
  );
}

function isSame(one: Claim, other: Claim): boolean {
  return one.className === other.className && one.name === other.name && one.parent === other.parent;
}
