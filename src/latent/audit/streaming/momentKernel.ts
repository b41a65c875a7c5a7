/** Mean and variance of rows at the speed of memory: the inner loop of two power sums, in WebAssembly SIMD. */
import { addTwoPowers, type MomentSums, mergeSumsAbout, momentSums } from './momentSums.js';

/** What of WebAssembly is used here; every runtime of JavaScript has it, no library of ECMAScript declares it. */
declare const WebAssembly: {
  readonly Memory: new (size: { readonly initial: number }) => { readonly buffer: ArrayBuffer };
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (
    module: object,
    imports: object,
  ) => { readonly exports: Readonly<Record<string, (x: number, end: number, stride: number, into: number) => void>> };
};

/** Columns that one call sums: four vectors of two float64, whose sums and squares stay in registers. */
const COLUMNS = 8;
/** Bytes of memory before the rows: the sums of `COLUMNS` columns, then their squares. */
const ROOM = 2 * COLUMNS * 8;
const PAGE = 2 ** 16;

/** Opcodes; those of SIMD stand behind the prefix 0xfd. Source: WebAssembly core specification 2.0, §5.4. */
const OP = {
  loop: [0x03, 0x40],
  brIf: [0x0d, 0],
  end: [0x0b],
  add: [0x6a],
  lessThan: [0x49],
  /** Two float32 from memory, widened to float64. */
  loadPair: (offset: number) => [0xfd, 0x5d, 2, offset, 0xfd, 0x5f],
  store: (offset: number) => [0xfd, 0x0b, 3, offset],
  addPairs: [0xfd, 0xf0, 0x01],
  subPairs: [0xfd, 0xf1, 0x01],
  mulPairs: [0xfd, 0xf2, 0x01],
} as const;
const [I32, V128, FUNCTION] = [0x7f, 0x7b, 0x60];

const get = (local: number): number[] => [0x20, local];
const set = (local: number): number[] => [0x21, local];
const tee = (local: number): number[] => [0x22, local];

/** The function's parameters, then its locals: a vector for each pair of columns. */
const [X, END, STRIDE, INTO] = [0, 1, 2, 3];
const PAIRS = [0, 1, 2, 3];
const centre = (pair: number): number => 4 + pair;
const sum = (pair: number): number => 8 + pair;
const square = (pair: number): number => 12 + pair;
const DIFFERENCE = 16;

/**
 * add(x, end, stride, into): sums over the rows at x, x + stride, … below end, about the first of them.
 *
 *   into[k] = Σ_r (x_rk − x_0k),  into[8 + k] = Σ_r (x_rk − x_0k)²,  k = 0 … 7
 */
const BODY: readonly number[] = [
  ...PAIRS.flatMap((pair) => [...get(X), ...OP.loadPair(8 * pair), ...set(centre(pair))]),
  ...OP.loop,
  ...PAIRS.flatMap((pair) => [
    ...[...get(X), ...OP.loadPair(8 * pair), ...get(centre(pair)), ...OP.subPairs, ...tee(DIFFERENCE)],
    ...[...get(sum(pair)), ...OP.addPairs, ...set(sum(pair))],
    ...[...get(DIFFERENCE), ...get(DIFFERENCE), ...OP.mulPairs, ...get(square(pair)), ...OP.addPairs],
    ...set(square(pair)),
  ]),
  ...[...get(X), ...get(STRIDE), ...OP.add, ...tee(X), ...get(END), ...OP.lessThan, ...OP.brIf],
  ...OP.end,
  ...PAIRS.flatMap((pair) => [...get(INTO), ...get(sum(pair)), ...OP.store(16 * pair)]),
  ...PAIRS.flatMap((pair) => [...get(INTO), ...get(square(pair)), ...OP.store(8 * COLUMNS + 16 * pair)]),
  ...OP.end,
];

/** A length or count, seven bits a byte, the lowest first. */
const leb128 = (n: number): number[] => (n < 0x80 ? [n] : [(n & 0x7f) | 0x80, ...leb128(n >> 7)]);
const sized = (bytes: readonly number[]): number[] => [...leb128(bytes.length), ...bytes];
const section = (id: number, bytes: readonly number[]): number[] => [id, ...sized(bytes)];
const named = (name: string): number[] => sized([...name].map((letter) => letter.charCodeAt(0)));

/** One function over a memory that is handed in as host.memory. */
const moduleBytes = (): Uint8Array =>
  Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, FUNCTION, 4, I32, I32, I32, I32, 0]),
    ...section(2, [1, ...named('host'), ...named('memory'), 2, 0, 1]),
    ...section(3, [1, 0]),
    ...section(7, [1, ...named('add'), 0, 0]),
    ...section(10, [1, ...sized([1, DIFFERENCE - INTO, V128, ...BODY])]),
  ]);

/** Adds rows that stand in memory of its own, so that a file can be read to where they are summed. */
export interface MomentKernel {
  /** Where rows are put: [rows, D]. */
  readonly room: Float32Array;
  /** Adds the first `rows` of them, as `addToMomentSums` does for two powers. */
  add(into: MomentSums, rows: number): void;
}

/** Shapes: rows of D = `latents` values, at most `rows` at once. */
export const momentKernel = (latents: number, rows: number): MomentKernel => {
  const bytes = ROOM + 4 * rows * latents;
  const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE) });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(moduleBytes()), { host: { memory } });
  const sums = new Float64Array(memory.buffer, 0, 2 * COLUMNS);
  const room = new Float32Array(memory.buffer, ROOM, rows * latents);
  const eights = latents - (latents % COLUMNS);
  return {
    room,
    add: (into, count) => {
      if (count === 0) return;
      const block = momentSums(latents, 2);
      block.n = count;
      const stride = 4 * latents;
      for (let d = 0; d < eights; d += COLUMNS) {
        const x = ROOM + 4 * d;
        exports.add!(x, x + count * stride, stride, 0);
        block.mean.set(sums.subarray(0, COLUMNS), d);
        block.second.set(sums.subarray(COLUMNS), d);
      }
      const x = room.subarray(0, count * latents);
      addTwoPowers(block, x, eights);
      mergeSumsAbout(into, block, x);
    },
  };
};
