/** Who writes a run, as its lock names him, and whether he still lives. */
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

export interface Writer {
  readonly pid: number;
  /** The machine, its boot and its namespace of process ids: where two writers share it, their pids can be compared. */
  readonly host: string;
  /** When the process started, in the machine's own count; another process that got the same pid started later. */
  readonly started?: string;
  /** Unix milliseconds of his last sign of life, by his own clock. */
  readonly heartbeat: number;
  /** He is done and wants nothing more. */
  readonly released?: true;
}

/** What a machine tells of its processes. */
export interface Processes {
  readonly self: Pick<Writer, 'pid' | 'host' | 'started'>;
  exists(pid: number): boolean;
  /** Undefined where the machine does not tell. */
  startOf(pid: number): string | undefined;
}

/** A writer on another machine is dead after so many milliseconds without a sign of life. */
export const STALE = 60_000;
export const HEARTBEAT = 5_000;

/**
 * Whether a writer may still write. On his own machine his process tells; on another one, or after a reboot, only his
 * heartbeat does.
 */
export const isAlive = (writer: Writer, processes: Processes, now: number): boolean => {
  if (writer.released) return false;
  const fresh = now - writer.heartbeat < STALE;
  if (writer.host !== processes.self.host) return fresh;
  if (!processes.exists(writer.pid)) return false;
  const start = processes.startOf(writer.pid);
  return start === undefined || writer.started === undefined ? fresh : start === writer.started;
};

const quietly = (read: () => string): string | undefined => {
  try {
    return read().trim();
  } catch {
    return undefined;
  }
};

/** /proc/PID/stat from its third field on: after the name in brackets, which may hold anything. */
const statOf = (pid: number): string[] | undefined => {
  const stat = quietly(() => readFileSync(`/proc/${pid}/stat`, 'latin1'));
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
};

/** Field 22. */
const startOf = (pid: number): string | undefined => statOf(pid)?.[19];

const exists = (pid: number): boolean => {
  // Killed, and only not yet buried by its parent.
  if (['Z', 'X'].includes(statOf(pid)?.[0] ?? '')) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is there, and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

export const processesHere = (): Processes => {
  const boot = quietly(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8'));
  const namespace = quietly(() => readlinkSync('/proc/self/ns/pid'));
  const started = startOf(process.pid);
  const host = [hostname(), boot, namespace].filter((part) => part !== undefined).join(' ');
  return { self: { pid: process.pid, host, ...(started !== undefined && { started }) }, exists, startOf };
};
