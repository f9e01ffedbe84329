import { describe, expect, it } from "vitest";
import { type Progress, runBatches } from "./batches";

const batches = ["a", "b", "c"];

function running(options: { from?: number; stopAfter?: number; refuse?: string } = {}) {
  const sent: [string, number][] = [];
  const seen: Progress[] = [];
  const end = runBatches({
    batches,
    from: options.from ?? 0,
    send: async (batch, i) => {
      if (batch === options.refuse) throw new Error("refused");
      sent.push([batch, i]);
    },
    isStopped: () => sent.length === options.stopAfter,
    onProgress: (progress) => seen.push(progress),
  });
  return end.then((progress) => ({ progress, sent, seen }));
}

describe("batches", () => {
  it("are sent in their order, and each is told of", async () => {
    const { progress, sent, seen } = await running();
    expect(sent.map(([batch]) => batch)).toEqual(batches);
    expect(seen.map(({ done, state }) => `${done} ${state}`)).toEqual([
      ...["0 running", "1 running", "2 running", "3 finished"],
    ]);
    expect(progress).toEqual({ done: 3, state: "finished" });
  });
  it("are stopped between two, and go on where they were with the same numbers", async () => {
    const stopped = await running({ stopAfter: 1 });
    expect(stopped.progress).toEqual({ done: 1, state: "stopped" });
    const { sent } = await running({ from: stopped.progress.done });
    expect(sent).toEqual([
      ["b", 1],
      ["c", 2],
    ]);
  });
  it("end at the first that is refused; those after it are not sent", async () => {
    const { progress, sent } = await running({ refuse: "b" });
    expect(progress).toMatchObject({ done: 1, state: "failed", error: new Error("refused") });
    expect(sent).toEqual([["a", 0]]);
  });
});
