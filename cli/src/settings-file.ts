/** Settings from the file of `--config`: what neither the command line nor a variable says. */
import type { Command, Option } from "commander";
import { CliFailure } from "./failure.js";
import { isObject, parseJson } from "./sources/json.js";
import { fetchText } from "./sources/read-text.js";

/**
 * Gives a command the values of the file: an object of long names without dashes, as `{ "max-lifetime": 720 }`.
 *
 * @param all every option of every command that can be set there: a name that is none of them is refused, and no typo passes
 * @throws CliFailure when the file cannot be read, or a name or a value is wrong
 */
export async function applySettingsFile(
  command: Command,
  all: readonly Option[],
  from: Parameters<typeof fetchText>[1],
) {
  const { config: path } = command.opts<{ config?: string }>();
  if (path === undefined) return;
  const json = parseJson(await fetchText(path, from), path);
  if (!isObject(json)) throw new CliFailure(`Could not read ${path}: it is not a JSON object.`);
  const names = [...new Set(all.filter(({ envVar }) => envVar).map((option) => option.name()))];
  for (const [name, value] of Object.entries(json)) {
    if (!names.includes(name) || name === "config")
      throw new CliFailure(
        `Could not read ${path}: it sets ${JSON.stringify(name)}, and there are ${names.join(", ")}.`,
      );
    const option = command.options.find((one) => one.name() === name);
    if (!option) continue;
    const parsed = parse(option, String(value), path);
    const source = command.getOptionValueSource(option.attributeName()) ?? "default";
    if (source === "default") command.setOptionValueWithSource(option.attributeName(), parsed, "config");
  }
}

function parse(option: Option, text: string, path: string): unknown {
  try {
    return option.parseArg?.(text, undefined);
  } catch (error) {
    throw new CliFailure(`Could not read ${path}: ${option.name()}: ${(error as Error).message}`);
  }
}
