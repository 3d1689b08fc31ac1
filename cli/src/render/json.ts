/** Plain data as JSON, which a terminal shows as it is: what would move its cursor is escaped. */

/** The text, with a line break at its end. */
export function toJson(data: object): string {
  return `${JSON.stringify(data, null, 2)}\n`.replace(/[^\P{C}\n]/gu, (sign) =>
    [...Array(sign.length).keys()].map((at) => `\\u${sign.charCodeAt(at).toString(16).padStart(4, "0")}`).join(""),
  );
}
