/** Where a secret is recorded, in words. */
import type { ReportedSecret } from "../audit/report.js";

/** As `state.json (backend), outputs.json (audit); not on Atlas`. */
export function toLocations({ statements, isOnAtlas }: ReportedSecret): string {
  const names = statements.flatMap(({ source, location }) =>
    location === undefined ? [] : [`${source} (${location.split("::").at(-1)})`],
  );
  const recorded = names.length > 0 ? [...new Set(names)].join(", ") : "nowhere";
  return isOnAtlas === false ? `${recorded}; not on Atlas` : recorded;
}
