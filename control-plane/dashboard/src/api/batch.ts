// Joins requests for single items: the keys that are asked for within `wait` milliseconds become one request, or several of at most
// `most` keys. A key whose callers have all aborted by then is left out.

export interface BatchLimits {
  most: number;
  wait: number;
}

interface Waiting<T> {
  key: string;
  signal: AbortSignal;
  resolve: (value: T) => void;
  reject: (reason: unknown) => void;
}

type Load<T> = (keys: string[]) => Promise<ReadonlyMap<string, T>>;

async function answer<T>(asked: readonly Waiting<T>[], load: Load<T>): Promise<void> {
  try {
    const found = await load([...new Set(asked.map(({ key }) => key))]);
    for (const { key, resolve, reject } of asked) {
      const value = found.get(key);
      if (value === undefined) reject(new Error(`no answer for ${key}`));
      else resolve(value);
    }
  } catch (error) {
    for (const { reject } of asked) reject(error);
  }
}

export function batched<T>(
  load: Load<T>,
  { most, wait }: BatchLimits,
): (key: string, signal: AbortSignal) => Promise<T> {
  let waiting: Waiting<T>[] = [];
  const send = () => {
    const asked = waiting;
    waiting = [];
    const left = asked.filter(({ signal }) => !signal.aborted);
    for (const { signal, reject } of asked) if (signal.aborted) reject(signal.reason);
    for (let at = 0; at < left.length; at += most) void answer(left.slice(at, at + most), load);
  };
  return (key, signal) =>
    new Promise((resolve, reject) => {
      if (waiting.length === 0) setTimeout(send, wait);
      waiting.push({ key, signal, resolve, reject });
    });
}
