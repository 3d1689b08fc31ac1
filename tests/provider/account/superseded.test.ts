/**
 * A secret that was replaced and waits for its deletion, as after a run whose consumer failed: it can be in use, and the engine
 * tells no later run of it. What replaced it records its id.
 */
import { DEMO_ADMIN_CLIENT_ID, DEMO_ADMIN_SECRET, DEMO_PROJECT_ID } from "pulumi-atlas-secrets-simulator";
import { ProviderProcess } from "../../../provider/src/account/process.js";
import { createSecretHandlers } from "../../../provider/src/handlers/plain-secret.js";
import { mapSecretOutputs, type Properties } from "../../../provider/src/protocol.js";
import { PROJECT } from "../../../provider/src/records/scope.js";
import { createVirtualAtlas } from "../../model/virtual-atlas.js";

/** An account on which A was replaced by B, and the consumer of B failed, so that A is still there. */
async function createWorld() {
  const { control, clock, transport } = await createVirtualAtlas("local");
  const { clientId } = await control.addAccount({ level: "project", ownerId: DEMO_PROJECT_ID });
  const env = {
    MONGODB_ATLAS_BASE_URL: control.url,
    MONGODB_ATLAS_CLIENT_ID: DEMO_ADMIN_CLIENT_ID,
    MONGODB_ATLAS_CLIENT_SECRET: DEMO_ADMIN_SECRET,
  };
  const usual = { projectId: DEMO_PROJECT_ID, clientId, secretExpiresAfterHours: 720 };
  /** A run of its own, in which the engine tells of one resource only. */
  const run = () => {
    const lines: string[] = [];
    const report = (line: string) => void lines.push(line);
    const provider = new ProviderProcess({ clock, transport, env, report });
    return { handlers: createSecretHandlers(PROJECT, provider), lines };
  };
  const toClear = (outs: Properties) => mapSecretOutputs(outs, (value) => value);
  const replace = async (outs: Properties, olds: Properties, news: Properties) => {
    const { handlers, lines } = run();
    const { inputs } = handlers.check(olds, { ...usual, ...news });
    const { replaces } = handlers.diff("id", outs, inputs);
    const made = await handlers.create(inputs).catch((error: unknown) => error as Error);
    return { replaces, lines, inputs, made };
  };
  const first = run().handlers;
  const { inputs } = first.check({}, usual);
  const a = toClear((await first.create(inputs)).outs);
  await clock.sleep(60_000);
  const second = await replace(a, inputs, { triggers: { leak: 1 } });
  if (second.made instanceof Error) throw second.made;
  const b = toClear(second.made.outs);
  const held = async () => {
    const { accounts } = await control.inventory();
    return accounts.find((account) => account.clientId === clientId)?.secrets.map(({ id }) => id) ?? [];
  };
  return { a, b, clientId, clock, run, replace, held, second };
}

describe("a secret that was replaced and waits for its deletion", () => {
  it("is recorded by its successor, of which the run tells no shortened expiry: it deletes the old one itself", async () => {
    const { a, b, second } = await createWorld();
    expect(second.replaces).toEqual(["triggers"]);
    expect(b.supersedes).toEqual([a.secretId]);
    expect(second.lines.filter((line) => line.includes("now expires"))).toEqual([]);
  });

  it.each([
    { name: "mayRemove names it", settings: (id: unknown) => ({ mayRemove: [id] }) },
    { name: "the account is exclusive", settings: () => ({ exclusive: true }) },
    { name: "both", settings: (id: unknown) => ({ mayRemove: [id], exclusive: true }) },
    { name: "none of that", settings: () => ({}) },
  ])(
    "is not deleted when triggers change again, though $name, and the failure says what helps",
    async ({ settings }) => {
      const { a, b, second, replace, held } = await createWorld();
      const { made, lines } = await replace(b, second.inputs, { triggers: { leak: 2 }, ...settings(a.secretId) });
      expect(await held()).toEqual([a.secretId, b.secretId]);
      const text = [made instanceof Error ? made.message : "", ...lines].join("\n");
      expect(made).toMatchObject({ code: "account-full" });
      for (const part of [
        String(a.secretId),
        "waits for its deletion",
        "in which everything that depends on it succeeds",
        "undo the change",
      ]) {
        expect(text).toContain(part);
      }
      for (const part of ["mayRemove", "exclusive", "killed run", "obody knows", "atlas api"])
        expect(text).not.toContain(part);
      expect(text).not.toMatch(new RegExp(`${a.secretId} --all-stacks'`));
    },
  );

  it("is recorded no more once a refresh sees that it is gone", async () => {
    const { a, b, run, held, clock } = await createWorld();
    await run().handlers.delete("id", a);
    expect(await held()).toEqual([b.secretId]);
    await clock.sleep(60_000);
    const { props = {} } = await run().handlers.read("id", b);
    expect(props).not.toHaveProperty("supersedes");
  });
});
