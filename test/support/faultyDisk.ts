import { basename, dirname, join } from 'node:path';
import { type KeyedStream, keyedStream } from '../../src/engine/random/index.js';
import type { FileSystem, OpenFile } from '../../src/lab/runs/fileSystem.js';

/** The process is gone: nothing that it still asks for happens. */
export class Killed extends Error {}

interface Inode {
  data: Buffer;
  /** What the disk surely holds. */
  synced: Buffer;
  changed: number;
}

export const systemError = (code: string): Error => Object.assign(new Error(code), { code });

type Fault = (call: number) => 'kill' | Error | undefined;

/**
 * A disk in memory that counts the calls of the file system and breaks at one of them. A call that is killed is
 * done in part: not at all, torn in its middle, or whole, as the seed has it.
 */
export class FaultyDisk implements FileSystem {
  calls = 0;
  private dead = false;
  private entries = new Map<string, Inode>();
  private folders = new Set<string>(['/']);
  /** How to take back the changes of names in a folder that it was not flushed after. */
  private unsynced = new Map<string, (() => void)[]>();
  private readonly random: KeyedStream;

  constructor(
    seed: number,
    private fault: Fault = () => undefined,
  ) {
    this.random = keyedStream(seed, 'faulty disk', 0);
  }

  /** After a kill: the machine went on, and what was written is there. After a power failure: what was flushed is. */
  restart(loss: 'kill' | 'power', fault: Fault = () => undefined): void {
    if (loss === 'power') {
      for (const undo of this.unsynced.values()) {
        const kept = this.random.below(undo.length + 1);
        for (const take of undo.slice(kept).reverse()) take();
      }
      for (const inode of new Set(this.entries.values())) inode.data = this.afterPowerFailure(inode);
    }
    for (const inode of this.entries.values()) inode.synced = inode.data;
    this.unsynced.clear();
    this.calls = 0;
    this.dead = false;
    this.fault = fault;
  }

  /** Every file but those of the lock, by path below `folder`. */
  content(folder: string): Record<string, Buffer> {
    const inside = [...this.entries].filter(([path]) => path.startsWith(`${folder}/`) && !path.includes('/lock/'));
    return Object.fromEntries(inside.map(([path, { data }]) => [path.slice(folder.length + 1), data]));
  }

  /** Changes the content of a file as only a fault of the disk can. */
  damage(path: string, change: (data: Buffer) => Buffer): void {
    this.entries.get(path)!.data = change(this.entries.get(path)!.data);
  }

  mkdir(path: string): Promise<string | undefined> {
    return this.call(undefined, () => {
      let made: string | undefined;
      for (let at = path; !this.folders.has(at); at = dirname(at)) {
        this.folders.add(at);
        made = at;
      }
      return made;
    });
  }

  readdir(path: string): Promise<string[]> {
    return this.call(undefined, () => {
      if (!this.folders.has(path)) throw systemError('ENOENT');
      const all = [...this.entries.keys(), ...this.folders].filter((name) => name !== '/' && dirname(name) === path);
      return all.map((name) => basename(name));
    });
  }

  readFile(path: string): Promise<Uint8Array> {
    return this.call(undefined, () => Buffer.from(this.at(path).data));
  }

  stat(path: string): Promise<{ size: number; mtimeMs: number }> {
    return this.call(undefined, () => ({ size: this.at(path).data.length, mtimeMs: this.at(path).changed }));
  }

  rename(from: string, to: string): Promise<void> {
    return this.call(undefined, () => {
      const [moved, before] = [this.at(from), this.entries.get(to)];
      this.entries.delete(from);
      this.entries.set(to, moved);
      this.journal(to, () => {
        this.entries.set(from, moved);
        if (before) this.entries.set(to, before);
        else this.entries.delete(to);
      });
    });
  }

  rm(path: string): Promise<void> {
    return this.call(undefined, () => {
      const before = this.entries.get(path);
      if (before === undefined) return;
      this.entries.delete(path);
      this.journal(path, () => void this.entries.set(path, before));
    });
  }

  writeFile(path: string, content: string | Uint8Array, { flag }: { flag?: 'wx' }): Promise<void> {
    const whole = Buffer.from(content as Uint8Array);
    const write = (data: Buffer, flushed: boolean): void => {
      if (flag === 'wx' && this.entries.has(path)) throw systemError('EEXIST');
      const inode = this.create(path);
      inode.data = data;
      if (flushed) inode.synced = data;
    };
    return this.call(
      () => write(whole.subarray(0, this.random.below(whole.length + 1)), false),
      () => write(whole, true),
    );
  }

  open(path: string, flags: 'r' | 'a'): Promise<OpenFile> {
    return this.call(undefined, () => {
      if (this.folders.has(path)) return this.handle(undefined, path);
      return this.handle(flags === 'a' ? this.create(path) : this.at(path), path);
    });
  }

  private handle(inode: Inode | undefined, path: string): OpenFile {
    const change = (data: Buffer): void => {
      inode!.data = data;
      inode!.changed = this.calls;
    };
    return {
      appendFile: (content) =>
        this.call(
          () => change(Buffer.concat([inode!.data, content.subarray(0, this.random.below(content.length + 1))])),
          () => change(Buffer.concat([inode!.data, content])),
        ),
      truncate: (length) => this.call(undefined, () => change(inode!.data.subarray(0, length))),
      sync: () =>
        this.call(undefined, () => {
          if (inode) inode.synced = inode.data;
          else this.unsynced.delete(path);
        }),
      close: () => this.call(undefined, () => undefined),
    };
  }

  private async call<T>(torn: (() => void) | undefined, whole: () => T): Promise<T> {
    await Promise.resolve();
    if (this.dead) throw new Killed();
    const fault = this.fault(++this.calls);
    if (fault === undefined) return whole();
    if (fault !== 'kill') throw fault;
    this.dead = true;
    const part = this.random.below(3);
    try {
      if (part === 1) torn?.();
      if (part === 2) whole();
    } catch {
      // Nobody is there to be told.
    }
    throw new Killed();
  }

  private at(path: string): Inode {
    const inode = this.entries.get(path);
    if (inode === undefined) throw systemError('ENOENT');
    return inode;
  }

  private create(path: string): Inode {
    if (!this.folders.has(dirname(path))) throw systemError('ENOENT');
    const there = this.entries.get(path);
    if (there) return there;
    const inode = { data: Buffer.alloc(0), synced: Buffer.alloc(0), changed: this.calls };
    this.entries.set(path, inode);
    this.journal(path, () => void this.entries.delete(path));
    return inode;
  }

  private journal(path: string, undo: () => void): void {
    const folder = dirname(path);
    this.unsynced.set(folder, [...(this.unsynced.get(folder) ?? []), undo]);
  }

  /** What was added since the last flush may be there in part; other changes wholly or not at all. */
  private afterPowerFailure({ data, synced }: Inode): Buffer {
    const grown = data.length > synced.length && data.subarray(0, synced.length).equals(synced);
    if (grown) return data.subarray(0, synced.length + this.random.below(data.length - synced.length + 1));
    return this.random.below(2) === 0 ? synced : data;
  }
}

/** Where tests put a run on such a disk. */
export const RUN = join('/runs', 'joint');
