/** Compiled and never run: the build fails when a handler is no dynamic provider of Pulumi any more. */
import type * as pulumi from "@pulumi/pulumi";
import * as handlers from "../../../provider/src/handlers/index.js";

handlers satisfies Record<string, pulumi.dynamic.ResourceProvider>;
