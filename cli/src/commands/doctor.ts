/** `atlas-secrets doctor`: whether the first `pulumi up` will work. It reads, and writes nothing but with `--write-check`. */
import { Option } from "commander";
import { parseAccountAddress } from "../address.js";
import type { CommandDefinition } from "../command.js";
import { decideExitCode } from "../doctor/check.js";
import { diagnose } from "../doctor/diagnose.js";
import { DOCTOR_RENDERERS, type DoctorFormat } from "../doctor/render.js";
import { CliFailure } from "../failure.js";
import { collect, createFormat, FILES, OPTIONS, type SourceOptions, toOneStack } from "../options.js";
import { writeReport } from "../write-report.js";

interface DoctorOptions extends SourceOptions {
  readonly preview: boolean;
  readonly account?: readonly string[];
  readonly writeCheck?: string;
  readonly yes?: true;
  readonly mayShorten?: true;
  readonly format: DoctorFormat;
  readonly output?: string;
}

export const doctorCommand: CommandDefinition = {
  name: "doctor",
  description:
    "Tell before the first 'pulumi up' whether it will work. Run it in the program's folder; changes nothing, but with --write-check.",
  operands: [FILES],
  options: [
    OPTIONS.stack,
    new Option("--no-preview", "with --stack: do not run the program for a preview"),
    new Option("--account <project/client>", "look at this account too; repeatable").argParser(collect),
    OPTIONS.project,
    OPTIONS.organization,
    OPTIONS.credential,
    new Option("--write-check <project/client>", "create a secret of 8 hours there, and delete it again"),
    OPTIONS.yes,
    new Option("--may-shorten", "with --write-check: the expiry of another secret may be shortened to 7 days by it"),
    createFormat(Object.keys(DOCTOR_RENDERERS)),
    OPTIONS.json,
    OPTIONS.output,
  ],
  examples: [
    "atlas-secrets doctor --stack dev",
    "atlas-secrets doctor --account 64a1f0c2e4b0a1b2c3d4e5f6/mdb_sa_id_64a1f0c2e4b0a1b2c3d4e5f7 --json",
    "atlas-secrets doctor --write-check 64a1f0c2e4b0a1b2c3d4e5f6/mdb_sa_id_64a1f0c2e4b0a1b2c3d4e5f7",
  ],
  exitCodes: "0 fine, 1 something will not work, 2 not everything could be read",
  async run(files, options: DoctorOptions, environment) {
    const { account = [], project = [], organization = [], writeCheck: asked, preview: hasPreview } = options;
    const { credential: credentials = new Map(), yes: isAgreed = false, mayShorten = false } = options;
    const stack = toOneStack(options);
    if (asked === undefined && (isAgreed || mayShorten)) {
      throw new CliFailure("--yes and --may-shorten need --write-check.");
    }
    const isTerminal = environment.stdin.isTTY === true;
    if (asked !== undefined && !isAgreed && (!isTerminal || files.includes("-"))) {
      throw new CliFailure("--write-check creates a secret and there is no terminal to ask on: agree with --yes.");
    }
    const writeCheck = asked === undefined ? undefined : parseAccountAddress(asked, organization);
    const named = account.map((text) => parseAccountAddress(text, organization));
    const report = await diagnose(
      {
        files,
        folder: environment.cwd,
        accounts: writeCheck ? [...named, writeCheck] : named,
        owners: [...project, ...organization],
        credentials,
        ...(stack !== undefined && { stack }),
        hasPreview,
        ...(writeCheck && { writeCheck: { account: writeCheck, isAgreed, mayShorten } }),
      },
      environment,
    );
    await writeReport((shown) => DOCTOR_RENDERERS[options.format](report, shown), options.output, environment);
    return decideExitCode(report.checks);
  },
};
