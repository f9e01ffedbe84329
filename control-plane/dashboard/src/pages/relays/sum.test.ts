import { describe, expect, it } from "vitest";
import type { RelayReport } from "../../api/queries/relays";
import { countOf, worst } from "../../parts/relay_standing";
import { childrenOf, drops, linesOf } from "./sum";

const report = (relay: string, environment: string, standing: RelayReport["standing"], at = "2026-07-01T00:00:00Z") =>
  ({ relay, environment, standing, reported_at: at, path: [], labels: [], build: "1.0.0" }) as unknown as RelayReport;
const sums = (counts: number) => ({ counts, exposures: 1, metrics: 0 });
const delivery = (relay: string, dropped: number) => ({
  relay,
  delivered: sums(10),
  dropped: { counts: dropped, exposures: 0, metrics: 0 },
  repeated_batches: 0,
  reported: null,
});

describe("relays", () => {
  it("come with trouble first: rejecting, silent, behind, dropping, by name", () => {
    const reports = [
      report("e-fine", "production", "up_to_date"),
      report("d-fine", "production", "up_to_date"),
      report("c-drops", "production", "up_to_date"),
      report("b-behind", "staging", "pending"),
      report("a-silent", "staging", "silent"),
      report("z-rejects", "production", "rejected"),
    ];
    const lines = linesOf(reports, [delivery("c-drops", 3), delivery("d-fine", 0)]);
    expect(lines.map((line) => line.relay)).toEqual([
      "z-rejects",
      "a-silent",
      "b-behind",
      "c-drops",
      "d-fine",
      "e-fine",
    ]);
    expect(lines.map(drops)).toEqual([undefined, undefined, undefined, 3, 0, undefined]);
  });
  it("are as bad as their worst environment, which comes first, and as fresh as their latest report", () => {
    const [line] = linesOf(
      [
        report("r", "development", "up_to_date", "2026-07-01T00:00:09Z"),
        report("r", "production", "rejected", "2026-07-01T00:00:05Z"),
      ],
      [],
    );
    expect(line).toMatchObject({ standing: "rejected", reportedAt: "2026-07-01T00:00:09Z" });
    expect(line?.reports.map((one) => one.environment)).toEqual(["production", "development"]);
  });
  it("stand behind the last relay of their path", () => {
    const behind = (relay: string, path: string[]) => ({ ...report(relay, "production", "up_to_date"), path });
    const lines = linesOf([behind("hub", []), behind("edge", ["hub"]), behind("leaf", ["hub", "edge"])], []);
    expect(childrenOf(lines, "hub").map((line) => line.relay)).toEqual(["edge"]);
  });
  it("are counted by how they stand", () => {
    expect(worst([])).toBe("up_to_date");
    expect(countOf(["pending", "silent", "pending"])).toEqual({
      rejected: 0,
      silent: 1,
      pending: 2,
      held: 0,
      up_to_date: 0,
    });
  });
});
