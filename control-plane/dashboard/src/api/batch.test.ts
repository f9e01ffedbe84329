import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { batched } from "./batch";

const never = new AbortController().signal;

describe("questions that are asked together", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const asking = (most: number, load = (keys: string[]) => Promise.resolve(new Map(keys.map((key) => [key, key])))) => {
    const asked: string[][] = [];
    const ask = batched(
      (keys) => {
        asked.push(keys);
        return load(keys);
      },
      { most, wait: 100 },
    );
    return { asked, ask };
  };

  it("are one request until the time is over, and the next ones another", async () => {
    const { asked, ask } = asking(200);
    const first = Promise.all([ask("a", never), ask("b", never), ask("a", never)]);
    await vi.advanceTimersByTimeAsync(100);
    expect(await first).toEqual(["a", "b", "a"]);
    const second = ask("c", never);
    await vi.advanceTimersByTimeAsync(100);
    expect(await second).toBe("c");
    expect(asked).toEqual([["a", "b"], ["c"]]);
  });
  it("are as many requests as their limit wants", async () => {
    const { asked, ask } = asking(2);
    const all = Promise.all(["a", "b", "c"].map((key) => ask(key, never)));
    await vi.advanceTimersByTimeAsync(100);
    expect(await all).toEqual(["a", "b", "c"]);
    expect(asked).toEqual([["a", "b"], ["c"]]);
  });
  it("are not asked once every caller has given up", async () => {
    const { asked, ask } = asking(200);
    const gone = new AbortController();
    const dropped = expect(ask("a", gone.signal)).rejects.toThrow();
    const left = ask("b", never);
    gone.abort();
    await vi.advanceTimersByTimeAsync(100);
    await dropped;
    expect(await left).toBe("b");
    expect(asked).toEqual([["b"]]);
  });
  it("fail together, and one without an answer by itself", async () => {
    const failing = asking(200, () => Promise.reject(new Error("gone")));
    const both = Promise.allSettled([failing.ask("a", never), failing.ask("b", never)]);
    const silent = asking(200, () => Promise.resolve(new Map([["a", "a"]])));
    const one = Promise.allSettled([silent.ask("a", never), silent.ask("b", never)]);
    await vi.advanceTimersByTimeAsync(100);
    expect((await both).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect((await one).map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
  });
});
