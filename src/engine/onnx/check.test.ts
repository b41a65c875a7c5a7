import { create } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyBatch, changed, decoderTrace, externalWeights, ofOperator } from '../../../test/support/userModels.js';
import { InputError } from '../errors/index.js';
import { checkModel } from './check.js';
import { withWeights } from './external.js';
import { portsOf, shownPorts } from './ports.js';
import { FunctionProtoSchema } from './proto/onnx_pb.js';

const decoder = anyBatch(decoderTrace('logits'));

describe('a check of a model', () => {
  it('lets models of stock operators pass', () => {
    expect(() => checkModel(decoder, 'd')).not.toThrow();
    const contrib = ofOperator(decoder, 'com.microsoft', 'Gelu');
    expect(() => checkModel(contrib, 'd')).not.toThrow();
  });

  it('names custom operators, unless they are functions of the model', () => {
    const custom = ofOperator(decoder, 'com.example', 'Own');
    expect(() => checkModel(custom, 'd.onnx')).toThrow(
      new InputError('d.onnx: expected operators of ONNX alone, got custom ones that cannot be run: com.example.Own'),
    );
    const own = changed(custom, ({ functions }) => {
      functions.push(create(FunctionProtoSchema, { domain: 'com.example', name: 'Own' }));
    });
    expect(() => checkModel(own, 'd')).not.toThrow();
    const reads = ofOperator(decoder, 'com.microsoft', 'EPContext');
    expect(() => checkModel(reads, 'd')).toThrow('com.microsoft.EPContext');
  });

  it.each<[string, (dims: bigint[]) => bigint[], string]>([
    ['more values than there are', (dims) => dims.map((size) => size * 2n), 'bytes for shape'],
    ['a huge shape', () => [2n ** 40n, 2n ** 40n], 'expected 4835703278458516698824704 bytes'],
    ['a negative dimension', () => [-1n, 4n], 'expected dimensions from 0 on, got [-1, 4]'],
  ])('refuses weights that declare %s', (_, dims, message) => {
    const wrong = changed(decoder, ({ graph }) => {
      const tensor = graph!.initializer.find(({ rawData }) => rawData.length > 64)!;
      tensor.dims = dims(tensor.dims);
    });
    expect(() => checkModel(wrong, 'd')).toThrow(InputError);
    expect(() => checkModel(wrong, 'd')).toThrow(message);
  });

  it('answers damaged bytes with an InputError or not at all', () => {
    fc.assert(
      fc.property(fc.nat(decoder.length - 1), fc.nat(255), fc.nat(decoder.length), (at, byte, length) => {
        const damaged = decoder.slice(0, length || decoder.length);
        if (at < damaged.length) damaged[at] = byte;
        try {
          checkModel(damaged, 'd.onnx');
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
          expect((error as Error).message).toContain('d.onnx: ');
        }
      }),
      { seed: 1, numRuns: 500 },
    );
  });
});

describe('weights in files beside a model', () => {
  const values = (bytes: Uint8Array): Promise<Uint8Array> => Promise.resolve(bytes);

  it('are taken in', async () => {
    const asked: unknown[] = [];
    const whole = await withWeights(
      externalWeights(decoder, { location: 'w.bin', offset: '8', length: '128' }).model,
      'd',
      (place) => {
        asked.push(place);
        return values(new Uint8Array(128));
      },
    );
    expect(asked).toEqual([{ tensor: expect.any(String), location: 'w.bin', offset: 8, length: 128 }]);
    expect(() => checkModel(whole, 'd')).not.toThrow();
    expect(await withWeights(decoder, 'd', () => expect.unreachable())).toBe(decoder);
  });

  it.each<[Record<string, string>, string]>([
    [{ offset: '0' }, 'expected the name of a file beside the model, got none'],
    [{ location: 'w', offset: '-1' }, 'offset: expected a whole number, got "-1"'],
    [{ location: 'w', length: '1e99' }, 'length: expected a whole number, got "1e99"'],
  ])('are refused at a place that makes no sense: %j', async (entries, message) => {
    await expect(
      withWeights(externalWeights(decoder, entries).model, 'd', () => values(new Uint8Array(1))),
    ).rejects.toThrow(message);
  });
});

it('ports are shown with their axes and types', () => {
  const { inputs, outputs } = portsOf(decoder, 'd');
  expect(shownPorts(inputs)).toBe('z [batch, 2]');
  expect(shownPorts(outputs)).toBe('image [batch, 1, 4, 4]');
  expect(shownPorts([])).toBe('none');
  expect(shownPorts([{ name: 'a', dtype: 'float16', dims: undefined }])).toBe('a […] float16');
});
