/** A secret that some other tool looks after, as its sources tell of it. Times are in milliseconds since the epoch. */
import { type ExistingSecret, readListed, readState, type StateReading } from "pulumi-atlas-secrets/records";

/** Who looks after it so far. */
export type Origin =
  | {
      readonly kind: "mongodbatlas";
      readonly urn: string;
      /** Name of the class in `@pulumi/mongodbatlas`. */
      readonly className: string;
      /** Whether the stack already forgets it without deleting it at Atlas. */
      readonly isRetained: boolean;
      /** Urn of a component that it belongs to. */
      readonly parent?: string;
      /** Name of the explicit provider that it uses. */
      readonly provider?: string;
    }
  | TerraformOrigin
  /** A service account's own resource, which goes on and deletes no single secret. */
  | { readonly kind: "listed" }
  | { readonly kind: "piped" };

/** A resource of Terraform or OpenTofu. */
export interface TerraformOrigin {
  readonly kind: "terraform";
  /** With its keys: `module.a.mongodbatlas_project_service_account_secret.s[0]`. */
  readonly address: string;
  /** Of its block, without keys, and how many instances that has. */
  readonly block: string;
  readonly instances: number;
  readonly command: "terraform" | "tofu";
  /** Release of the tool that wrote the state: 111 is 1.11. */
  readonly release: number;
}

/** What the sources tell; what they do not hold is asked of Atlas. */
export interface FoundSecret
  extends Omit<ExistingSecret, "value" | "createdAtMs" | "expiresAtMs" | "previous">,
    Partial<Pick<ExistingSecret, "value" | "createdAtMs" | "expiresAtMs">> {
  /** Name that the resource gets. */
  readonly name: string;
  readonly origin: Origin;
  /** Where it was found, for messages. */
  readonly what: string;
  /** What a person has to know of it. */
  readonly remarks?: readonly string[];
  /** The lifetime that the other tool asked for; absent when it is not known. */
  readonly secretExpiresAfterHours?: number;
  /** Ids of the other live secrets that Atlas shows on the account. */
  readonly besides?: readonly string[];
  readonly why?: never;
}

/** One that stays as it is, and why, with what to do: a sentence. */
export interface LeftOut {
  readonly name: string;
  readonly why: string;
}

/** What a source gives. */
export type Candidate = FoundSecret | LeftOut;

/** Whether it stays as it is. */
export function isLeftOut(candidate: Candidate): candidate is LeftOut {
  return candidate.why !== undefined;
}

/** How what a resource holds is named. */
interface Naming extends Pick<FoundSecret, "name" | "origin" | "what" | "remarks"> {
  /** What helps when it cannot be read. */
  readonly advice: string;
}

/** The secrets that a resource of `@pulumi/mongodbatlas` records: its own one, or those that a service account lists. */
export function toCandidates(resource: Parameters<typeof readState>[0], naming: Naming): Candidate[] {
  const [own] = readState(resource);
  if (own) return [toCandidate(own, naming)];
  return readListed(resource).map((reading, index) => {
    const what = `${naming.what}, secrets[${index}]`;
    const remarks = [`${what} is adopted, its account stays where it is: to destroy that deletes all its secrets.`];
    const listed = toCandidate(reading, {
      ...{ ...naming, what, remarks, origin: { kind: "listed" } },
      name: `${naming.name}-secrets-${index}`,
    });
    // Atlas tells the value of none but the account's initial one.
    return isLeftOut(listed) || !listed.value ? listed : { ...listed, name: `${naming.name}-initial` };
  });
}

function toCandidate(reading: StateReading, { advice, ...naming }: Naming): Candidate {
  const { name, what } = naming;
  if (reading.kind !== "manual") {
    return { name, why: `${what} cannot be adopted: ${reading.problems.join(", and ")} (${advice}).` };
  }
  const { value, ciphertext, ...told } = reading.record;
  const known = value ?? (ciphertext === undefined ? undefined : { ciphertext });
  return { ...reading.account, ...told, ...naming, ...(known && { value: known }) };
}
