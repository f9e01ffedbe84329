// The protocol without the module: a worker that the test plays.
import { expect, test } from "vitest";
import { Channel, type WorkerLike } from "./channel";
import type { FromWorker, Request, ToWorker } from "./protocol";

class Played implements WorkerLike {
  readonly sent: ToWorker[] = [];
  isEnded = false;
  onmessage: ((event: { data: FromWorker }) => void) | null = null;
  onerror: ((event: { message?: string }) => void) | null = null;
  postMessage(message: ToWorker): void {
    this.sent.push(message);
  }
  terminate(): void {
    this.isEnded = true;
  }
  answer(message: FromWorker): void {
    this.onmessage?.({ data: message });
  }
}

function open() {
  const workers: Played[] = [];
  const channel = new Channel(() => {
    workers.push(new Played());
    return workers.at(-1) as Played;
  });
  const parse = (signal?: AbortSignal) => channel.call("parseRule", { text: "a exists" }, { signal });
  return { channel, workers, parse };
}

const idOf = (message: ToWorker | undefined) => (message as Request).id;
const failing = { detail: "no", findings: [] };

test("answers find their calls in any order, and no worker starts before the first", async () => {
  const { workers, parse } = open();
  expect(workers).toHaveLength(0);
  const [first, second] = [parse(), parse()];
  const [one, two] = workers[0]?.sent.map(idOf) ?? [];
  workers[0]?.answer({ id: two ?? 0, result: "second" });
  workers[0]?.answer({ id: one ?? 0, result: "first" });
  expect(await Promise.all([first, second])).toEqual(["first", "second"]);
});

test("a failure rejects with its code and findings", async () => {
  const { workers, parse } = open();
  const call = parse();
  const findings = [{ item: "", pointer: "/rules/0", code: "limit", detail: "too many" }];
  workers[0]?.answer({ id: 1, failure: { code: "INVALID_RULESET", detail: "no", findings } });
  await expect(call).rejects.toMatchObject({ code: "INVALID_RULESET", message: "no", findings });
});

test("a cancelled call rejects at once, the worker is told, and a late answer is ignored", async () => {
  const { workers, parse } = open();
  const controller = new AbortController();
  const call = parse(controller.signal);
  controller.abort();
  await expect(call).rejects.toMatchObject({ code: "CANCELLED" });
  expect(workers[0]?.sent.at(-1)).toEqual({ cancel: 1 });
  workers[0]?.answer({ id: 1, result: "late" });
  await expect(parse(controller.signal)).rejects.toMatchObject({ code: "CANCELLED" });
  expect(workers[0]?.sent).toHaveLength(2);
});

test("after a trap the worker is replaced, and the others' calls learn it", async () => {
  const { channel, workers, parse } = open();
  const [cause, other] = [parse(), parse()];
  const { generation } = channel;
  workers[0]?.answer({ id: 1, failure: { code: "OUT_OF_MEMORY", ...failing }, trapped: true });
  await expect(cause).rejects.toMatchObject({ code: "OUT_OF_MEMORY" });
  await expect(other).rejects.toMatchObject({ code: "RESTARTED" });
  expect(workers[0]?.isEnded).toBe(true);
  expect(channel.generation).toBe(generation + 1);
  const next = parse();
  workers[1]?.answer({ id: 3, result: "again" });
  expect(await next).toBe("again");
});

test("a worker that cannot be loaded rejects everything, and the next call tries again", async () => {
  const { workers, parse } = open();
  const call = parse();
  workers[0]?.onerror?.({});
  await expect(call).rejects.toMatchObject({ code: "UNAVAILABLE" });
  void parse();
  expect(workers).toHaveLength(2);
});

test("a worker that cannot be started rejects", async () => {
  const channel = new Channel(() => {
    throw new TypeError("refused");
  });
  await expect(channel.call("parseRule", { text: "" })).rejects.toMatchObject({ code: "UNAVAILABLE" });
});

test("a closed channel answers no more", async () => {
  const { channel, workers, parse } = open();
  const call = parse();
  channel.close();
  await expect(call).rejects.toMatchObject({ code: "UNAVAILABLE" });
  await expect(parse()).rejects.toMatchObject({ code: "UNAVAILABLE" });
  expect(workers[0]?.isEnded).toBe(true);
});
