/** All that is known of one secret or account, by any of its names. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Simulator } from "pulumi-atlas-secrets-simulator";
import { startCheckedSimulator } from "../contract/checked-simulator.js";
import { runHere, toEnvironment } from "./audit/command.js";
import { PLAIN, PLAIN_OUTPUTS, toExport, toResource } from "./sources/states.js";

let folder: string;
let atlas: Simulator;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "atlas-secrets-show-"));
  atlas = await startCheckedSimulator({ startAt: "2026-03-05T00:00:00Z" });
  await atlas.addAccount({
    clientId: String(PLAIN_OUTPUTS.clientId),
    ownerId: String(PLAIN_OUTPUTS.projectId),
    name: "billing",
  });
  writeFileSync(join(folder, "state.json"), toExport([toResource(PLAIN, PLAIN_OUTPUTS)]));
});
afterAll(async () => {
  await atlas.close();
  rmSync(folder, { recursive: true });
});

const show = (wanted: string, ...more: string[]) =>
  runHere(["show", wanted, "state.json", ...more], {
    cwd: folder,
    env: toEnvironment(atlas),
    nowMs: Date.parse("2026-03-05T00:00:00Z"),
  });

describe("atlas-secrets show", () => {
  const { secretId, clientId } = PLAIN_OUTPUTS as { secretId: string; clientId: string };

  it.each(["resource", secretId, clientId])(
    "finds a secret by %s, and says its roles, times, places and what comes next",
    async (wanted) => {
      const { stdout, code } = await show(wanted === "resource" ? "backend" : wanted);
      expect(code).toBe(0);
      for (const text of [secretId, clientId, "current", "state.json", "rotate", String(PLAIN_OUTPUTS.expiresAt)])
        expect(stdout).toContain(text);
    },
  );

  it("finds an account by Atlas's name of it", async () => {
    const { stdout } = await show("billing", "--live", "--json");
    const shown = JSON.parse(stdout) as {
      secrets: { clientId: string; accountName: string }[];
      findings: { code: string }[];
    };
    expect(new Set(shown.secrets.map(({ accountName }) => accountName))).toEqual(new Set(["billing"]));
    expect(shown.findings.map(({ code }) => code)).toContain("missing-on-atlas");
  });

  it("is 2 and one sentence for what there is not", async () => {
    const { code, stdout, stderr } = await show("nothing-of-that-name");
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(
      /^atlas-secrets: None of the sources has a secret, account or resource nothing-of-that-name/,
    );
  });
});
