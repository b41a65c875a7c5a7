/** Values from one source, and how a problem names the place where a value stands. */
export interface Layer {
  readonly values: Readonly<Record<string, unknown>>;
  readonly place: (path: string) => string;
}

export interface Merged {
  readonly values: Record<string, unknown>;
  /** Names where the value at a path came from: `--epochs`, `ZDIST_SEED`, `run.yaml: optimizer.lr`. */
  readonly place: (path: string) => string;
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

/** Another optimizer does not inherit the settings of the one below it. */
const extendsBelow = (below: Record<string, unknown>, above: Record<string, unknown>): boolean =>
  above.name === undefined || above.name === below.name;

/** Joins layers from the lowest to the highest; the settings of one optimizer are joined key by key. */
export const mergeLayers = (layers: readonly Layer[]): Merged => {
  const values: Record<string, unknown> = {};
  const origins = new Map<string, Layer>();
  for (const layer of layers) {
    for (const [key, value] of Object.entries(layer.values)) {
      const below = values[key];
      if (isRecord(value) && isRecord(below) && extendsBelow(below, value)) {
        values[key] = { ...below, ...value };
        for (const inner of Object.keys(value)) origins.set(`${key}.${inner}`, layer);
      } else {
        values[key] = value;
        for (const path of [...origins.keys()]) if (path.startsWith(`${key}.`)) origins.delete(path);
        origins.set(key, layer);
      }
    }
  }
  const place = (path: string): string => {
    for (let known = path; ; known = known.slice(0, known.lastIndexOf('.'))) {
      const layer = origins.get(known);
      if (layer) return layer.place(path);
      if (!known.includes('.')) return path;
    }
  };
  return { values, place };
};
