/** `atlas-secrets completion`: a script by which a shell completes commands, options and choices, made from the table of commands. */
import type { Option } from "commander";
import type { CommandDefinition } from "../command.js";
import { ExitCode } from "../exit-codes.js";
import { CliFailure } from "../failure.js";

/** What there is to complete, by command. */
type Words = readonly (readonly [command: CommandDefinition, options: readonly Option[]])[];

const SHELLS = new Map([
  ["bash", toBash],
  ["zsh", (words: Words) => `autoload -U +X bashcompinit && bashcompinit\n${toBash(words)}`],
  ["fish", toFish],
]);

/** Makes the command; `listWords` is asked when it runs, since it is itself in the table. */
export function createCompletion(listWords: () => Words): CommandDefinition {
  return {
    name: "completion",
    description: "Print a script by which a shell completes the commands and options of this program.",
    operands: [["<shell>", [...SHELLS.keys()].join(", ")]],
    options: [],
    examples: ["source <(atlas-secrets completion bash)", "atlas-secrets completion fish | source"],
    exitCodes: "0 printed, 2 no such shell",
    async run([shell = ""], _options, { stdout }) {
      const toScript = SHELLS.get(shell);
      if (!toScript) throw new CliFailure(`There is a script for ${[...SHELLS.keys()].join(", ")}.`);
      stdout.write(toScript(listWords()));
      return ExitCode.Clean;
    },
  };
}

function toBash(words: Words): string {
  const cases = words.map(([{ name }, options]) => {
    const flags = options.flatMap(({ short, long }) => [short, long]).filter((flag) => flag !== undefined);
    return `    ${name}) words="${flags.join(" ")} --help" ;;`;
  });
  const values = words.flatMap(([{ name }, options]) =>
    options.flatMap(({ short = "", long, argChoices }) =>
      argChoices ? [`    ${name}${long}|${name}${short}) words="${argChoices.join(" ")}" ;;`] : [],
    ),
  );
  return `_atlas_secrets() {
  local current="\${COMP_WORDS[COMP_CWORD]}" words=""
  case "\${COMP_WORDS[1]}" in
${cases.join("\n")}
  esac
  [ "$COMP_CWORD" -eq 1 ] && words="${words.map(([{ name }]) => name).join(" ")} --help --version"
  case "\${COMP_WORDS[1]}\${COMP_WORDS[COMP_CWORD - 1]}" in
${values.join("\n")}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _atlas_secrets atlas-secrets
`;
}

function toFish(words: Words): string {
  const quote = (text: string) => `'${text.replace(/['\\]/g, "\\$&")}'`;
  const lines = words.flatMap(([{ name, description }, options]) => [
    `complete -c atlas-secrets -n __fish_use_subcommand -a ${name} -d ${quote(description)}`,
    ...options.map(({ short, long, description: what, argChoices, required }) =>
      [
        `complete -c atlas-secrets -n '__fish_seen_subcommand_from ${name}' -l ${long?.slice(2)}`,
        ...(short ? [`-s ${short.slice(1)}`] : []),
        ...(argChoices ? [`-xa ${quote(argChoices.join(" "))}`] : required ? ["-r"] : []),
        `-d ${quote(what)}`,
      ].join(" "),
    ),
  ]);
  return `${lines.join("\n")}\n`;
}
