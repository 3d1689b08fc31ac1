/**
 * Where a value could show while everything goes well: no confidential one is found in any of these places, in whatever
 * encoding, and a planted one is found in each of them.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { findCanaries } from "../../helpers/canaries.js";
import type { CliResult } from "../../helpers/pulumi-stack.js";
import { sampleDuring } from "./sampler.js";
import { PLANTED, WatchedStack, withTrigger } from "./watched-stack.js";

const PLACES = [
  "preview --json",
  "a saved plan",
  "up with its first creation",
  "the event log of a creation",
  "arguments of processes",
  "temporary files, the engine's log at level 8 among them",
  "preview --diff",
  "up --diff --logtostderr -v=8",
  "up --json",
  "up of nothing new",
  "the event log of nothing new",
  "refresh and destroy",
  "stack --show-ids --show-urns",
  "stack output --json",
  "stack history --json",
  "stack export",
  "the backend",
  "the backend's backups",
  "the backend's history",
  "the CLI's own folder",
  "all standard output",
  "all standard error",
] as const;

let watched: WatchedStack;
const texts: Record<string, string> = {};

beforeAll(async () => {
  watched = await WatchedStack.create();
  const { stack } = watched;
  // Both open hidden flags of the CLI: `--save-plan` and `--event-log`.
  stack.setEnv({ PULUMI_EXPERIMENTAL: "1", PULUMI_DEBUG_COMMANDS: "1" });
  const [single, rotating] = [
    await watched.declare(),
    await watched.declare({}, "RotatingProjectServiceAccountSecret"),
  ];
  const programOf = (trigger: string) => ({
    secrets: { single: withTrigger(single, trigger), rotating: withTrigger(rotating, trigger) },
    planted: PLANTED,
  });
  const add = (place: string, text: string) => {
    texts[place] = `${texts[place] ?? ""}${text}\n`;
  };
  const addRun = (place: (typeof PLACES)[number], { code, stdout, stderr, text }: CliResult) => {
    expect({ place, code, stderr }).toMatchObject({ code: 0 });
    add(place, text);
    add("all standard output", stdout);
    add("all standard error", stderr);
  };
  const addFile = (place: (typeof PLACES)[number], file: string) => {
    expect(existsSync(join(stack.programFolder, file))).toBe(true);
    add(place, readFileSync(join(stack.programFolder, file), "utf8"));
  };

  addRun("preview --json", await stack.preview(programOf("1"), "--json", "--save-plan", "plan.json"));
  addFile("a saved plan", "plan.json");
  const creation = stack.up(programOf("1"), "-v=8", "--event-log", "created.json", "--message", PLANTED);
  const { result, seen } = await sampleDuring(creation, watched.stack.temporaryFolder);
  addRun("up with its first creation", result);
  addFile("the event log of a creation", "created.json");
  add("arguments of processes", seen.processArguments);
  add("temporary files, the engine's log at level 8 among them", seen.temporaryFiles);
  addRun("preview --diff", await stack.preview(programOf("2"), "--diff"));
  addRun("up --diff --logtostderr -v=8", await stack.up(programOf("2"), "--diff", "--logtostderr", "-v=8"));
  addRun("up --json", await stack.up(programOf("3"), "--json"));
  addRun("up of nothing new", await stack.up(programOf("3"), "--event-log", "same.json"));
  addFile("the event log of nothing new", "same.json");
  addRun("refresh and destroy", await stack.refresh());
  const commands = [
    "stack --show-ids --show-urns",
    "stack output --json",
    "stack history --json",
    "stack export",
  ] as const;
  for (const command of commands) addRun(command, await stack.run([...command.split(" "), "--stack", "test"]));
  add("the backend", watched.readFolder("backend"));
  add("the backend's backups", watched.readFolder("backend", ".pulumi", "backups"));
  add("the backend's history", watched.readFolder("backend", ".pulumi", "history"));
  add("the CLI's own folder", watched.readFolder("home"));
  addRun("refresh and destroy", await stack.destroy());
}, 240_000);

afterAll(() => watched.close());

describe("the confidential values of a run", () => {
  it("are known: the credential, tokens for it and with new secrets, and two secrets for each of three rounds", () => {
    const kinds = Object.keys(watched.values()).map((name) => name.replace(/-\d+$/, ""));
    expect(new Set(kinds)).toEqual(new Set(["ticket", "admin", "bearer", "token", "created"]));
    expect(watched.created()).toHaveLength(6);
  });

  it.each(PLACES)("are not in %s, where a planted value is found", (place) => {
    expect(findCanaries(texts[place] ?? "", { ...watched.values(), planted: PLANTED })).toEqual(["planted"]);
  });
});
