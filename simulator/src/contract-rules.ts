/**
 * What a request must look like by the API description: media types, query parameters, ids, body. A request outside it is
 * refused and counted, so that a client cannot pass its tests on a server that is kinder than Atlas.
 *
 * @see https://www.mongodb.com/docs/api/doc/atlas-admin-api-v2/group/endpoint-service-accounts
 * @see https://www.mongodb.com/docs/atlas/api/versioned-api-overview/
 */
import { type Answer, toError } from "./answer.js";
import type { ApiRequest, Route } from "./request.js";

const VERSION = "2024-08-05";

/** What every success is in, whichever version was asked for. */
export const MEDIA_TYPE = `application/vnd.atlas.${VERSION}+json`;

/** Versions of the API that are newer than these calls. @see https://github.com/mongodb/openapi, openapi/v2/versions.json */
const LATER_VERSIONS = ["2024-10-23", "2024-11-13", "2025-02-19", "2025-03-12"];

/** A refusal with the reason for which it is counted. */
export interface Violation {
  readonly answer: Answer;
  readonly why: string;
}

const BOOLEANS = ["envelope", "pretty"];

/** Checks everything but the rights of who asks; `undefined` when the request is as described. */
export function findViolation(request: ApiRequest, route: Route): Violation | undefined {
  return (
    findMediaTypeViolation(request, route) ??
    findQueryViolation(request, route) ??
    findPathViolation(route) ??
    findBodyViolation(request, route)
  );
}

function findMediaTypeViolation({ headers, body }: ApiRequest, { operation }: Route): Violation | undefined {
  const accept = findMediaTypeProblem(headers.accept, 406, "Accept");
  if (accept) return accept;
  if (operation === "createSecret") return findMediaTypeProblem(headers["content-type"], 415, "Content-Type");
  return body === "" ? undefined : refuse(400, "VALIDATION_ERROR", "a body where none is described");
}

function findMediaTypeProblem(header: string | undefined, status: 406 | 415, name: string): Violation | undefined {
  const types = (header ?? "").split(",").map((type) => type.split(";")[0]?.trim() ?? "");
  const versions = types.flatMap(
    (type) => /^application\/vnd\.atlas\.(\d{4}-\d{2}-\d{2})\+json$/.exec(type)?.[1] ?? [],
  );
  const [version] = versions;
  if (version === undefined) {
    const code = status === 406 ? "NOT_ACCEPTABLE" : "UNSUPPORTED_MEDIA_TYPE";
    return refuse(status, code, `${name} is not ${MEDIA_TYPE}`);
  }
  // A resource keeps its version until it changes: a later one of the API is answered by the newest up to it.
  if (versions.some((asked) => asked === VERSION || LATER_VERSIONS.includes(asked))) return undefined;
  // Versions before the first of this endpoint are gone; dates that name no version are invalid.
  if (version < VERSION) return refuse(410, "VERSION_GONE", `${name} names a version that is gone`);
  return refuse(400, "INVALID_VERSION_DATE", `${name} names a version that does not exist`);
}

function findQueryViolation({ query }: ApiRequest, { operation }: Route): Violation | undefined {
  const isList = operation === "listAccounts";
  for (const [name, value] of query) {
    if (BOOLEANS.includes(name) || (isList && name === "includeSystemManaged")) {
      if (value !== "true" && value !== "false")
        return refuse(400, "VALIDATION_ERROR", `query parameter ${name} is not a boolean`);
    } else if (isList && (name === "itemsPerPage" || name === "pageNum")) {
      const max = name === "itemsPerPage" ? 500 : Number.MAX_SAFE_INTEGER;
      if (!/^\d+$/.test(value) || Number(value) < 1 || Number(value) > max) {
        return refuse(400, "VALIDATION_ERROR", `query parameter ${name} is out of range`);
      }
    } else {
      return refuse(400, "INVALID_QUERY_PARAMETER", `query parameter ${name} is not described`);
    }
  }
  return undefined;
}

function findPathViolation({ ownerId, clientId, secretId }: Route): Violation | undefined {
  const isObjectId = (id: string | undefined) => id === undefined || /^[a-f0-9]{24}$/.test(id);
  if (!isObjectId(ownerId))
    return refuse(400, "PATH_PARAM_PARSE_ERROR", "the id of the project or organization is malformed");
  if (!isObjectId(secretId)) return refuse(400, "PATH_PARAM_PARSE_ERROR", "the secret's id is malformed");
  if (clientId !== undefined && !/^mdb_sa_id_[a-fA-F\d]{24}$/.test(clientId)) {
    return refuse(400, "PATH_PARAM_PARSE_ERROR", "the client id is malformed");
  }
  return undefined;
}

function findBodyViolation({ body }: ApiRequest, { operation }: Route): Violation | undefined {
  if (operation !== "createSecret") return undefined;
  const parsed = parseJson(body);
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) {
    return refuse(400, "VALIDATION_ERROR", "the body is not a JSON object");
  }
  const unknown = Object.keys(parsed).find((name) => name !== "secretExpiresAfterHours");
  if (unknown !== undefined) return refuse(400, "INVALID_ATTRIBUTE", "the body has a field that is not described");
  const hours = (parsed as { secretExpiresAfterHours?: unknown }).secretExpiresAfterHours;
  if (!Number.isInteger(hours))
    return refuse(400, "VALIDATION_ERROR", "secretExpiresAfterHours is missing or not an integer");
  return undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function refuse(status: number, errorCode: string, why: string): Violation {
  return { answer: toError({ status, errorCode }, `The request is not valid: ${why}.`), why };
}
