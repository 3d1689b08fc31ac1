/**
 * Refuses a program that declares an account exclusive for one resource, or rotates its secret, and declares a second resource
 * on it. `exclusive` lets an unknown live secret be deleted for its slot, and the engine tells a provider about resources one
 * at a time: the second resource's recorded secret would look unknown. A rotating resource needs both slots.
 */
import * as pulumi from "@pulumi/pulumi";
import { redact } from "../redact.js";

/** What a resource claims of its account. */
interface Claim {
  readonly isExclusive: boolean;
  readonly isRotating: boolean;
}

/** By client id, what the resources on the account claim, by name. */
type Claims = Map<string, Map<string, Claim>>;

/** By run of a program: the Automation API runs several in one process. */
const claimsOfRuns = new WeakMap<object, Claims>();

const NO_STACK = {};

/**
 * Notes that resource `name` uses an account, and returns the client id to register.
 *
 * @throws pulumi.RunError at once for plain arguments; with outputs, what is returned fails, and so does the registration
 */
export function claimAccount(
  name: string,
  clientId: pulumi.Input<string>,
  isExclusive: pulumi.Input<boolean>,
  isRotating = false,
): pulumi.Input<string> {
  const run = pulumi.runtime.getStackResource() ?? NO_STACK;
  const claims: Claims = claimsOfRuns.get(run) ?? new Map();
  claimsOfRuns.set(run, claims);
  const claim = (id: string, exclusive: boolean) => {
    addClaim(claims, name, id, { isExclusive: exclusive, isRotating });
    return id;
  };
  if (typeof clientId === "string" && typeof isExclusive === "boolean") return claim(clientId, isExclusive);
  return pulumi.all([clientId, isExclusive]).apply(([id, exclusive]) => claim(id, exclusive));
}

function addClaim(claims: Claims, name: string, clientId: string, claim: Claim): void {
  const claimants = claims.get(clientId) ?? new Map<string, Claim>();
  claims.set(clientId, claimants.set(name, claim));
  if (claimants.size === 1) return;
  const names = [...claimants.keys()].join(" and ");
  // It can be a value in the wrong place: nothing has checked it yet.
  const account = `Service account ${redact(clientId)}`;
  if ([...claimants.values()].some(({ isRotating }) => isRotating)) {
    throw new pulumi.RunError(
      `${account} has a rotating secret, which needs both slots of the account, but ${names} are both on it. ` +
        "Declare one of them, or give each its own account.",
    );
  }
  if (![...claimants.values()].some(({ isExclusive }) => isExclusive)) return;
  throw new pulumi.RunError(
    `${account} is called exclusive, but ${names} are both on it, and one could ` +
      "delete the other's secret. Declare one secret on it, or leave exclusive out.",
  );
}
