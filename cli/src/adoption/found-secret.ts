/** A secret that some other tool looks after, as a source tells of it. Times are in milliseconds since the epoch. */
import type { ExistingSecret } from "pulumi-atlas-secrets/records";
import { parseIsoTime } from "pulumi-atlas-secrets/rotation";

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

/** The times that a source holds; one that it does not hold, or not as a time, is absent. */
export function toTimes(
  createdAt: unknown,
  expiresAt: unknown,
  lastUsedAt: unknown,
): Pick<FoundSecret, "createdAtMs" | "expiresAtMs" | "lastUsedAtMs"> {
  const [createdAtMs, expiresAtMs, lastUsedAtMs] = [createdAt, expiresAt, lastUsedAt].map(parseIsoTime);
  return {
    ...(createdAtMs !== undefined && { createdAtMs }),
    ...(expiresAtMs !== undefined && { expiresAtMs }),
    ...(lastUsedAtMs !== undefined && { lastUsedAtMs }),
  };
}
