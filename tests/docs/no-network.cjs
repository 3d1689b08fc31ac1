/** Preloaded into a process that must not reach the network: a connection to anywhere ends it. */
const net = require("node:net");
const { Socket } = net;
const { connect } = Socket.prototype;

Socket.prototype.connect = function (...args) {
  const [first] = Array.isArray(args[0]) ? args[0] : args;
  if (typeof first === "object" && first !== null && "path" in first && first.path) return connect.apply(this, args);
  process.stderr.write(`a connection was tried: ${JSON.stringify(first)}\n`);
  process.exit(97);
};
