/** What stands at a path of a value; undefined where there is nothing. */
export const valueIn = (root: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((value, key) => (Object(value) === value ? Reflect.get(value as object, key) : undefined), root);
