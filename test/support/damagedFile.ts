import fc from 'fast-check';

const ROOM = 400;

/** One of the files with a few bytes changed, text written over a place, cut short or grown. */
export const damagedFile = (files: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> =>
  fc
    .record({
      file: fc.constantFrom(...files),
      flips: fc.array(fc.record({ at: fc.nat(), to: fc.nat(255) }), { maxLength: 4 }),
      text: fc.option(fc.record({ at: fc.nat(), text: fc.string({ maxLength: 30 }) })),
      length: fc.option(fc.nat()),
    })
    .map(({ file, flips, text, length }) => {
      const whole = new Uint8Array(file.length + ROOM);
      whole.set(file);
      const bytes = whole.slice(0, length === null ? file.length : length % whole.length);
      for (const { at, to } of flips) if (bytes.length > 0) bytes[at % bytes.length] = to;
      if (text && bytes.length > 0) {
        new TextEncoder().encodeInto(text.text, bytes.subarray(text.at % bytes.length));
      }
      return bytes;
    });
