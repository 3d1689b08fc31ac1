/** Types of the API that the decisions work on: plain data, imports nothing, so that any module may import it. */

/** A secret as Atlas lists it: everything but its value. */
export interface HeldSecret {
  readonly id: string;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
  readonly lastUsedAtMs?: number;
  readonly maskedSecretValue?: string;
}

/** A service account, and the project or organization that it is asked for in. */
export interface AccountRef {
  readonly level: "project" | "organization";
  /** Id of the project or organization, 24 hex digits. */
  readonly ownerId: string;
  readonly clientId: string;
}
