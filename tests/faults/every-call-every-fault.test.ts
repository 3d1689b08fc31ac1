/**
 * Every HTTP call that the provider makes meets every fault: once over a real connection, and without end for the rest of its
 * run. Nothing that is recorded or somebody else's may be deleted, nothing may be lost unsaid, and two further runs make
 * everything as declared, or stop and say what does.
 */
import { CALLS } from "./calls.js";
import { type CellResult, runCell } from "./cell.js";
import type { Call } from "./points.js";
import { ROTATING_CALLS, SET_CALLS } from "./rotating-calls.js";
import { toTable } from "./table.js";
import { FAULTS, type NamedFault } from "./wire-faults.js";

const ALONE = [...CALLS, ...ROTATING_CALLS];

/** What one fault, once, comes to. */
function toEndOfOne({ name }: Call, { short }: NamedFault): CellResult["end"] {
  // The account is full whatever happens: somebody has to decide.
  if (name.startsWith("create when the slot is taken") || name.startsWith("create beside somebody"))
    return "stops, named";
  if (name.startsWith("create that is lost, beside somebody")) return 1;
  // Whatever is asked of a suspended organization is refused, and no wait helps: what was lost before that is named.
  const isLost = /after a lost answer: (look for it|look after the grace|DELETE of the lost one)$/.test(name);
  if (short === "402") return isLost ? "stops, named" : 1;
  // A credential that never worked is not tried again; a token that was just minted is, once.
  if (short === "401" && name.endsWith("own mint")) return 1;
  // Only Atlas's own word makes a pending secret invalid.
  if (short === "malform" && /^(rotating|set), a pending secret that is not valid: verification$/.test(name)) return 1;
  // Two lost answers in a row end the run, with nothing left of either.
  const isAnswered = ["refused", "405", "429", "401"].includes(short);
  return name.endsWith("after a lost answer: second POST") && !isAnswered ? 1 : 0;
}

// A set sends its requests by the same functions: a real connection would show nothing more.
describe.each([
  { name: "once", kind: "http", isPersistent: false, calls: ALONE },
  { name: "once, of a set", kind: "local", isPersistent: false, calls: SET_CALLS },
  { name: "for the rest of its run", kind: "local", isPersistent: true, calls: [...ALONE, ...SET_CALLS] },
] as const)("a request that goes amiss $name", ({ name, kind, isPersistent, calls }) => {
  const results = new Map<string, CellResult>();

  afterAll(() => {
    const rows = calls.map((call) => {
      const cells = FAULTS.map((fault) => toCell(results.get(`${call.name} ${fault.name}`)));
      return [call.name, cells] as const;
    });
    const heads = FAULTS.map(({ short }) => short);
    const title = `further runs, amiss ${name}`;
    process.stdout.write(`\n${toTable(title, heads, rows)}\n(named: stops, and names what to do)\n`);
  });

  describe.each(calls)("$name", (call) => {
    it.each(FAULTS)("$name: breaks nothing and comes to its end", async (fault) => {
      const result = await runCell(call, fault, { kind, isPersistent });
      results.set(`${call.name} ${fault.name}`, result);
      expect(result).toMatchObject({ open: [], breaches: [], problems: [] });
      expect(result.end).not.toBe("stuck");
      // What is known of a connection that is closed differs without one.
      if (!isPersistent && kind === "http") expect(result.end).toBe(toEndOfOne(call, fault));
      expect(result.met).toBeGreaterThan(0);
    });
  });
});

function toCell(result: CellResult | undefined): string {
  return result?.end === "stops, named" ? "named" : String(result?.end ?? "-");
}
