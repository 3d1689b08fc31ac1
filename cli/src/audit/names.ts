/** What people call things: the stack, the resource, and Atlas's name of the account. Ids tell secrets apart, names tell whose they are. */
import { withhold } from "../failure.js";
import { parseUrn } from "../sources/urn.js";
import type { Account } from "./accounts.js";
import type { RecordedResource } from "./inventory.js";

/** The names of a secret or an account. */
export interface Names {
  /** Stacks that record it, or the sources that do where they name no stack; sorted. */
  readonly stacks: readonly string[];
  /** Resources that record it, sorted. */
  readonly resources: readonly string[];
  /** Absent where Atlas was not asked. */
  readonly accountName?: string;
}

/** The names of a secret; of the account without an id. */
export function toNames({ resources, statements, name }: Account, secretId?: string): Names {
  const stated = secretId === undefined ? resources : (statements.get(secretId) ?? []).map(({ resource }) => resource);
  return {
    stacks: toSorted(stated.map(toStack)),
    resources: toSorted(stated.map(toResource)),
    ...(name !== undefined && { accountName: withhold(name) }),
  };
}

/** As `shop/prod > backend > billing`, the account by its id where it has no name. */
export function toTitle(
  { stacks, resources, accountName = "" }: Names,
  { clientId }: { readonly clientId?: string | undefined },
): string {
  const parts = [stacks.join(", "), resources.join(", "), accountName || (clientId ?? "")];
  return parts.filter((part) => part !== "").join(" > ");
}

/** The stack of a record: as the source names it, or as its urn does. */
export function toStack({ source, location }: Pick<RecordedResource, "source" | "location">): string {
  const { stack, project } = parseUrn(location) ?? {};
  if (!stack || source.endsWith(`/${project}/${stack}`)) return source.replace(/^stack /, "");
  return `${project}/${stack}`;
}

function toResource({ location, reading }: RecordedResource): string {
  const { name = reading.name ?? location } = parseUrn(location) ?? {};
  return withhold(reading.key === undefined ? name : `${name}[${reading.key}]`);
}

function toSorted(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort();
}
