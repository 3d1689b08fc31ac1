import { watchClock } from "../../../provider/src/atlas/clock-watch.js";
import type { Answer, NoAnswer } from "../../../provider/src/atlas/transport.js";
import { MINUTE_MS } from "../../../provider/src/clock.js";
import { BIRTH_MS, createFakeClock } from "../fixtures/values.js";

const CUT: NoAnswer = { kind: "no-answer", cause: "ECONNRESET", mayHaveBeenApplied: true };

/** The lines that the answers lead to, on a machine where it is `BIRTH_MS`; each answer gets through as it is. */
async function watch(...outcomes: (Answer | NoAnswer)[]): Promise<string[]> {
  const lines: string[] = [];
  const left = [...outcomes];
  const transport = watchClock(
    async () => left.shift() ?? CUT,
    createFakeClock(),
    (line) => void lines.push(line),
  );
  for (const outcome of outcomes)
    expect(await transport({ method: "GET", url: "https://atlas.example" })).toBe(outcome);
  return lines;
}

const toAnswer = (serverTimeMs?: number): Answer => ({
  kind: "answer",
  status: 200,
  headers: {},
  body: "",
  ...(serverTimeMs !== undefined && { serverTimeMs }),
});

describe("watchClock", () => {
  it.each([
    { name: "the same", differenceMs: 0, lines: 0 },
    { name: "ten minutes behind", differenceMs: 10 * MINUTE_MS, lines: 0 },
    { name: "ten minutes ahead", differenceMs: -10 * MINUTE_MS, lines: 0 },
    { name: "more than ten minutes behind", differenceMs: 10 * MINUTE_MS + 1, lines: 1 },
    { name: "more than ten minutes ahead", differenceMs: -10 * MINUTE_MS - 1, lines: 1 },
  ])("shows $lines lines when the clock is $name", async ({ differenceMs, lines }) => {
    expect(await watch(toAnswer(BIRTH_MS + differenceMs))).toHaveLength(lines);
  });

  it("names both times and what follows from it", async () => {
    const [line] = await watch(toAnswer(BIRTH_MS + 3 * 24 * 60 * MINUTE_MS));
    expect(line).toContain("this machine's clock says 2026-03-01T08:00:00Z, Atlas says 2026-03-04T08:00:00Z.");
    expect(line).toContain("Rotations are decided by this machine's clock: correct it");
  });

  it("compares once, by the first answer that has a time", async () => {
    const far = toAnswer(BIRTH_MS + 11 * MINUTE_MS);
    expect(await watch(CUT, toAnswer(), far, far)).toHaveLength(1);
    expect(await watch(toAnswer(BIRTH_MS), far)).toEqual([]);
  });
});
