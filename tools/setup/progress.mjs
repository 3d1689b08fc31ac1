/**
 * Shows on stderr what the set-up is at: on a terminal one line that is updated, elsewhere plain lines with a sign of life
 * every 15 seconds, so that a log does not look stuck.
 */

const HEARTBEAT_MS = 15_000;
const SPINNER_MS = 120;
const FRAMES = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏";

/**
 * @typedef {object} Progress
 * @property {<T>(title: string, action: () => Promise<T>) => Promise<T>} step runs an action under a line of its own
 * @property {(text: string) => void} note prints one line
 */

/**
 * Returns a display.
 * @param {NodeJS.WriteStream} [stream]
 * @returns {Progress}
 */
export function createProgress(stream = process.stderr) {
  const note = (text) => void stream.write(`${text}\n`);
  return {
    note,
    step: async (title, action) => {
      const begun = performance.now();
      const display = stream.isTTY ? showSpinner(stream, title, begun) : showHeartbeat(note, title, begun);
      try {
        const result = await action();
        display.end(`${title}: done, ${seconds(begun)}`);
        return result;
      } catch (error) {
        display.end(`${title}: failed, ${seconds(begun)}`);
        throw error;
      }
    },
  };
}

function showSpinner(stream, title, begun) {
  let count = 0;
  const draw = () => {
    stream.write(`\r\x1b[2K${FRAMES[count % FRAMES.length]} ${title} ${seconds(begun)}`);
    count += 1;
  };
  draw();
  const timer = setInterval(draw, SPINNER_MS);
  return {
    end: (text) => {
      clearInterval(timer);
      stream.write(`\r\x1b[2K${text}\n`);
    },
  };
}

function showHeartbeat(note, title, begun) {
  note(`${title} ...`);
  const timer = setInterval(() => note(`${title}: under way, ${seconds(begun)}`), HEARTBEAT_MS);
  return {
    end: (text) => {
      clearInterval(timer);
      note(text);
    },
  };
}

function seconds(begun) {
  return `${((performance.now() - begun) / 1000).toFixed(1)} s`;
}
