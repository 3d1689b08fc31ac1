/**
 * Answers as data, and the form of Atlas's errors, as in answers that were recorded from it.
 *
 * @see https://github.com/mongodb/mongodb-atlas-cli, the `.snaphost` files below test/e2e
 */
import type { Refusal } from "./types.js";

export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

const REASONS: Readonly<Record<number, string>> = {
  400: "Bad Request",
  401: "Unauthorized",
  402: "Payment Required",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  406: "Not Acceptable",
  409: "Conflict",
  410: "Gone",
  415: "Unsupported Media Type",
  429: "Too Many Requests",
  500: "Internal Server Error",
  503: "Service Unavailable",
};

/** An error as the contract's `ApiError` has it, but for its parameters: they are texts and numbers. A header repeats its code. */
export function toError({ status, errorCode }: Refusal, detail: string, parameters: readonly unknown[] = []): Answer {
  const body = { error: status, errorCode, reason: REASONS[status] ?? "Error", detail, parameters };
  return { status, body, headers: { "x-error-code": errorCode } };
}

/**
 * The 401 for a credential that is not accepted: without a code, or with one that says nothing when it asks for a digest. No
 * header repeats it.
 *
 * @see https://github.com/mongodb/mongodb-atlas-cli, test/e2e, TestSetupFailureFlow; before there was a code:
 *   https://github.com/mongodb/terraform-provider-mongodbatlas/issues/1327
 */
export function toUnauthorized(challenge?: string): Answer {
  const body = { error: 401, reason: "Unauthorized", detail: "You are not authorized for this resource." };
  if (challenge === undefined) return { status: 401, body };
  return { status: 401, body: { ...body, errorCode: "UNEXPECTED_ERROR" }, headers: { "www-authenticate": challenge } };
}

/** The same answer with more headers. Its own win. */
export function withHeaders(answer: Answer, headers: Readonly<Record<string, string>>): Answer {
  return { ...answer, headers: { ...headers, ...answer.headers } };
}

/** An error of the token endpoint. @see https://www.rfc-editor.org/rfc/rfc6749#section-5.2 */
export function toOauthError(status: number, error: string, description: string): Answer {
  return { status, body: { error, error_description: description } };
}
