/** What `@pulumi/policy` 1.21.0 uses of `@pulumi/pulumi`, from the copy that it would load. See `lean-sdk.ts`. */
import { createRequire } from "node:module";

const requireAsSdk = createRequire(require.resolve("@pulumi/policy"));

export const asset = requireAsSdk("@pulumi/pulumi/asset") as typeof import("@pulumi/pulumi").asset;
export const { Output } = requireAsSdk("@pulumi/pulumi/output") as typeof import("@pulumi/pulumi");
