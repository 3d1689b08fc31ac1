/** A folder with a program, and programs that tell their versions, so that `doctor` finds nothing wrong on the machine. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Simulator } from "pulumi-atlas-secrets-simulator";
import { toEnvironment } from "../audit/command.js";

const MODULES = resolve(__dirname, "../../../node_modules");

/** What the machine has. */
export interface Machine {
  /** The program's folder. */
  readonly folder: string;
  /** The only folder on the PATH. */
  readonly path: string;
  /** Credentials of the simulator's administrator, and that PATH. */
  env(atlas: Pick<Simulator, "url">): Record<string, string>;
  /** Gives the stack `dev` a configuration, a state, and what a preview of it prints; without that a preview fails. */
  writeStack(config: unknown, state: string, preview?: string): void;
  remove(): void;
}

/** Makes one. The CLI is a script that prints what a stack was given. */
export function createMachine(): Machine {
  const root = mkdtempSync(join(tmpdir(), "atlas-secrets-doctor-"));
  const [folder, path] = [join(root, "program"), join(root, "bin")];
  mkdirSync(folder);
  mkdirSync(path);
  writeFileSync(join(folder, "Pulumi.yaml"), "name: demo\nruntime: nodejs\n");
  symlinkSync(MODULES, join(folder, "node_modules"));
  const script = (name: string, text: string) =>
    writeFileSync(join(path, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  script("node", "echo v24.21.0");
  script("pulumi", "echo v3.259.0");
  return {
    folder,
    path,
    env: (atlas) => ({ ...toEnvironment(atlas), PATH: path }),
    writeStack: (config, state, preview) => {
      const [configFile, stateFile] = [join(root, "config.json"), join(root, "state.json")];
      const previewFile = join(root, "preview.json");
      writeFileSync(configFile, JSON.stringify(config));
      writeFileSync(stateFile, state);
      writeFileSync(previewFile, preview ?? "");
      const show = (file: string) => `exec /bin/cat '${file}'`;
      script(
        "pulumi",
        [
          `case "$*" in`,
          "version*) echo v3.259.0;;",
          `"config --json --show-secrets --stack dev "*) ${show(configFile)};;`,
          `"stack export --stack dev "*) ${show(stateFile)};;`,
          ...(preview === undefined ? [] : [`"preview --json --show-sames --stack dev "*) ${show(previewFile)};;`]),
          `*) echo "error: no stack named '$4' found" >&2; exit 255;;`,
          "esac",
        ].join("\n"),
      );
    },
    remove: () => rmSync(root, { recursive: true }),
  };
}
