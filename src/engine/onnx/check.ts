/** What can be told of a model before a runtime is given it. */
import { InputError } from '../errors/index.js';
import { dataTypeName, isDefaultDomain, readModel } from './ports.js';
import { TensorProto_DataType as DataType, type ModelProto, type TensorProto } from './proto/onnx_pb.js';
import { nodesOf, tensorsOf } from './walk.js';

/** Operators that ONNX Runtime has of its own. */
const KNOWN_DOMAINS = ['ai.onnx.ml', 'com.microsoft', 'com.microsoft.nchwc', 'ai.onnx.preview', 'ai.onnx.training'];
/** Would open a file that the model names. */
const REFUSED = ['EPContext'];
const LISTED = 5;

/** Bits of one value. */
const BITS: Readonly<Record<number, number>> = {
  [DataType.FLOAT]: 32,
  [DataType.UINT8]: 8,
  [DataType.INT8]: 8,
  [DataType.UINT16]: 16,
  [DataType.INT16]: 16,
  [DataType.INT32]: 32,
  [DataType.INT64]: 64,
  [DataType.BOOL]: 8,
  [DataType.FLOAT16]: 16,
  [DataType.DOUBLE]: 64,
  [DataType.UINT32]: 32,
  [DataType.UINT64]: 64,
  [DataType.COMPLEX64]: 64,
  [DataType.COMPLEX128]: 128,
  [DataType.BFLOAT16]: 16,
  [DataType.FLOAT8E4M3FN]: 8,
  [DataType.FLOAT8E4M3FNUZ]: 8,
  [DataType.FLOAT8E5M2]: 8,
  [DataType.FLOAT8E5M2FNUZ]: 8,
  [DataType.UINT4]: 4,
  [DataType.INT4]: 4,
};

/** Operators that neither ONNX nor its runtime has and that are no functions of the model, each once. */
const customOperators = (model: ModelProto): string[] => {
  const own = new Set(model.functions.map(({ domain, name }) => `${domain}.${name}`));
  const found = new Set<string>();
  for (const { domain, opType } of nodesOf(model)) {
    if (REFUSED.includes(opType)) found.add(`${domain}.${opType}`);
    if (isDefaultDomain(domain) || KNOWN_DOMAINS.includes(domain) || own.has(`${domain}.${opType}`)) continue;
    found.add(`${domain}.${opType}`);
  }
  return [...found].sort();
};

/** How many values a tensor holds in the fields of its type, or undefined where its raw bytes count. */
const typedCount = ({ floatData, int32Data, int64Data, doubleData, uint64Data, rawData }: TensorProto) =>
  rawData.length > 0
    ? undefined
    : Math.max(floatData.length, int32Data.length, int64Data.length, doubleData.length, uint64Data.length);

const isComplex = (type: number): boolean => type === DataType.COMPLEX64 || type === DataType.COMPLEX128;

const tensorProblem = (tensor: TensorProto): string | undefined => {
  const { dims, dataType, rawData, stringData } = tensor;
  const name = tensor.name || 'a constant';
  const shape = `[${dims.join(', ')}]`;
  if (dims.some((size) => size < 0n)) return `${name}: expected dimensions from 0 on, got ${shape}`;
  const size = dims.reduce((product, each) => product * each, 1n);
  if (dataType === DataType.STRING) {
    return BigInt(stringData.length) === size ? undefined : `${name}: expected ${size} texts, got ${stringData.length}`;
  }
  const bits = BITS[dataType];
  // A type that is newer than this list is the runtime's to judge.
  if (bits === undefined) return undefined;
  const typed = typedCount(tensor);
  if (typed !== undefined) {
    const packed = bits === 4 ? (size + 1n) / 2n : isComplex(dataType) ? 2n * size : size;
    if (BigInt(typed) === packed || (bits === 4 && BigInt(typed) === size)) return undefined;
    return `${name}: expected ${packed} values for shape ${shape}, got ${typed}`;
  }
  const bytes = (size * BigInt(bits) + 7n) / 8n;
  if (BigInt(rawData.length) === bytes) return undefined;
  return `${name}: expected ${bytes} bytes for shape ${shape} of ${dataTypeName(dataType)}, got ${rawData.length}`;
};

const shortened = (items: readonly string[]): string =>
  items.length <= LISTED ? items.join(', ') : `${items.slice(0, LISTED).join(', ')} and ${items.length - LISTED} more`;

/**
 * Checks a model whose weights are all inside, before a runtime is given its bytes: only operators that a stock runtime
 * has, and stored tensors that hold as many values as they declare.
 *
 * Throws: InputError, a line for each problem; `what` names the file.
 */
export const checkModel = (bytes: Uint8Array, what: string): void => {
  const model = readModel(bytes, what);
  const custom = customOperators(model);
  const problems = [...tensorsOf(model)].flatMap((tensor) => tensorProblem(tensor) ?? []);
  const lines = problems.slice(0, LISTED).map((problem) => `${what}: ${problem}`);
  if (custom.length > 0) {
    lines.unshift(
      `${what}: expected operators of ONNX alone, got custom ones that cannot be run: ${shortened(custom)}`,
    );
  }
  if (lines.length > 0) throw new InputError(lines.join('\n'));
};
