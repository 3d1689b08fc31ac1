/** The calendar file: read back line by line, as RFC 5545 wants its lines. */
import { toCalendar } from "../../../cli/src/plan/calendar.js";
import { toIcs } from "../../../cli/src/plan/ics.js";
import { CURRENT_ID, NOW_MS, plain, recorded } from "../audit/fixtures.js";

const LOCATION = "urn:pulumi:prod::shop::pulumi-nodejs:dynamic/atlas:ProjectServiceAccountSecret::";

function render(name: string, nowMs = NOW_MS): string {
  const inventory = recorded(plain({}, { location: `${LOCATION}${name}` }));
  return toIcs(toCalendar(inventory, { nowMs, nowFrom: "machine", days: 30 }));
}

/** Content lines, unfolded. */
const unfold = (text: string) => text.replaceAll("\r\n ", "").split("\r\n");

describe("plan --format ics", () => {
  it("has an event for each date, by names, at its time", () => {
    const lines = unfold(render("backend"));
    expect(lines.slice(0, 3)).toEqual(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//atlas-secrets//plan//EN"]);
    expect(lines).toEqual(
      expect.arrayContaining([
        `UID:${CURRENT_ID}-rotate@atlas-secrets`,
        "DTSTAMP:20260615T120000Z",
        "DTSTART:20260625T120000Z",
        expect.stringMatching(/^SUMMARY:rotate: shop\/prod > backend > mdb_sa_id_/),
        expect.stringMatching(/^DESCRIPTION:.*Run 'pulumi up' of shop\/prod\./),
        "TRANSP:OPAQUE",
      ]),
    );
    expect(lines.filter((line) => line === "BEGIN:VEVENT")).toHaveLength(
      lines.filter((line) => line === "END:VEVENT").length,
    );
    expect(lines.slice(-2)).toEqual(["END:VCALENDAR", ""]);
  });

  it("keeps the identity of an event from one day to the next", () => {
    const uids = (text: string) => unfold(text).filter((line) => line.startsWith("UID:"));
    expect(uids(render("backend", NOW_MS + 3_600_000))).toEqual(uids(render("backend")));
  });

  it.each(["a;b,c\\d", "\u65e5\u672c\u8a9e".repeat(30), "x\r\nBEGIN:VEVENT", "\u{1f511}".repeat(40)])(
    "holds the name %j in lines of at most 75 octets, none of it a line of its own",
    (name) => {
      const text = render(name);
      for (const line of text.split("\r\n")) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
      expect(text.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
      expect(unfold(text).filter((line) => line === "BEGIN:VEVENT")).toHaveLength(2);
      const summary = unfold(text).find((line) => line.startsWith("SUMMARY:rotate")) ?? "";
      expect(summary.replace(/\\([\\;,])/g, "$1")).toContain(name.replaceAll("\r\n", "\\u{d}\\u{a}"));
    },
  );
});
