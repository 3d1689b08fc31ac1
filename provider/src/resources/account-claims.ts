/**
 * Refuses a program that declares an account exclusive for one resource and declares a second one on it. `exclusive` lets an
 * unknown live secret be deleted for its slot, and the engine tells a provider about resources one at a time: the second
 * resource's recorded secret would look unknown.
 */
import * as pulumi from "@pulumi/pulumi";

/** Names of the resources on an account, and which of them calls it exclusive. */
type Claims = Map<string, Map<string, boolean>>;

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
): pulumi.Input<string> {
  const run = pulumi.runtime.getStackResource() ?? NO_STACK;
  const claims: Claims = claimsOfRuns.get(run) ?? new Map();
  claimsOfRuns.set(run, claims);
  const claim = (id: string, exclusive: boolean) => {
    addClaim(claims, name, id, exclusive);
    return id;
  };
  if (typeof clientId === "string" && typeof isExclusive === "boolean") return claim(clientId, isExclusive);
  return pulumi.all([clientId, isExclusive]).apply(([id, exclusive]) => claim(id, exclusive));
}

function addClaim(claims: Claims, name: string, clientId: string, isExclusive: boolean): void {
  const claimants = claims.get(clientId) ?? new Map<string, boolean>();
  claims.set(clientId, claimants.set(name, isExclusive));
  if (claimants.size === 1 || ![...claimants.values()].includes(true)) return;
  throw new pulumi.RunError(
    `Service account ${clientId} is called exclusive, but ${[...claimants.keys()].join(" and ")} are both on it, and one could ` +
      "delete the other's secret. Declare one secret on it, or leave exclusive out.",
  );
}
