/** One provider process with the handlers of both project resources, as the engine's host has: each call goes to the right one. */

import { type ProcessOptions, ProviderProcess } from "../../provider/src/account/process.js";

import { createSecretHandlers } from "../../provider/src/handlers/plain-secret.js";
import { createRotatingHandlers } from "../../provider/src/handlers/rotating-secret.js";
import type { Properties, SecretHandlers } from "../../provider/src/protocol.js";
import { PROJECT } from "../../provider/src/records/scope.js";

/** Makes the handlers. A rotating resource is one whose inputs or outputs hold `quietHours`. */
export function createBothHandlers(options: ProcessOptions): SecretHandlers {
  const process = new ProviderProcess(options);
  const [replaced, rotating] = [createSecretHandlers(PROJECT, process), createRotatingHandlers(PROJECT, process)];
  const find = (properties: Properties) => (properties.quietHours === undefined ? replaced : rotating);
  return {
    configure: (request) => process.configure(request),
    check: (olds, news) => find(news).check(olds, news),
    diff: (id, olds, news) => find(news).diff(id, olds, news),
    create: (inputs) => find(inputs).create(inputs),
    read: (id, outputs) => find(outputs).read(id, outputs),
    update: (id, olds, news) => find(news).update(id, olds, news),
    delete: (id, outputs) => find(outputs).delete(id, outputs),
  };
}
