/**
 * Where the jobs of a sweep, their logs and their results lie: objects by key, and folders of files.
 *
 * Keys are relative, with `/` between their parts. `create` decides every race: of several writers of a key one wins.
 */
export interface ResultStore {
  /** How messages name it. */
  readonly name: string;
  /** Undefined where there is nothing. */
  read(key: string): Promise<Uint8Array | undefined>;
  /**
   * Writes an object whole or not at all, and flushes it. False, and nothing changed, where there is one already.
   * An error leaves open whether it was written.
   */
  create(key: string, content: string): Promise<boolean>;
  /** Writes an object whole or not at all, over one that may be there. */
  replace(key: string, content: string | Uint8Array): Promise<void>;
  /** Where there is nothing, nothing happens. */
  remove(key: string): Promise<void>;
  /** A new local folder for the files of `key`, of which nobody else writes any. */
  openFolder(key: string): Promise<string>;
  /** Brings files (relative paths) of the local folder to where `key` keeps them, for good. */
  publish(key: string, folder: string, files: readonly string[]): Promise<void>;
  /** Gives the local folder back; what was published stays. */
  closeFolder(folder: string): Promise<void>;
}

/** Where sweeps lie side by side: a folder, or a prefix of a bucket. */
export interface StoreRoot {
  readonly name: string;
  /** The store of one sweep. */
  readonly sweep: (name: string) => ResultStore;
}

/** Throws RangeError unless a key is relative and stays within its store. */
export const checkKey = (key: string): string => {
  const parts = key.split('/');
  if (key === '' || parts.some((part) => part === '' || part === '.' || part === '..' || /[\\:\0]/.test(part))) {
    throw new RangeError(`key of a result: expected a relative path without .., got ${JSON.stringify(key)}`);
  }
  return key;
};
