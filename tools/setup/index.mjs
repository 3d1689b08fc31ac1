/** Makes a checkout ready to run: packages, Node 24, the Pulumi CLI, and for the tests Python and Go programs. What is there already is not fetched again. */
import { dirname, join } from "node:path";
import { findExecutable, prependPath } from "./executables.mjs";
import { ensureLanguages } from "./languages.mjs";
import { describeMachine } from "./machine.mjs";
import { nodePath } from "./node.mjs";
import { ensurePackages } from "./packages.mjs";
import { createProgress } from "./progress.mjs";
import { ensurePulumi } from "./pulumi.mjs";
import { toShown } from "./setup-error.mjs";

/**
 * @typedef {object} Tools
 * @property {string} root the checkout
 * @property {string} node path of a Node 24 or later
 * @property {string} pulumi path of the Pulumi CLI
 * @property {string} pulumiVersion
 * @property {NodeJS.ProcessEnv} env this environment, with the tools first on PATH and `ATLAS_SECRETS_PULUMI` set to `pulumi`
 */

/**
 * Sets the checkout up.
 * @param {{ log?: import("./progress.mjs").Progress, languages?: boolean }} [options] `languages`: whether Python and Go programs are to run too
 * @returns {Promise<Tools>}
 * @throws {import("./setup-error.mjs").SetUpError} with a message that says all
 */
export async function setUp({ log = createProgress(), languages = false } = {}) {
  const machine = describeMachine();
  const signals = { SIGINT: () => process.exit(130), SIGTERM: () => process.exit(143) };
  // Without a handler a signal ends the process before its temporary folders are removed.
  for (const [signal, handler] of Object.entries(signals)) process.on(signal, handler);
  try {
    await ensurePackages(machine, log);
    const node = await nodePath(machine, log);
    const { path, version, folders } = await ensurePulumi(machine, node, log);
    const added = languages ? await ensureLanguages(machine, folders, log) : { folders: [], env: {} };
    const env = prependPath(machine.env, orderFolders(machine, node, [...folders, ...added.folders]));
    return {
      root: machine.root,
      node,
      pulumi: path,
      pulumiVersion: version,
      env: { ...env, ...added.env, ATLAS_SECRETS_PULUMI: path, PULUMI_SKIP_UPDATE_CHECK: "1" },
    };
  } catch (error) {
    throw toShown(error);
  } finally {
    for (const [signal, handler] of Object.entries(signals)) process.off(signal, handler);
  }
}

/** A folder such as /usr/bin can hold an older `node`, or an older `pulumi`, than the one that was chosen. */
function orderFolders({ root, platform }, node, pulumiFolders) {
  const hidesNode = findExecutable("node", pulumiFolders, platform) !== undefined;
  const folders = hidesNode ? [dirname(node), ...pulumiFolders] : [...pulumiFolders, dirname(node)];
  return [...folders, join(root, "node_modules", ".bin")];
}
