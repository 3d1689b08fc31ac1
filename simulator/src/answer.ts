/** Answers as data, and Atlas's error body. */
import type { Refusal } from "./types.js";

export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

const REASONS: Readonly<Record<number, string>> = {
  400: "Bad Request",
  401: "Unauthorized",
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

/** An error as the contract's `ApiError` has it. */
export function toError({ status, errorCode }: Refusal, detail: string, parameters: readonly object[] = []): Answer {
  return { status, body: { error: status, errorCode, reason: REASONS[status] ?? "Error", detail, parameters } };
}

/** The 401 that Atlas really sends: without a code. */
export function toUnauthorized(headers: Readonly<Record<string, string>> = {}): Answer {
  const detail = "You are not authorized for this resource.";
  return { status: 401, body: { error: 401, reason: "Unauthorized", detail }, headers };
}

/** An error of the token endpoint. @see https://www.rfc-editor.org/rfc/rfc6749#section-5.2 */
export function toOauthError(status: number, error: string, description: string): Answer {
  return { status, body: { error, error_description: description } };
}
