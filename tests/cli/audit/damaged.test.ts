/**
 * States and outputs that are damaged at random: the audit never crashes, and never says that all is well where something of a record
 * cannot be read. `DAMAGE_RUNS` and `DAMAGE_SEED` ask for more, or for others.
 */
import { toReport } from "../../../cli/src/audit/report.js";
import { DEFAULT_LIMITS } from "../../../cli/src/audit/rules/situation.js";
import { CliFailure } from "../../../cli/src/failure.js";
import { toCalendar } from "../../../cli/src/plan/calendar.js";
import { RENDERERS } from "../../../cli/src/render/index.js";
import { parseSource } from "../../../cli/src/sources/files.js";
import { BIRTH_MS, CLIENT_ID, IDS, PROJECT_ID } from "../../provider/fixtures/values.js";
import {
  encrypted,
  type Fields,
  MANUAL,
  PLAIN,
  PLAIN_OUTPUTS,
  ROTATING,
  SHOWN_ROTATING_OUTPUTS,
  toExport,
  toResource,
} from "../sources/states.js";
import { Random } from "./random-inventory.js";

const RUNS = Number(process.env.DAMAGE_RUNS ?? 5_000);
const SEED = Number(process.env.DAMAGE_SEED ?? 20_261_127);
const HOUR_MS = 3_600_000;

const INPUTS: Fields = {
  projectId: PROJECT_ID,
  clientId: CLIENT_ID,
  secretExpiresAfterHours: 720,
  rotateBeforeExpiryHours: 240,
  triggers: PLAIN_OUTPUTS.triggers,
};
const ROTATING_OUTPUTS: Fields = { ...SHOWN_ROTATING_OUTPUTS, retireAfter: "2026-03-09T08:00:00Z" };
const { status: _, ...MANUAL_OUTPUTS } = PLAIN_OUTPUTS;
const AUDIT_RECORD: Fields = {
  projectId: PROJECT_ID,
  clientId: CLIENT_ID,
  secretId: IDS[0],
  status: "overlapping",
  createdAt: "2026-03-01T08:00:00Z",
  expiresAt: "2026-03-31T08:00:00Z",
  rotateAfter: "2026-03-21T08:00:00Z",
  generation: 2,
  promotedAt: "2026-03-01T08:00:00Z",
  previousSecretId: IDS[1],
  retireAfter: "2026-03-09T08:00:00Z",
};

const SET = "pulumi-nodejs:dynamic/atlas:ProjectServiceAccountSecretSet";
const SET_INPUTS: Fields = {
  accounts: { backend: { projectId: PROJECT_ID, clientId: CLIENT_ID } },
  secretExpiresAfterHours: 720,
  rotateBeforeExpiryHours: 240,
};
const { retireAfter: _r, previousSecretId: _p, ...RECORD } = AUDIT_RECORD;
const SET_OUTPUTS: Fields = {
  secretExpiresAfterHours: 720,
  rotateBeforeExpiryHours: 240,
  overlapHours: 24,
  quietHours: 24,
  secrets: encrypted,
  records: { backend: { ...RECORD, status: "active" } },
  statusCounts: { active: 1 },
};

/** What a record is judged by: where one of these cannot be read, not all is well. */
const JUDGED = new Set([
  "status",
  "createdAt",
  "expiresAt",
  "rotateAfter",
  "retireAfter",
  "promotedAt",
  "previousSecretId",
  "previousExpiresAt",
  "secretExpiresAfterHours",
  "rotateBeforeExpiryHours",
  "overlapHours",
  "quietHours",
  "grantedHours",
]);
/** What no record lacks. */
const NEEDED = new Set(["status", "expiresAt"]);
/** What a state's resource tells by its own id as well. */
const IN_ID = new Set(["projectId", "clientId", "secretId"]);

const GARBAGE: readonly unknown[] = [
  "soon",
  12,
  true,
  {},
  [],
  ["x"],
  "mdb_sa_sk_FAKE",
  -1e300,
  "2026-02-30T08:00:00Z",
  "\u0000",
];

