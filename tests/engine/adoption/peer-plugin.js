/**
 * Stands in for the resource plugin of `@pulumi/mongodbatlas`, which the engine asks whether a resource of the peer changed. It
 * knows one class, as far as a state that exists is concerned, and can neither create nor delete anything. Every call is noted
 * in the file `PEER_CALLS`.
 */
const { appendFileSync } = require("node:fs");
const provider = require("@pulumi/pulumi/provider");
const { version } = require("@pulumi/mongodbatlas/package.json");

const REPLACING = ["projectId", "clientId", "secretExpiresAfterHours"];

function note(call, urn) {
  appendFileSync(process.env.PEER_CALLS, `${call} ${urn}\n`);
}

function refuse(call) {
  return async (_, urn) => {
    note(call, urn);
    throw new Error(`the stand-in was asked to ${call}`);
  };
}

void provider.main(
  {
    version,
    getSchema: async () => JSON.stringify({ name: "mongodbatlas", version }),
    check: async (urn, _olds, news) => {
      note("check", urn);
      return { inputs: news, failures: [] };
    },
    diff: async (_id, urn, olds, news) => {
      note("diff", urn);
      const replaces = REPLACING.filter((name) => name in news && olds[name] !== news[name]);
      return { changes: replaces.length > 0, replaces };
    },
    read: async (id, urn, props) => {
      note("read", urn);
      return { id, props };
    },
    create: refuse("create"),
    update: refuse("update"),
    delete: refuse("delete"),
  },
  process.argv.slice(2),
);
