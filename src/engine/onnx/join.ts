import { create, toBinary } from '@bufbuild/protobuf';
import { InputError } from '../errors/index.js';
import { OLDEST } from './adapt.js';
import type { ModelInfo } from './encode.js';
import { writeForOpset } from './opset.js';
import { isDefaultDomain, opsetOf, readModel, takenBy } from './ports.js';
import {
  TensorProto_DataLocation as DataLocation,
  ModelProtoSchema,
  StringStringEntryProtoSchema,
} from './proto/onnx_pb.js';
import { renameValues } from './rename.js';
import { tensorsOf } from './walk.js';

export interface Join {
  /** The output of the first model that the second takes as its input. */
  readonly from: string;
  readonly into: string;
  /** The output of the second model that the joined one gives, and the name it gives it. */
  readonly output: string;
  readonly as: string;
  /** How messages name the second model. */
  readonly name: string;
}

/**
 * Two models as one: what the first gives under `from` is what the second takes as `into`. The first is one of ours.
 *
 * The nodes of the first are put before those of the second and all values renamed, `first/…` and `second/…`; operators,
 * attributes, functions, weights and fields of the second that are not known here are not touched. The operator set is
 * that of the second, and the first is rewritten for it where it is older than its own.
 *
 * Throws: InputError for bytes that are no model, an input or output that is not there, weights that lie in other files,
 * or an operator set that is too old.
 */
export const joinModels = (
  firstBytes: Uint8Array,
  secondBytes: Uint8Array,
  { from, into, output, as, name }: Join,
  { version, description = '', metadata = {} }: ModelInfo,
): Uint8Array => {
  const first = readModel(firstBytes, 'joinModels');
  const second = readModel(secondBytes, name);
  const taken = takenBy(second.graph);
  if (taken.length !== 1 || taken[0]!.name !== into) {
    throw new InputError(`${name}: expected one input ${into}, got ${taken.map((port) => port.name).join(', ')}`);
  }
  const given = second.graph.output.find((port) => port.name === output);
  if (!given) throw new InputError(`${name}: expected an output ${output}, got none of this name`);
  if ([...tensorsOf(second)].some(({ dataLocation }) => dataLocation === DataLocation.EXTERNAL)) {
    throw new InputError(`${name}: expected one file that holds its weights, got weights in files beside it`);
  }
  const opset = opsetOf(second);
  if (opset < OLDEST)
    throw new InputError(`${name}: expected operator set ${OLDEST} or later, got ${opset}; export it anew`);
  writeForOpset(first.graph, opset, name);

  // Both follow the batch: the name of that dimension is the first model's.
  const batch = given.type?.value.case === 'tensorType' ? given.type.value.value.shape?.dim[0] : undefined;
  if (batch?.value.case === 'dimParam') batch.value.value = 'batch';

  const inputs = first.graph.input.map((port) => port.name);
  renameValues(first.graph, (value) => (inputs.includes(value) ? value : `first/${value}`));
  renameValues(second.graph, (value) => {
    if (value === into) return `first/${from}`;
    return value === output ? as : `second/${value}`;
  });
  const { graph } = second;
  graph.node = [...first.graph.node, ...graph.node];
  graph.initializer = [...first.graph.initializer, ...graph.initializer];
  graph.valueInfo = [...first.graph.valueInfo, ...graph.valueInfo];
  // Older files list weights among the inputs; as inputs of the joined model they could be fed.
  graph.input = [...first.graph.input, ...graph.input.filter((port) => port.name !== `first/${from}`)];
  graph.output = [given];
  for (const set of second.opsetImport) if (isDefaultDomain(set.domain)) set.domain = '';
  if (first.irVersion > second.irVersion) second.irVersion = first.irVersion;
  return toBinary(
    ModelProtoSchema,
    Object.assign(second, {
      producerName: 'zdist',
      producerVersion: version,
      docString: description,
      metadataProps: Object.entries(metadata).map(([key, value]) =>
        create(StringStringEntryProtoSchema, { key, value }),
      ),
    }),
  );
};