const whole = {
  plain: () => toExport([toResource(PLAIN, PLAIN_OUTPUTS, { inputs: INPUTS })]),
  rotating: () => toExport([toResource(ROTATING, ROTATING_OUTPUTS, { inputs: INPUTS })]),
  manual: () => toExport([toResource(MANUAL, MANUAL_OUTPUTS, { inputs: INPUTS })]),
  set: () => toExport([toResource(SET, SET_OUTPUTS, { id: "a-random-id", inputs: SET_INPUTS })]),
  outputs: () => JSON.stringify({ teams: [{ audit: AUDIT_RECORD }] }),
} as const;

interface Place {
  readonly holder: Record<string, unknown>;
  readonly name: string;
}

/** Every property of a JSON value, at any depth. */
function listPlaces(value: unknown): Place[] {
  if (typeof value !== "object" || value === null) return [];
  const holder = value as Record<string, unknown>;
  return Object.keys(holder).flatMap((name) => [{ holder, name }, ...listPlaces(holder[name])]);
}

/** A text that is damaged in one or more places. */
function damage(text: string, random: Random): string {
  const json = JSON.parse(text) as unknown;
  for (let left = random.pick([1, 1, 1, 2, 5]); left > 0; left--) {
    const places = listPlaces(json);
    if (places.length === 0) break;
    const { holder, name } = random.pick(places);
    if (random.isTrue(0.3)) delete holder[name];
    else holder[name] = structuredClone(random.pick(GARBAGE));
  }
  return JSON.stringify(json);
}

/** What the audit and the calendar make of it: `refused` in one sentence, or whether all is well. */
async function judge(text: string, isRendered = false): Promise<"refused" | "well" | "not well"> {
  let gathered: ReturnType<typeof parseSource>;
  try {
    gathered = parseSource(text, "x.json");
  } catch (error) {
    if (error instanceof CliFailure) return "refused";
    throw error;
  }
  const { source, ...recorded } = gathered;
  const listed = { listedOwners: [], accounts: [], credentials: [], hasAllStacks: false, hasUnmanaged: false };
  const inventory = { ...recorded, ...listed, sources: [source] };
  const nowMs = BIRTH_MS + HOUR_MS;
  const report = toReport(inventory, { nowMs, nowFrom: "machine", limits: DEFAULT_LIMITS });
  if (isRendered) for (const render of Object.values(RENDERERS)) await render(report, { hasColors: false });
  toCalendar(inventory, { nowMs, nowFrom: "machine", days: 90 });
  return report.findings.length + report.unreadSources.length === 0 ? "well" : "not well";
}

describe("the audit of a damaged source", () => {
  it.each(Object.entries(whole))("finds nothing wrong with a whole one: %s", async (_, toText) => {
    expect(await judge(toText())).toBe("well");
  });

  it("never crashes, and never says that all is well where something cannot be read", async () => {
    const wrong: unknown[] = [];
    const met = { refused: 0, well: 0, "not well": 0 };
    for (let run = 0; run < RUNS; run++) {
      const random = new Random(SEED + run);
      const text = damage(random.pick(Object.values(whole))(), random);
      const judged = await judge(text, run % 20 === 0).catch((error: unknown) => String(error));
      if (judged in met) met[judged as keyof typeof met]++;
      else wrong.push({ run, judged });
    }
    expect(wrong).toEqual([]);
    expect(Object.values(met).every((count) => count > RUNS / 50)).toBe(true);
  });

  it.each(Object.entries(whole))(
    "is not well for each field of %s that is judged and cannot be read",
    async (kind, toText) => {
      const unnoticed: string[] = [];
      const tried = new Set<string>();
      const count = listPlaces(JSON.parse(toText())).length;
      for (let index = 0; index < count; index++) {
        for (const garbage of [undefined, ...GARBAGE]) {
          const json = JSON.parse(toText()) as unknown;
          const place = listPlaces(json)[index];
          const isJudged = place && (JUDGED.has(place.name) || (kind === "outputs" && IN_ID.has(place.name)));
          if (!isJudged || (garbage === undefined && !NEEDED.has(place.name))) continue;
          if (typeof garbage === typeof place.holder[place.name] && typeof garbage === "number") continue;
          place.holder[place.name] = garbage;
          tried.add(place.name);
          if ((await judge(JSON.stringify(json))) === "well")
            unnoticed.push(`${place.name}: ${JSON.stringify(garbage)}`);
        }
      }
      expect(unnoticed).toEqual([]);
      expect(tried.size).toBeGreaterThan(3);
    },
  );
});
