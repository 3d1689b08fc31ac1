/** How an answer goes over the wire: envelope, text, and the headers that tell of its content. */
import type { Answer } from "./answer.js";
import { MEDIA_TYPE } from "./contract-rules.js";
import type { ApiRequest, Route } from "./request.js";

/** An answer, and whether its text is indented. */
interface WireAnswer extends Answer {
  readonly isPretty?: boolean;
}

/** Wraps an answer as `envelope=true` asks for: the status moves into the body. */
export function toEnveloped(answer: Answer, { query, path }: ApiRequest): WireAnswer {
  if (!path.startsWith("/api/atlas/")) return answer;
  const isPretty = query.get("pretty") === "true";
  if (query.get("envelope") !== "true") return { ...answer, isPretty };
  // "Endpoints that return a list of results use the results object as an envelope."
  const isList = typeof answer.body === "object" && answer.body !== null && "results" in answer.body;
  const body = isList
    ? { status: answer.status, ...answer.body }
    : { status: answer.status, content: answer.body ?? {} };
  return { ...answer, status: 200, body, isPretty };
}

/** The body as it is sent. */
export function toText({ body, isPretty }: WireAnswer): string {
  if (body === undefined) return "";
  return typeof body === "string" ? body : JSON.stringify(body, undefined, isPretty ? 2 : undefined);
}

/** Length and type. A 204 has a type without a body; tokens are not to be stored. */
export function toContentHeaders(status: number, body: string, { operation }: Route): Record<string, string> {
  const isOauth = operation === "mint" || operation === "revoke";
  const type = status < 300 && !isOauth ? `${MEDIA_TYPE};charset=utf-8` : "application/json";
  return {
    ...(status !== 204 && { "content-length": String(Buffer.byteLength(body)) }),
    ...((body !== "" || status === 204) && { "content-type": type }),
    // https://www.rfc-editor.org/rfc/rfc6749#section-5.1
    ...(isOauth && { "cache-control": "no-store", pragma: "no-cache" }),
  };
}
