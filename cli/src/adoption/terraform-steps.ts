/**
 * How Terraform and OpenTofu are told to forget what is adopted without deleting it: by `removed` blocks, in one apply whose plan
 * can be read before, or by `state rm` where no such block can say it.
 *
 * @see https://developer.hashicorp.com/terraform/language/state/remove
 * @see https://opentofu.org/docs/language/resources/behavior
 */
import type { Origin, TerraformOrigin } from "./found-secret.js";
import { toShell } from "./shell.js";

/** Releases that know the block, and its `lifecycle`: 107 is 1.7. Without one, OpenTofu's deletes nothing. */
const REMOVED_SINCE = 107;
const LIFECYCLE_SINCE = { terraform: 107, tofu: 110 } as const;

/** What to change in the configuration and to run, line by line; nothing when no secret is Terraform's. */
export function toForgetLines(origins: readonly Origin[]): string[] {
  const own = origins.filter((origin) => origin.kind === "terraform");
  const [first] = own;
  if (!first) return [];
  const { command } = first;
  const isWhole = ({ block, instances, release }: TerraformOrigin) =>
    release >= REMOVED_SINCE && own.filter((other) => other.block === block).length === instances;
  const blocks = new Map(own.filter(isWhole).map((origin) => [origin.block, origin]));
  const addresses = own.filter((origin) => !isWhole(origin)).map(({ address }) => toShell(address));
  const removed = [
    "# Into the root module, in the change that takes their resource blocks out: one that only goes away takes its secret with it.",
    ...[...blocks.values()].flatMap(toRemovedBlock),
    `$ ${command} plan    # must keep each ("will not be destroyed"), and have 0 to add and 0 to destroy; else stop`,
    `$ ${command} apply`,
  ];
  const byHand = [
    "# No such block can name these. Pause every run of this configuration, then",
    `$ ${command} state rm ${addresses.join(" ")}`,
    "# and only then take them out of the configuration: keys out of for_each; a count can lose none but its last.",
    `$ ${command} plan    # must have 0 to add and 0 to destroy; else stop`,
  ];
  return [...(blocks.size > 0 ? removed : []), ...(addresses.length > 0 ? byHand : [])];
}

function toRemovedBlock({ block, command, release }: TerraformOrigin): string[] {
  const lifecycle = ["  lifecycle {", "    destroy = false", "  }"];
  return ["removed {", `  from = ${block}`, ...(release >= LIFECYCLE_SINCE[command] ? lifecycle : []), "}"];
}
