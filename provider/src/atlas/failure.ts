/**
 * Turns an answer that is not a success, or the lack of one, into the error that a user reads: pure, and built only from
 * redacted text. One sentence for what failed and on what, Atlas's own words, and what to do next (`advice.ts`).
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
import { type AdviceContext, findCause, toAdvice } from "./advice.js";
import { ENGINE_GONE } from "./engine-guard.js";
import { parseLimit } from "./limit.js";
import { OUT_OF_TIME } from "./pacing.js";
import { type Answer, CERTIFICATE_CAUSE, type NoAnswer, UNSAFE_URL } from "./transport.js";
import { type ErrorBody, parseErrorBody } from "./wire.js";

/** What a request was for. */
export interface Purpose extends AdviceContext {
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
}

/** The error for an answer outside 2xx, or for none. */
export function toAtlasError(outcome: Answer | NoAnswer, purpose: Purpose): AtlasError {
  if (outcome.kind === "no-answer") return toNoAnswerError(outcome, purpose);
  const body = parseErrorBody(outcome.body);
  const fault = toFault(outcome, body, purpose.known);
  const cause = findCause(fault);
  const message = `Could not ${purpose.what}: ${toSaying(outcome.status, body, fault, purpose.known)}`;
  const advice = toAdvice(cause, purpose, fault);
  if (purpose.unsupported !== undefined) {
    const asked = redact(purpose.unsupported, purpose.known);
    const why = `Could not ${purpose.what}: Atlas asked for ${asked}, which this provider does not support.`;
    return new RejectionError(`${why} ${UNSUPPORTED}`, fault);
  }
  // A 408 comes from something between us and Atlas, which may have passed the request on.
  const isRefusal = outcome.status >= 400 && outcome.status < 500 && outcome.status !== 408 && outcome.status !== 429;
  if (isRefusal && isForeign(outcome)) return new RejectionError(toForeignSaying(outcome, purpose), fault);
  if (cause === "credential") {
    return new AuthenticationError(purpose.isTrial ? message : `${message} ${advice}`, fault);
  }
  if (outcome.status === 429) return new RateLimitError(`${message} ${advice}`, fault);
  if (isRefusal) {
    return new RejectionError(`${message} ${advice}`, fault);
  }
  return new ConnectionError(`${message} ${advice}${toDoubt(purpose.isWrite)}`, fault, purpose.isWrite);
}

const UNSUPPORTED =
  "Use a service account instead of the API key, or check baseUrl and whether a proxy changes answers.";

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

/** Why there is no answer, in words. */
function describeNoAnswer(cause: string, { origin, command = "pulumi up" }: Purpose): string {
  if (CERTIFICATE_CAUSE.test(cause)) {
    return (
      `a certificate on the way to ${origin} was not accepted (${cause}), so it was not sent. If your organization has a certificate ` +
      "authority of its own, name its file in NODE_EXTRA_CA_CERTS (Node does not read SSL_CERT_FILE or SSL_CERT_DIR); if not, check " +
      `baseUrl and this machine's clock. Then run '${command}' again.`
    );
  }
  switch (cause) {
    case OUT_OF_TIME:
      return `Atlas's rate limit asks to wait longer than an operation may take, so it was not sent. Run '${command}' again later.`;
    case ENGINE_GONE:
      return "the Pulumi engine that asked for it has ended, so it was not sent.";
    case UNSAFE_URL:
      return "baseUrl is neither https nor a server on this machine, or it holds a user name, so it was not sent. Correct baseUrl.";
    default:
      return `no answer from ${origin} (${cause}). Check the network, the proxy variables and baseUrl, then run '${command}' again.`;
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
  const fields = body.fields?.length ? ` (${redact(body.fields.join("; "), known)})` : "";
  const text = fault.detail ?? (body.reason && redact(body.reason, known));
  const saying = `Atlas answered ${status}${fault.errorCode ? ` ${fault.errorCode}` : ""}${text ? `: ${text}` : ""}${fields}`;
  return saying.endsWith(".") ? saying : `${saying}.`;
}

function toFault(answer: Answer, body: ErrorBody, known: readonly Sensitive[]): AtlasFault {
  const { waitMs } = parseLimit(answer);
  const code = body.errorCode ?? body.oauthError;
  return {
    status: answer.status,
    ...(code && { errorCode: redact(code, known) }),
    ...(body.detail && { detail: redact(body.detail, known) }),
    ...(waitMs !== undefined && { retryAfterSeconds: Math.ceil(waitMs / 1000) }),
  };
}
