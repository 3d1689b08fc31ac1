/** `atlas-secrets doctor`: whether the first `pulumi up` will work. It reads, and writes nothing but with `--write-check`. */

import { resolve } from "node:path";
import { type Command, InvalidArgumentError } from "commander";
import type { AccountRef } from "pulumi-atlas-secrets/rotation";
import type { Owner } from "../audit/inventory.js";
import type { RegisterCommand } from "../command.js";
import { decideExitCode } from "../doctor/check.js";
import { diagnose } from "../doctor/diagnose.js";
import { renderDoctorJson, renderLines } from "../doctor/render.js";
import { CliFailure } from "../failure.js";
import { toRenderOptions } from "../render/render-options.js";
import type { CredentialPrefixes } from "../sources/credentials.js";
import { createParseOwner, parseCredential } from "../sources/source-options.js";

const EXAMPLES = `
Examples:
  $ atlas-secrets doctor --stack dev
  $ atlas-secrets doctor --account 64a1f0c2e4b0a1b2c3d4e5f6/mdb_sa_id_64a1f0c2e4b0a1b2c3d4e5f7 --json
  $ atlas-secrets doctor --write-check 64a1f0c2e4b0a1b2c3d4e5f6/mdb_sa_id_64a1f0c2e4b0a1b2c3d4e5f7

Exit codes: 0 fine, 1 something will not work, 2 incomplete: not everything could be read.
`;

interface DoctorOptions {
  readonly program: string;
  readonly stack?: string;
  readonly preview: boolean;
  readonly account?: readonly AccountRef[];
  readonly project?: readonly Owner[];
  readonly org?: readonly Owner[];
  readonly credential?: CredentialPrefixes;
  readonly writeCheck?: AccountRef;
  readonly yes?: true;
  readonly mayShorten?: true;
  readonly json?: true;
}

export const registerDoctor: RegisterCommand = (program, { environment, finish }) => {
  const command = program
    .command("doctor")
    .description("Tell before the first 'pulumi up' whether it will work. Changes nothing, but with --write-check.")
    .addHelpText("after", EXAMPLES);
  addOptions(command).action(async (files: readonly string[], options: DoctorOptions) => {
    const { program: folder, stack, account = [], project = [], org = [], writeCheck, json, preview } = options;
    const { credential: credentials = new Map(), yes: isAgreed = false, mayShorten = false } = options;
    if (!writeCheck && (isAgreed || mayShorten)) throw new CliFailure("--yes and --may-shorten need --write-check.");
    const isTerminal = environment.stdin.isTTY === true;
    if (writeCheck && !isAgreed && (!isTerminal || files.includes("-"))) {
      throw new CliFailure("--write-check creates a secret and there is no terminal to ask on: agree with --yes.");
    }
    const report = await diagnose(
      {
        files,
        folder: resolve(environment.cwd, folder),
        accounts: writeCheck ? [...account, writeCheck] : account,
        owners: [...project, ...org],
        credentials,
        ...(stack !== undefined && { stack }),
        hasPreview: preview,
        ...(writeCheck && { writeCheck: { account: writeCheck, isAgreed, mayShorten } }),
      },
      environment,
    );
    environment.stdout.write(json ? renderDoctorJson(report) : renderLines(report, toRenderOptions(environment)));
    finish(decideExitCode(report.checks));
  });
};

function addOptions(command: Command): Command {
  return command
    .argument("[files...]", "what 'pulumi stack export' or 'pulumi stack output --json' wrote; - for standard input")
    .option("--program <folder>", "the folder of the program, with its Pulumi.yaml", ".")
    .option("--stack <name>", "read the configuration and the state of this stack of the program, and preview it")
    .option("--no-preview", "with --stack: do not run the program for a preview")
    .option("--account <project/client>", "look at this account too; repeatable", collectAccount)
    .option("--project <id>", "look at this project too; repeatable", createParseOwner("project"))
    .option("--org <id>", "look at this organization too; repeatable", createParseOwner("organization"))
    .option(
      "--credential <id=prefix>",
      "sign in for this project or organization with PREFIX_CLIENT_ID and PREFIX_CLIENT_SECRET; repeatable",
      parseCredential,
    )
    .option("--write-check <project/client>", "create a secret of 8 hours there, and delete it again", parseAccountPath)
    .option("--yes", "with --write-check: do not ask")
    .option("--may-shorten", "with --write-check: the expiry of another secret may be shortened to 7 days by it")
    .option("--json", "show the report as JSON");
}

/** Parses `PROJECT/CLIENT`. */
export function parseAccountPath(text: string): AccountRef {
  const [, ownerId, clientId] = /^([a-f0-9]{24})\/(mdb_sa_id_[a-fA-F\d]{24})$/.exec(text) ?? [];
  if (!ownerId || !clientId) {
    throw new InvalidArgumentError("Write PROJECT/CLIENT: an id of 24 digits of a-f0-9, and mdb_sa_id_ with 24 more.");
  }
  return { level: "project", ownerId, clientId };
}

function collectAccount(text: string, before: readonly AccountRef[] = []): readonly AccountRef[] {
  return [...before, parseAccountPath(text)];
}
