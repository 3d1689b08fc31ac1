/** What the demonstration prints. Colour and the moving line only on a terminal. */

const { stdout } = process;
const isTerminal = stdout.isTTY === true && process.env.NO_COLOR === undefined;
const paint = (code, text) => (isTerminal ? `\u001b[${code}m${text}\u001b[0m` : text);

/** @param {string} text */
export function title(text) {
  stdout.write(`\n${paint("1", text)}\n`);
}

/** @param {string} text */
export function line(text) {
  stdout.write(`  ${text}\n`);
}

/** @param {string} text what is as expected */
export function good(text) {
  line(`${paint("32", "ok")}  ${text}`);
}

/** @param {string} text what is not */
export function bad(text) {
  line(`${paint("31", "NOT AS EXPECTED")}  ${text}`);
}

/**
 * Shows that `work` goes on, with the seconds since its start, until it ends.
 *
 * @template T
 * @param {string} text
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function during(text, work) {
  if (!isTerminal) {
    line(`$ ${text}`);
    return work();
  }
  const started = Date.now();
  const draw = () =>
    stdout.write(`\r  ${paint("36", "$")} ${text}  ${paint("2", `${Math.round((Date.now() - started) / 1000)} s`)}`);
  draw();
  const timer = setInterval(draw, 250);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    draw();
    stdout.write("\n");
  }
}

/** @param {readonly [string, string][]} rows */
export function table(rows) {
  const width = Math.max(...rows.map(([name]) => name.length));
  for (const [name, value] of rows) line(`${name.padEnd(width)}  ${value}`);
}
