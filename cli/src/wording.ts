/** Names of things in messages, and times as Atlas writes them. */
export { toIsoTime } from "pulumi-atlas-secrets/rotation";

/** A service account in words: `Service account mdb_sa_id_... of project ...`. */
export function describeAccount(account: {
  readonly level: "project" | "organization";
  readonly ownerId: string;
  readonly clientId: string;
}): string {
  return `Service account ${account.clientId} of ${account.level} ${account.ownerId}`;
}

/** A length of time in words, to the nearest unit that says enough: `3 d`, `5 h`, `12 min`. */
export function toDuration(ms: number): string {
  const minutes = Math.floor(Math.abs(ms) / 60_000);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} d`;
}

/** A number with its noun. */
export function toCount(count: number, singular: string, plural = `${singular}s`): string {
  return `${count} ${count === 1 ? singular : plural}`;
}

/** A text that a terminal shows as it is: what would move its cursor, or change its colors or the order of its letters, is written out. */
export function toVisible(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (sign) => `\\u{${sign.codePointAt(0)?.toString(16)}}`);
}

/** A copy of plain data in which every text is visible as it is. */
export function toVisibleTexts<T>(value: T): T {
  if (typeof value === "string") return toVisible(value) as T;
  if (Array.isArray(value)) return value.map(toVisibleTexts) as T;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, toVisibleTexts(one)])) as T;
}
