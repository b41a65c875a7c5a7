/** A file that is read at any place. */
export interface ByteFile {
  readonly size: number;
  /**
   * Fills `bytes` with what stands from byte `at` on.
   *
   * Throws: InputError where the file ends before.
   */
  read(bytes: Uint8Array, at: number): Promise<void>;
  close(): Promise<void>;
}

/** Opens a file, of a disk or of a browser's tab. Throws: InputError where it cannot be read. */
export interface OpenFile {
  (): Promise<ByteFile>;
  /** Of a file on a disk. */
  readonly path?: string;
}
