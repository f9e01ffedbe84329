import { describe, expect, it } from "vitest";
import type { RelayDelivery } from "../../api/queries/relays";
import { difference, rowsOf } from "./ledger";

const sums = (counts: number) => ({ counts, exposures: 0, metrics: 1 });
const delivery = {
  relay: "eu-1",
  delivered: sums(90),
  dropped: sums(4),
  repeated_batches: 0,
  reported: {
    accepted: sums(100),
    delivered: { counts: 90, exposures: 0, metrics: 1 },
    queued: { counts: 6, exposures: 0, metrics: 0 },
    dropped: [{ reason: "spool_full", counts: 4, exposures: 0, metrics: 0 }],
    spool_bytes: 2048,
  },
} satisfies RelayDelivery;

describe("the ledger of a relay", () => {
  it("has a row for each place that events have gone to, and each reason for dropping", () =>
    expect(rowsOf(delivery).map(({ id, sums: { counts } }) => [id, counts])).toEqual([
      ["accepted", 100],
      ["delivered", 90],
      ["queued", 6],
      ["dropped spool_full", 4],
      ["arrived", 90],
    ]));
  it("has what the control plane counted where the relay reports nothing", () => {
    expect(rowsOf({ ...delivery, reported: null }).map(({ id }) => id)).toEqual(["arrived", "dropped"]);
    expect(difference({ ...delivery, reported: null })).toBe(0);
  });
  it("tells of events that are nowhere", () => {
    expect(difference(delivery)).toBe(0);
    const { reported } = delivery;
    expect(difference({ ...delivery, reported: { ...reported, queued: sums(0) } })).toBe(5);
  });
});
