/**
 * What a user sees when something fails. One base class with a literal `code`; a subclass only where a caller acts
 * differently. Messages are built from redacted parts: no request, header, body or configuration is ever attached.
 */

/** Which failure it is: stable, for programs. Two copies of the package agree on it, unlike on `instanceof`. */
export type AtlasSecretsErrorCode =
  | "settings"
  | "inputs"
  | "authentication"
  | "rejected"
  | "rate-limit"
  | "connection"
  | "account-full"
  | "configured-credential"
  | "partial"
  | "adoption"
  | "state";

/** Base of all errors of this package. `message` is one text that stands alone; it never holds a secret value. */
export class AtlasSecretsError extends Error {
  /** Which failure it is, for programs. */
  readonly code: AtlasSecretsErrorCode;

  constructor(code: AtlasSecretsErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }

  /** A copy of the same class with the same fields and a longer message; its `cause` is this one. */
  withMore(more: string): this {
    const copy: this = Reflect.construct(Error, [`${this.message} ${more}`, { cause: this }], this.constructor);
    return Object.assign(copy, this);
  }
}

/** The settings cannot be used. Thrown before any request, with all problems at once. */
export class SettingsError extends AtlasSecretsError {
  /** One sentence for each problem. */
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super("settings", `The Atlas provider is not configured: ${problems.join(" ")}`);
    this.problems = problems;
  }
}

/** What Atlas said, as received but redacted. Fields that it did not send are absent. */
export interface AtlasFault {
  /** The HTTP status. */
  readonly status?: number;
  /** Atlas's name of the fault, such as `DATA_CONCURRENCY_ERROR`. */
  readonly errorCode?: string;
  /** What Atlas says of it, in a sentence. */
  readonly detail?: string;
  /** Seconds to wait before the next request, as the server told. */
  readonly retryAfterSeconds?: number;
  /** Why there was no answer, as Node names it (`ECONNREFUSED`, ...) or as the transport does (`timeout`, ...). */
  readonly noAnswer?: string;
}

/** Atlas answered with an error, or did not answer. */
export class AtlasError extends AtlasSecretsError implements AtlasFault {
  readonly status?: number;
  readonly errorCode?: string;
  readonly detail?: string;
  readonly retryAfterSeconds?: number;
  readonly noAnswer?: string;

  constructor(code: AtlasSecretsErrorCode, message: string, fault: AtlasFault) {
    super(code, message);
    if (fault.status !== undefined) this.status = fault.status;
    if (fault.errorCode !== undefined) this.errorCode = fault.errorCode;
    if (fault.detail !== undefined) this.detail = fault.detail;
    if (fault.retryAfterSeconds !== undefined) this.retryAfterSeconds = fault.retryAfterSeconds;
    if (fault.noAnswer !== undefined) this.noAnswer = fault.noAnswer;
  }
}

/** The provider's own credential was not accepted (401, or a token mint refused). Nothing was changed. */
export class AuthenticationError extends AtlasError {
  constructor(message: string, fault: AtlasFault) {
    super("authentication", message, fault);
  }
}

/** Atlas refused the request for good (another 4xx). Nothing was changed. */
export class RejectionError extends AtlasError {
  constructor(message: string, fault: AtlasFault) {
    super("rejected", message, fault);
  }
}

/** Atlas asked to wait (429). Nothing was changed. */
export class RateLimitError extends AtlasError {
  constructor(message: string, fault: AtlasFault) {
    super("rate-limit", message, fault);
  }
}

/** No usable answer: no connection, a time-out, a cut or malformed answer, or a 5xx. `status` is absent without an answer. */
export class ConnectionError extends AtlasError {
  /** Whether the server may have done what was asked. */
  readonly mayHaveBeenApplied: boolean;

  constructor(message: string, fault: AtlasFault, mayHaveBeenApplied: boolean) {
    super("connection", message, fault);
    this.mayHaveBeenApplied = mayHaveBeenApplied;
  }
}

/** Both slots of the account are taken by secrets that may not be removed. Nothing was asked of Atlas. */
export class AccountFullError extends AtlasSecretsError {
  /** Ids of the secrets that hold the slots. */
  readonly holders: readonly string[];

  constructor(message: string, holders: readonly string[]) {
    super("account-full", message);
    this.holders = holders;
  }
}

/** The secret to delete is, or may be, the credential that the provider itself uses. Nothing was deleted. */
export class ConfiguredCredentialError extends AtlasSecretsError {
  constructor(message: string) {
    super("configured-credential", message);
  }
}

/**
 * The resource exists and is recorded, but is not as asked. The engine stores `properties` under `id`, shows `reasons` and
 * runs `update` at the next `pulumi up`.
 *
 * @see https://www.pulumi.com/docs/iac/concepts/providers/dynamic-providers/
 */
export class PartialFailure extends AtlasSecretsError {
  /** The resource's id. */
  readonly id: string;
  /** Why, one sentence each; what the user sees. */
  readonly reasons: readonly string[];
  readonly #properties: Readonly<Record<string, unknown>>;

  constructor(
    id: string,
    properties: Readonly<Record<string, unknown>>,
    reasons: readonly string[],
    options?: ErrorOptions,
  ) {
    super("partial", reasons.join(" "), options);
    this.id = id;
    this.reasons = reasons;
    this.#properties = properties;
  }

  /** Outputs to store. No property of the error itself: they hold the secret, and an inspected error must not show it. */
  get properties(): Readonly<Record<string, unknown>> {
    return this.#properties;
  }

  /** The user sees the reasons, so that it becomes one of them. */
  override withMore(more: string): this {
    const reasons = [...this.reasons, more];
    return Reflect.construct(PartialFailure, [this.id, this.#properties, reasons, { cause: this }], this.constructor);
  }
}

/**
 * An error of this package with what only its caller knows added; any other one as it is. It is a copy: several operations
 * can share one failure, as that of a token which all wait for, and none may read what another one adds.
 */
export function explain(error: unknown, more: string): unknown {
  return error instanceof AtlasSecretsError ? error.withMore(more) : error;
}

/** Whether `error` is one of this package's errors with the given code. */
export function hasCode(error: unknown, code: AtlasSecretsErrorCode): boolean {
  return error instanceof Error && (error as { code?: unknown }).code === code;
}
