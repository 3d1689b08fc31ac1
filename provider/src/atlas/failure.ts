/**
 * Turns an answer that is not a success, or the lack of one, into the error that a user reads: pure, and built only from
 * redacted text. One sentence for what failed and on what, Atlas's own words, and what to do next.
 */
import {
  type AtlasError,
  type AtlasFault,
  AuthenticationError,
  ConnectionError,
  RateLimitError,
  RejectionError,
} from "../errors.js";
import { redact } from "../redact.js";
import type { Sensitive } from "../sensitive.js";
import { ENGINE_GONE } from "./engine-guard.js";
import { parseLimit } from "./limit.js";
import { OUT_OF_TIME } from "./pacing.js";
import { type Answer, CERTIFICATE_CAUSE, type NoAnswer, UNSAFE_URL } from "./transport.js";
import type { AccountRef } from "./types.js";
import { type ErrorBody, parseErrorBody } from "./wire.js";

type Level = AccountRef["level"];

/** What a request was for. */
export interface Purpose {
  /** What is done and on what, to follow 'could not': `create a secret for service account ...`. */
  readonly what: string;
  /** Whether the request changes something on the server, so that a lost response matters. */
  readonly isWrite: boolean;
  /** Scheme and host that were asked. */
  readonly origin: string;
  /** Values that a message must not hold even if the server echoes them. */
  readonly known: readonly Sensitive[];
  /** Whether the request was signed with another credential than the provider's own, so that a 401 says nothing of that. */
  readonly isTrial?: boolean;
  /** What the server asked for that the credential cannot give, to follow 'asked for'. */
  readonly unsupported?: string | undefined;
  /** The command to run again; default `pulumi up`. */
  readonly command?: string;
  /** Whose service accounts it was about; absent when it was about a token. */
  readonly level?: Level;
}

/** The error for an answer outside 2xx, or for none. */
export function toAtlasError(outcome: Answer | NoAnswer, purpose: Purpose): AtlasError {
  if (outcome.kind === "no-answer") return toNoAnswerError(outcome, purpose);
  const body = parseErrorBody(outcome.body);
  const fault = toFault(outcome, body, purpose.known);
  const { status } = outcome;
  const advices = toAdvices(purpose, fault);
  const message = `Could not ${purpose.what}: ${toSaying(status, body, fault, purpose.known)}`;
  if (purpose.unsupported !== undefined) {
    const asked = redact(purpose.unsupported, purpose.known);
    const why = `Could not ${purpose.what}: Atlas asked for ${asked}, which this provider does not support.`;
    return new RejectionError(`${why} ${advices.unsupported}`, fault);
  }
  // A 408 comes from something between us and Atlas, which may have passed the request on.
  const isRefusal = status >= 400 && status < 500 && status !== 408 && status !== 429;
  if (isRefusal && isForeign(outcome)) return new RejectionError(toForeignSaying(outcome, purpose), fault);
  if (isRoleMissing(outcome)) return new RejectionError(`${message} ${advices[403]}`, fault);
  if (status === 401 || body.oauthError === "invalid_client") {
    return new AuthenticationError(purpose.isTrial ? message : `${message} ${advices.authentication}`, fault);
  }
  if (status === 429) return new RateLimitError(`${message} ${advices.wait}`, fault);
  if (isRefusal) {
    const advice = advices[status as keyof typeof advices] ?? advices.rejected;
    return new RejectionError(`${message} ${advice}`, fault);
  }
  const advice = status >= 300 && status < 400 ? advices.redirect : status === 503 ? advices.wait : advices.server;
  return new ConnectionError(`${message} ${advice}${toDoubt(purpose.isWrite)}`, fault, purpose.isWrite);
}

/** Codes of a 401 that is not about the credential itself. @see https://www.mongodb.com/docs/atlas/reference/api-errors/ */
const ROLE_CODES = new Set([
  "API_KEY_ACCESS_LIST_ACCESS_DENIED",
  "NOT_IN_GROUP",
  "NOT_ORG_GROUP_CREATOR",
  "NOT_ORG_OWNER",
  "USER_CANNOT_ACCESS_GROUP",
  "USER_CANNOT_ACCESS_ORG",
  "USER_UNAUTHORIZED",
]);

/** Whether a 401 says that a role is missing: the credential was accepted, and another token would not help. */
export function isRoleMissing({ status, body }: Answer): boolean {
  return status === 401 && ROLE_CODES.has(parseErrorBody(body).errorCode ?? "");
}

/** The error for a 2xx answer that cannot be read. */
export function toUnreadableError(answer: Answer, purpose: Purpose): AtlasError {
  const message = `${toForeignSaying(answer, purpose)}${toDoubt(purpose.isWrite)}`;
  return new ConnectionError(message, { status: answer.status }, purpose.isWrite);
}

