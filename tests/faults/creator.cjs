/**
 * A provider process of its own, started by a test: on a message it creates many secrets at the same time with the handlers as
 * they are built, over the product's own transport and in real time, and answers what became of each.
 */
const { join } = require("node:path");

const dist = join(__dirname, "../../provider/dist");
const { createProjectSecretHandlers } = require(join(dist, "handlers/plain-secret.js"));
const { createTransport } = require(join(dist, "atlas/transport.js"));

const transport = createTransport();
let caller = "";

/** One set of handlers, as the engine has in one process. */
const handlers = createProjectSecretHandlers({
  report: () => {},
  transport: (request) => transport({ ...request, headers: { ...request.headers, "x-test-caller": caller } }),
});
handlers.configure({ config: { get: () => undefined } });

async function create(args) {
  const { inputs } = handlers.check({}, args);
  try {
    const { outs } = await handlers.create(inputs);
    return { secretId: outs.secretId, value: outs.secret.value };
  } catch (error) {
    return { code: error.code ?? null, message: error.message };
  }
}

process.on("message", async ({ name, args, count }) => {
  caller = name;
  process.send(await Promise.all(Array.from({ length: count }, () => create(args))));
});
// Ends with the test, however that ends.
process.on("disconnect", () => process.exit());
process.send("ready");
