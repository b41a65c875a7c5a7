/** Weights that lie in files beside a model. */
import { toBinary } from '@bufbuild/protobuf';
import { InputError } from '../errors/index.js';
import { readModel } from './ports.js';
import { TensorProto_DataLocation as DataLocation, ModelProtoSchema, type TensorProto } from './proto/onnx_pb.js';
import { tensorsOf } from './walk.js';

/** A stretch of a file that holds the values of one tensor. */
export interface ExternalData {
  /** Name of the tensor. */
  readonly tensor: string;
  /** Path of the file, as the model gives it. */
  readonly location: string;
  readonly offset: number;
  /** Bytes; to the end of the file where the model does not say. */
  readonly length: number | undefined;
}

/** Largest message of protobuf, and so the largest model in one file. */
const MOST = 2 ** 31 - 1;

/** Whether a place that a model names lies in its own folder, or below. */
export const isBeside = (location: string): boolean =>
  !/^[\\/]|^[a-z]:|\0/i.test(location) && location.split(/[\\/]/).every((part) => part !== '..');

const isElsewhere = ({ dataLocation, externalData }: TensorProto): boolean =>
  dataLocation === DataLocation.EXTERNAL || externalData.length > 0;

const wholeNumber = (text: string | undefined, otherwise: number | undefined, what: string): number | undefined => {
  if (text === undefined) return otherwise;
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isNaN(value)) throw new InputError(`${what}: expected a whole number, got "${text}"`);
  return value;
};

const placeOf = ({ name, externalData }: TensorProto, what: string): ExternalData => {
  const entries = Object.fromEntries(externalData.map(({ key, value }) => [key, value]));
  const { location } = entries;
  const tensor = `${what}: data of ${name || 'a tensor'}`;
  if (!location) throw new InputError(`${tensor}: expected the name of a file beside the model, got none`);
  const offset = wholeNumber(entries.offset, 0, `${tensor}: offset`) ?? 0;
  return { tensor: name, location, offset, length: wholeNumber(entries.length, undefined, `${tensor}: length`) };
};

/**
 * A model with the weights that lie in other files taken in, so that nothing else is needed to run it. `read` decides
 * which files it opens; the model only says which it wants.
 *
 * Throws: InputError for bytes that are no model, a place that makes no sense, or more than 2 GB in all.
 */
export const withWeights = async (
  bytes: Uint8Array,
  what: string,
  read: (place: ExternalData) => Promise<Uint8Array>,
): Promise<Uint8Array> => {
  const model = readModel(bytes, what);
  const elsewhere = [...tensorsOf(model)].filter(isElsewhere);
  if (elsewhere.length === 0) return bytes;
  let total = bytes.length;
  for (const tensor of elsewhere) {
    const place = placeOf(tensor, what);
    const data = await read(place);
    total += data.length;
    if (total > MOST) throw new InputError(`${what}: expected at most 2 GB of weights, got more`);
    tensor.rawData = data;
    tensor.externalData = [];
    tensor.dataLocation = DataLocation.DEFAULT;
  }
  return toBinary(ModelProtoSchema, model);
};