const ELSEWHERE = "Check baseUrl, and whether a proxy changes answers.";

/** Whether a refusal is somebody else's: Atlas's own are an object of JSON, or empty. */
function isForeign({ body }: Answer): boolean {
  return /^\s*[^{\s]/.test(body);
}

function toForeignSaying({ status }: Answer, { what, origin }: Purpose): string {
  return `Could not ${what}: ${origin} answered ${status} with a body that is not what its API describes. ${ELSEWHERE}`;
}

/** The roles and ids to check. */
const BY_LEVEL = {
  project: {
    403: "Check the role of the provider's credential (Project Owner to create or delete, Project Read Only to read) and its IP access list.",
    404: "Check projectId and clientId, and that the service account is assigned to the project.",
  },
  organization: {
    403: "Check the role of the provider's credential (Organization Owner to create or delete, Organization Read Only to read) and its IP access list.",
    404: "Check orgId and clientId, and that the service account is one of the organization.",
  },
} as const satisfies Record<Level, object>;

/** What to do next, by status where one has its own. */
function toAdvices({ command = "pulumi up", level }: Purpose, { retryAfterSeconds }: AtlasFault = {}) {
  const wait = retryAfterSeconds === undefined ? "a minute" : `${retryAfterSeconds} s`;
  return {
    authentication:
      "Check the credential that the provider is configured with (see README, Settings): it may be wrong, expired or deleted.",
    unsupported: "Use a service account instead of the API key, or check baseUrl and whether a proxy changes answers.",
    rejected: `Correct the inputs, then run '${command}' again.`,
    redirect: "Redirects are not followed: check baseUrl.",
    server: `Run '${command}' again; if it persists, see https://status.mongodb.com.`,
    wait: `Atlas asks to wait: run '${command}' again after ${wait}.`,
    network: `Check the network, the proxy variables and baseUrl, then run '${command}' again.`,
    certificate: `If your organization has a certificate authority of its own, name its file in NODE_EXTRA_CA_CERTS (Node does not read SSL_CERT_FILE or SSL_CERT_DIR); if not, check baseUrl and this machine's clock. Then run '${command}' again.`,
    later: `Run '${command}' again later.`,
    ...BY_LEVEL[level ?? "project"],
    ...(level === undefined && { 404: ELSEWHERE }),
    409: `Another operation was under way on this service account: run '${command}' again when it is over.`,
  } as const;
}

/** Why there is no answer, in words. */
function describeNoAnswer(cause: string, purpose: Purpose): string {
  const advices = toAdvices(purpose);
  if (CERTIFICATE_CAUSE.test(cause)) {
    return `a certificate on the way to ${purpose.origin} was not accepted (${cause}), so it was not sent. ${advices.certificate}`;
  }
  switch (cause) {
    case OUT_OF_TIME:
      return `Atlas's rate limit asks to wait longer than an operation may take, so it was not sent. ${advices.later}`;
    case ENGINE_GONE:
      return "the Pulumi engine that asked for it has ended, so it was not sent.";
    case UNSAFE_URL:
      return "baseUrl is neither https nor a server on this machine, or it holds a user name, so it was not sent. Correct baseUrl.";
    default:
      return `no answer from ${purpose.origin} (${cause}). ${advices.network}`;
  }
}

function toNoAnswerError({ cause, mayHaveBeenApplied }: NoAnswer, purpose: Purpose): ConnectionError {
  const isInDoubt = mayHaveBeenApplied && purpose.isWrite;
  const message = `Could not ${purpose.what}: ${describeNoAnswer(cause, purpose)}${toDoubt(isInDoubt)}`;
  return new ConnectionError(message, { noAnswer: cause }, isInDoubt);
}

function toDoubt(isInDoubt: boolean): string {
  return isInDoubt ? " Atlas may have carried it out all the same." : "";
}

function toSaying(status: number, body: ErrorBody, fault: AtlasFault, known: readonly Sensitive[]): string {
  const code = fault.errorCode ?? (body.oauthError && redact(body.oauthError, known));
  const fields = body.fields?.length ? ` (${redact(body.fields.join("; "), known)})` : "";
  const text = fault.detail ?? (body.reason && redact(body.reason, known));
  const saying = `Atlas answered ${status}${code ? ` ${code}` : ""}${text ? `: ${text}` : ""}${fields}`;
  return saying.endsWith(".") ? saying : `${saying}.`;
}

function toFault(answer: Answer, body: ErrorBody, known: readonly Sensitive[]): AtlasFault {
  const { waitMs } = parseLimit(answer);
  return {
    status: answer.status,
    ...(body.errorCode && { errorCode: redact(body.errorCode, known) }),
    ...(body.detail && { detail: redact(body.detail, known) }),
    ...(waitMs !== undefined && { retryAfterSeconds: Math.ceil(waitMs / 1000) }),
  };
}
