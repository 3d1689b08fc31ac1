/**
 * Lets `@pulumi/policy` load the two names that it uses of `@pulumi/pulumi`, and not all of it: the whole brings the TypeScript
 * compiler and npm's installer along, which take most of the time in which the engine waits for the pack. Has to be loaded
 * before `@pulumi/policy`; `deserialize.js` of it is what asks.
 */
import { registerHooks } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const ASKING = "/@pulumi/policy/deserialize.js";
const PARTS = pathToFileURL(join(__dirname, "sdk-parts.js")).href;

registerHooks({
  resolve: (specifier, context, next) => {
    const isAsked = specifier === "@pulumi/pulumi" && context.parentURL?.endsWith(ASKING);
    return isAsked ? { url: PARTS, format: "commonjs", shortCircuit: true } : next(specifier, context);
  },
});
