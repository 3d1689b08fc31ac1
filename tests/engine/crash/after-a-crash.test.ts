/** What a person reads after a crash, and the engine's own note of a creation that was interrupted. */
import { killRun } from "./killed-run.js";
import { CRASH_POINTS, type CrashRun, type Errand } from "./points.js";
import { CrashSite, type Place, type Scene } from "./site.js";

const ERRANDS = ["creation", "replacement"] as const;

/** A secret is on each account and in no state: the CLI was killed before it got to know of it. */
function toRun(): CrashRun {
  const toCase = (errand: Errand) => {
    const found = CRASH_POINTS.find(
      ({ errand: of, leavesSecret, moment }) => of === errand && leavesSecret && moment === "creation",
    );
    if (!found) throw new Error("there is no such point");
    return { ...found, round: 1, victim: "cli", wayOut: "exclusive" } as const;
  };
  return { round: 1, victim: "cli", cases: ERRANDS.map(toCase) };
}

describe("after the CLI was killed", () => {
  let site: CrashSite;
  let scene: Scene;
  let created: Place;
  let replaced: Place;
  let leftOfCreation: string | undefined;
  let leftOfReplacement: string | undefined;

  /** Only the replaced one is on an exclusive account. */
  const program = () => scene.program((place) => (place === replaced ? { exclusive: true } : {}));

  beforeAll(async () => {
    const run = toRun();
    site = await CrashSite.open([run]);
    scene = await site.setScene(run);
    [created, replaced] = scene.places as [Place, Place];
    await killRun(scene, run);
    scene.signInAs(scene.signers.recovery);
    [leftOfCreation] = await created.heldIds();
    [, leftOfReplacement] = await replaced.heldIds();
  });
  afterAll(() => site.close());

  it("the stack is locked until pulumi cancel", async () => {
    const locked = await scene.stack.up(program());
    expect(locked.code).not.toBe(0);
    expect(locked.text).toContain("the stack is currently locked");
    const cancelled = await scene.stack.run(["cancel", "-y", "--stack", "test"]);
    expect(cancelled.text).toContain("has been canceled");
  });

  it("up --refresh names what was left of a creation, and removes it where the account is exclusive", async () => {
    const { projectId, stack } = scene;
    const { clientId } = created;
    const up = await stack.up(program(), "--refresh");
    expect(up.code).toBe(0);
    const command = `atlas-secrets remove ${projectId}/${clientId}/${leftOfCreation} --all-stacks`;
    const line = new RegExp(
      `service account ${clientId} of project ${projectId} also holds secret ${leftOfCreation} \\(created \\S+, expires \\S+, never used\\), ` +
        "of which the engine told this run nothing; it is not touched\\. If no state records it and nobody uses it, " +
        `'${command}' deletes it after looking\\.`,
    );
    expect(up.text.replaceAll(/\s+/g, " ")).toMatch(line);
    expect(await created.heldIds()).toEqual([leftOfCreation, ...created.recordedIds().current]);

    expect(up.text).toContain(`secret ${leftOfReplacement} (created`);
    expect(await replaced.heldIds()).toEqual(replaced.recordedIds().current);
    expect(await replaced.heldIds()).not.toContain(leftOfReplacement);
    expect(site.lapses).toEqual([]);
  });

  it("the engine's warning stays until refresh --clear-pending-creates", async () => {
    const { stack } = scene;
    const WARNING = /with \d pending operations from previous deployment/;
    expect((await stack.up(program(), "--expect-no-changes")).text).toMatch(WARNING);
    expect((await stack.refresh("--clear-pending-creates")).code).toBe(0);
    const last = await stack.up(program(), "--expect-no-changes");
    expect(last.code).toBe(0);
    expect(last.text).not.toMatch(WARNING);
    expect(await created.heldIds()).toContain(leftOfCreation);
  });
});
