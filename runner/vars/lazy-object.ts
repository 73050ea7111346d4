/**
 * A plain object to those who read it, whose values are made when they are read: `hostvars` and `vars` hold more than anybody asks
 * for, and a value that nobody asks for must not fail. Read-only.
 */
export function lazyObject(
  names: () => Iterable<string>,
  get: (name: string) => unknown,
  has: (name: string) => boolean,
): Readonly<Record<string, unknown>> {
  return new Proxy<Record<string, unknown>>(
    {},
    {
      get: (_, name) => (typeof name === 'string' && has(name) ? get(name) : undefined),
      has: (_, name) => typeof name === 'string' && has(name),
      ownKeys: () => [...new Set(names())],
      getOwnPropertyDescriptor: (_, name) =>
        typeof name === 'string' && has(name)
          ? { configurable: true, enumerable: true, get: () => get(name) }
          : undefined,
      set: () => false,
      deleteProperty: () => false,
      defineProperty: () => false,
    },
  )
}
