/** Processes of this machine as `ps` lists them on Linux and macOS: to find one by its arguments below another, and to kill it. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** One running process. */
export interface RunningProcess {
  readonly pid: number;
  readonly parentPid: number;
  readonly args: string;
}

/** Every process below `pid`, parents before their children. */
export async function fetchDescendants(pid: number): Promise<RunningProcess[]> {
  const all = await fetchProcesses();
  const found: RunningProcess[] = [];
  for (let generation = [pid]; generation.length > 0; ) {
    const children = all.filter(({ parentPid }) => generation.includes(parentPid));
    found.push(...children);
    generation = children.map((child) => child.pid);
  }
  return found;
}

/** Ends a process at once, as `kill -9` does. One that has ended already is no error. */
export function killNow(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** Kills those that still run as they were when they were listed: a number may have gone to another process since. */
export async function killLeftOver(listed: readonly RunningProcess[]): Promise<void> {
  const running = await fetchProcesses();
  for (const { pid, args } of listed) {
    if (running.some((other) => other.pid === pid && other.args === args)) killNow(pid);
  }
}

async function fetchProcesses(): Promise<RunningProcess[]> {
  const { stdout } = await promisify(execFile)("ps", ["-eo", "pid=,ppid=,args="], { maxBuffer: 16 * 1024 * 1024 });
  return stdout.split("\n").flatMap((line) => {
    const [, pid, parentPid, args = ""] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return pid === undefined ? [] : [{ pid: Number(pid), parentPid: Number(parentPid), args }];
  });
}
