// One Roster for one worker: on a free port, with a data folder of its own that is removed afterwards.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const ADMIN = { name: "admin", password: "correct horse battery staple" };

export const BINARY = process.env.ROSTER_BINARY ?? developmentBuild();
const START_WITHIN_MS = 20_000;

export interface Roster {
  /** Such as http://127.0.0.1:43211, without a slash at the end. */
  url: string;
  /** The data folder. */
  data: string;
  /** What the server wrote to its log so far. */
  log(): string;
  stop(): Promise<void>;
}

/** Where cargo puts what it builds for this machine. */
function developmentBuild(): string {
  const host = execFileSync("rustc", ["--print", "host-tuple"], { encoding: "utf8" }).trim();
  return fileURLToPath(new URL(`../../target/${host}/debug/roster`, import.meta.url));
}

/** Starts a server. `env` adds to or replaces the variables it gets. */
export async function startRoster(env: Record<string, string> = {}): Promise<Roster> {
  const data = await mkdtemp(join(tmpdir(), "roster-e2e-"));
  const child = spawn(BINARY, ["serve"], {
    cwd: tmpdir(),
    env: {
      PATH: process.env.PATH,
      ROSTER_LISTEN: "127.0.0.1:0",
      ROSTER_DATA: data,
      ROSTER_DEMO: "1",
      ROSTER_ADMIN_PASSWORD: ADMIN.password,
      ROSTER_LOG: "warn",
      ...env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let log = "";
  child.stdout.setEncoding("utf8").on("data", (text) => (log += text));
  child.stderr.setEncoding("utf8").on("data", (text) => (log += text));
  const stop = async () => {
    await end(child);
    await rm(data, { recursive: true, force: true });
  };
  try {
    return { url: await ready(child, () => log), data, log: () => log, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Waits for the line that names the address, and for the server to answer. */
async function ready(child: ChildProcess, log: () => string): Promise<string> {
  let failed: Error | undefined;
  child.once("error", (error) => (failed = new Error(`${BINARY} cannot be started: ${error.message}. Run \`tools/development.sh server\` first.`)));
  child.once("exit", (code) => (failed ??= new Error(`roster ended with ${code}:\n${log()}`)));
  for (const deadline = Date.now() + START_WITHIN_MS; Date.now() < deadline; ) {
    if (failed) throw failed;
    const url = /serves (http:\/\/\S+)/.exec(log())?.[1];
    if (url) {
      const answer = await fetch(`${url}/healthz`).catch(() => undefined);
      if (answer?.ok) return url;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`roster did not start within ${START_WITHIN_MS} ms:\n${log()}`);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  const late = setTimeout(() => child.kill("SIGKILL"), 5_000);
  await gone;
  clearTimeout(late);
}
