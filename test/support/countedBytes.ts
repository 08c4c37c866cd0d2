/**
 * How often any byte of `bytes` is looked at while `use` runs: exact, and the same on every machine. What `use` is
 * given behaves as `bytes`; its parts are counted, too, and a method counts as many reads as it can need.
 */
export function countReads(bytes: Uint8Array, use: (counted: Uint8Array) => void): number {
  let reads = 0;
  use(counted(bytes));
  return reads;

  function counted(target: Uint8Array): Uint8Array {
    return new Proxy(target, {
      get(_, key): unknown {
        const value: unknown = Reflect.get(target, key, target);
        if (typeof value === 'number' && key !== 'length') reads += 1;
        return typeof value === 'function' ? method(target, key, value) : value;
      },
    });
  }

  function method(target: Uint8Array, key: string | symbol, call: CallableFunction): unknown {
    return (...parameters: unknown[]) => {
      const result: unknown = Reflect.apply(call, target, parameters);
      if (key === 'indexOf') {
        const from = Number(parameters[1] ?? 0);
        reads += (typeof result === 'number' && result >= 0 ? result + 1 : target.length) - from;
      } else if (key === 'at') {
        reads += 1;
      } else if (key !== 'subarray') {
        reads += target.length;
      }
      return result instanceof Uint8Array ? counted(result) : result;
    };
  }
}
