/** `atlas-secrets plan` as a command: its formats, its options, its exit codes, and that no value passes. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { type Calendar, toCalendar } from "../../../cli/src/plan/calendar.js";
import { startCheckedSimulator } from "../../contract/checked-simulator.js";
import { findCanaries } from "../../helpers/canaries.js";
import { CLIENT_ID, OUTPUTS, PROJECT_ID } from "../../provider/fixtures/values.js";
import { runHere, runProgram, toEnvironment } from "../audit/command.js";
import { Random, toRandomInventory } from "../audit/random-inventory.js";
import { createSchemaCheck } from "../helpers/published-schema.js";
import {
  CANARIES,
  PLAIN,
  PLAIN_OUTPUTS,
  ROTATING,
  SHOWN_ROTATING_OUTPUTS,
  toExport,
  toResource,
} from "../sources/states.js";

const DAY_MS = 86_400_000;
const ROTATE_AFTER_MS = Date.parse(String(OUTPUTS.rotateAfter));
const NOW_MS = ROTATE_AFTER_MS - 5 * DAY_MS;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "atlas-secrets-plan-"));
  writeFileSync(join(folder, "state.json"), toExport([toResource(PLAIN, PLAIN_OUTPUTS)]));
  writeFileSync(join(folder, "rotating.json"), toExport([toResource(ROTATING, SHOWN_ROTATING_OUTPUTS)]));
});
afterAll(() => rmSync(folder, { recursive: true }));

const plan = (...args: string[]) => runHere(["plan", ...args], { cwd: folder, nowMs: NOW_MS });

describe("atlas-secrets plan", () => {
  it("shows dates, runs and a sum as a table", async () => {
    const { code, stdout, stderr } = await plan("state.json");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain(`rotate`);
    expect(stdout).toMatch(/Day +Run 'pulumi up' of +For/);
    expect(stdout).toContain("shop/prod");
    expect(stdout).toContain("2 events, 1 run needed, 0 accounts with conflicting changes.");
  });

  it("gives the same dates as JSON and as CSV", async () => {
    const { events } = JSON.parse((await plan("state.json", "--format", "json")).stdout) as Calendar;
    const rows = parse((await plan("state.json", "--format", "csv")).stdout, { columns: true }) as Record<
      string,
      string
    >[];
    expect(rows.map(({ at, what, stacks }) => [at, what, stacks])).toEqual(
      events.map(({ at, what, stacks }) => [at, what, stacks.join("; ")]),
    );
    expect(rows[0]).toMatchObject({ clientId: CLIENT_ID, ownerId: PROJECT_ID, needsRun: "true", isOverdue: "false" });
  });

  it("writes JSON by its published schema, which refuses what it does not name", async () => {
    const check = createSchemaCheck("plan-calendar");
    const { stdout } = await plan("rotating.json", "state.json", "--format", "json", "--days", "3660");
    const calendar = JSON.parse(stdout) as Calendar;
    expect(check(calendar)).toEqual([]);
    expect(check({ ...calendar, secret: "x" })).not.toEqual([]);
    const random = Array.from({ length: 100 }, (_, seed) =>
      toCalendar(toRandomInventory(new Random(seed)), { nowMs: NOW_MS, nowFrom: "atlas", days: 90 }),
    );
    expect(random.map((one) => check(one)).filter((errors) => errors.length > 0)).toEqual([]);
    expect(new Set(random.flatMap(({ events }) => events.map(({ what }) => what))).size).toBe(8);
  });

  it("looks as many days ahead as it is told", async () => {
    const countOf = async (days: string) =>
      (JSON.parse((await plan("state.json", "--days", days, "--format", "json")).stdout) as Calendar).events.length;
    expect([await countOf("4"), await countOf("5"), await countOf("3660")]).toEqual([0, 1, 2]);
  });

  it("writes to a file, whole", async () => {
    const { code, stdout } = await plan("state.json", "--format", "json", "--output", "calendar.json");
    expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
    expect((JSON.parse(readFileSync(join(folder, "calendar.json"), "utf8")) as Calendar).formatVersion).toBe(1);
  });

  it.each(["table", "json", "csv", "html"])("passes no value on as %s", async (format) => {
    const { stdout, stderr } = await plan("rotating.json", "state.json", "--format", format, "--days", "3660");
    expect(stdout.length).toBeGreaterThan(100);
    expect(findCanaries(stdout + stderr, CANARIES)).toEqual([]);
  });

  it.each([
    ["no source", [], /Nothing to plan: name files/],
    ["a file that is missing", ["gone.json"], /Could not read gone\.json: there is no such file\./],
    ["no days", ["state.json", "--days", "0"], /Write a whole number of days/],
    ["too many days", ["state.json", "--days", "3661"], /Write a whole number of days/],
    ["--project without --live", ["--project", PROJECT_ID], /--project, --organization.* add --live/],
    ["--live without a credential", ["state.json", "--live"], /No credential for Atlas/],
    ["a flag that does not exist", ["state.json", "--day", "3"], /Did you mean --days\?/],
  ])("says in one sentence that it cannot tell with %s", async (_, args, sentence) => {
    const { code, stdout, stderr } = await plan(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(sentence);
  });

  it("has an example in its help", async () => {
    expect((await plan("--help")).stdout).toContain("$ pulumi stack export | atlas-secrets plan -");
  });
});

describe("atlas-secrets plan --live", () => {
  it("goes by Atlas's time and asks with one mint and GETs alone", async () => {
    const atlas = await startCheckedSimulator({ startAt: "2026-03-01T08:00:00Z" });
    try {
      const account = await atlas.addAccount({ initialSecret: { hours: 100 } });
      const args = ["plan", "--live", "--project", account.ownerId, "--format", "json"];
      const { code, stdout } = await runProgram(args, { env: toEnvironment(atlas) });
      expect(code).toBe(0);
      const { nowFrom, now, events } = JSON.parse(stdout) as Calendar;
      expect([nowFrom, now.slice(0, 13)]).toEqual(["atlas", "2026-03-01T08"]);
      expect(events.map(({ what, role, day }) => [what, role, day])).toEqual([["expires", "untracked", "2026-03-05"]]);
      expect((await atlas.requests()).map(({ method, operation }) => `${method} ${operation}`)).toEqual([
        "POST mint",
        "GET listAccounts",
        "POST revoke",
      ]);
    } finally {
      await atlas.close();
    }
  });

  it("cannot tell when a project may not be seen, and shows the rest", async () => {
    const atlas = await startCheckedSimulator();
    try {
      const { ownerId } = await atlas.addAccount();
      const args = ["plan", "state.json", "--live", "--project", ownerId];
      const { code, stdout } = await runHere(args, { cwd: folder, env: toEnvironment(atlas) });
      expect(code).toBe(2);
      expect(stdout).toContain("so this is not all.");
    } finally {
      await atlas.close();
    }
  });
});
