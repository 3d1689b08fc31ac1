/**
 * Fetches the URL in `SETUP_FETCH_URL` into the file named as argument; run by Node 24 as a process of its own. When it
 * fails, the last line printed says why, without the user and password that the URL may hold.
 */
import { createWriteStream } from "node:fs";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";

/** How long a server may stay silent. Connecting alone is limited to 10 s by Node. @see https://undici.nodejs.org (connectTimeout) */
const SILENCE_MS = 30_000;

const silence = new AbortController();
const timer = setTimeout(() => silence.abort(new Error(`no byte for ${SILENCE_MS / 1000} s`)), SILENCE_MS);

async function fetchTo(url, target) {
  const { username, password } = url;
  const headers =
    username === ""
      ? {}
      : { authorization: `Basic ${btoa(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`)}` };
  url.username = "";
  url.password = "";
  try {
    const response = await fetch(url, { headers, signal: silence.signal });
    if (!response.ok || response.body === null) throw new Error(`the server answered ${response.status}`);
    const watch = new Transform({
      transform(chunk, _encoding, done) {
        timer.refresh();
        done(null, chunk);
      },
    });
    await pipeline(Readable.fromWeb(response.body), watch, createWriteStream(target), { signal: silence.signal });
  } catch (error) {
    const cause = silence.signal.reason ?? error.cause ?? error;
    throw new Error(`${url.href} could not be fetched: ${cause.code ?? cause.message}`);
  } finally {
    clearTimeout(timer);
  }
}

const [target] = process.argv.slice(2);
try {
  await fetchTo(new URL(process.env.SETUP_FETCH_URL ?? ""), target);
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
