/**
 * The part of TensorBoard's `event.proto` and `summary.proto` that scalars take.
 *
 * Source: tensorboard/compat/proto/event.proto, summary.proto.
 */
import { create, createFileRegistry, type DescMessage, type Message, toBinary } from '@bufbuild/protobuf';
import {
  FileDescriptorProtoSchema,
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
} from '@bufbuild/protobuf/wkt';

const field = (name: string, number: number, type: Type, typeName?: string, repeated = false) => ({
  name,
  jsonName: name,
  number,
  type,
  label: repeated ? Label.REPEATED : Label.OPTIONAL,
  ...(typeName !== undefined && { typeName }),
});

const FILE = create(FileDescriptorProtoSchema, {
  name: 'event.proto',
  package: 'tensorboard',
  syntax: 'proto3',
  messageType: [
    {
      name: 'Summary',
      nestedType: [{ name: 'Value', field: [field('tag', 1, Type.STRING), field('simple_value', 2, Type.FLOAT)] }],
      field: [field('value', 1, Type.MESSAGE, '.tensorboard.Summary.Value', true)],
    },
    {
      name: 'Event',
      field: [
        field('wall_time', 1, Type.DOUBLE),
        field('step', 2, Type.INT64),
        field('file_version', 3, Type.STRING),
        field('summary', 5, Type.MESSAGE, '.tensorboard.Summary'),
      ],
    },
  ],
});

const registry = createFileRegistry(FILE, () => undefined);

/** The descriptor of `tensorboard.NAME`. */
export const descriptor = (name: 'Event' | 'Summary' | 'Summary.Value'): DescMessage => {
  const found = registry.getMessage(`tensorboard.${name}`);
  if (found === undefined) throw new Error(`internal: no message tensorboard.${name}`);
  return found;
};

export interface ScalarEvent {
  /** Seconds since 1970. */
  readonly wallTime: number;
  readonly step: number;
  readonly values: Readonly<Record<string, number>>;
}

const message = (name: 'Event' | 'Summary' | 'Summary.Value', fields: Record<string, unknown>): Message =>
  create(descriptor(name), fields as never);

export const encodeVersion = (wallTime: number): Uint8Array =>
  toBinary(descriptor('Event'), message('Event', { wallTime, fileVersion: 'brain.Event:2' }));

export const encodeScalars = ({ wallTime, step, values }: ScalarEvent): Uint8Array => {
  const value = Object.entries(values).map(([tag, simpleValue]) => message('Summary.Value', { tag, simpleValue }));
  const summary = message('Summary', { value });
  return toBinary(descriptor('Event'), message('Event', { wallTime, step: BigInt(step), summary }));
};
