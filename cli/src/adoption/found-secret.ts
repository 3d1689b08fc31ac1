/** A secret that some other tool looks after, as a source tells of it. Times are in milliseconds since the epoch. */
import type { ExistingSecret, StateReading } from "pulumi-atlas-secrets/records";
import { CliFailure } from "../failure.js";

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
  /** With its address in the state: `module.a.mongodbatlas_project_service_account_secret.s[0]`. */
  | { readonly kind: "terraform"; readonly address: string }
  | { readonly kind: "piped" };

/** What a source tells; what it does not hold is asked of Atlas. */
export interface FoundSecret
  extends Omit<ExistingSecret, "createdAtMs" | "expiresAtMs">,
    Partial<Pick<ExistingSecret, "createdAtMs" | "expiresAtMs">> {
  /** Name that the resource gets. */
  readonly name: string;
  readonly origin: Origin;
  /** The lifetime that the other tool asked for; absent when it is not known. */
  readonly secretExpiresAfterHours?: number;
}

/** How a found secret is named. */
interface Found extends Pick<FoundSecret, "name" | "origin"> {
  /** The resource and its source, for messages. */
  readonly what: string;
  /** What helps when it cannot be read. */
  readonly advice: string;
}

/**
 * The secret that a state records, for adoption.
 *
 * @throws CliFailure when it cannot be read, or its value is not there
 */
export function toFound(reading: StateReading, { name, origin, what, advice }: Found): FoundSecret {
  if (reading.kind !== "manual") {
    throw new CliFailure(`${what} cannot be adopted: ${reading.problems.join(", and ")} (${advice}).`);
  }
  const { account, record } = reading;
  const { value, ciphertext, secretId, createdAtMs, expiresAtMs, lastUsedAtMs, maskedSecretValue } = record;
  const { secretExpiresAfterHours } = record;
  const known = value ?? (ciphertext === undefined ? undefined : { ciphertext });
  if (!known)
    throw new CliFailure(`The value of ${what} is not there: adopt it by itself, its value piped in ('--piped').`);
  return {
    ...account,
    name,
    origin,
    secretId,
    value: known,
    ...(createdAtMs !== undefined && { createdAtMs }),
    ...(expiresAtMs !== undefined && { expiresAtMs }),
    ...(lastUsedAtMs !== undefined && { lastUsedAtMs }),
    ...(maskedSecretValue !== undefined && { maskedSecretValue }),
    ...(secretExpiresAfterHours !== undefined && { secretExpiresAfterHours }),
  };
}
