import { describe, expect, it } from "vitest";
import type { FlagEntry } from "../../api/queries/flag_index";
import { plainText } from "../../model/index";
import { batchesOf, bulkReviewed, bulkSentences, mostAtOnce } from "./bulk";
import { exportRows } from "./export";

const flag = (key: string, tags: string[], owner = ""): FlagEntry => ({
  ...{ key, name: "", type: "boolean", tags, owner, lifetime: null as never, version: 3 },
  ...{ updated_at: "2026-07-01T00:00:00Z", stale: [] },
  environments: { production: { enabled: true, percent: 25, version: 1 } as never },
});
const flags = [flag("a", ["web"]), flag("b", [], "ana@example.com")];

describe("a change of many flags", () => {
  it("says of each that changes what changes, and nothing of the others", () => {
    const said = bulkSentences(flags, { kind: "add_tags", tags: ["web"] }).map((sentence) => plainText(sentence));
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(/^b: .*web/);
  });
  it("asks what the strictest environment asks for where programs see it", () => {
    const environments = [{ key: "dev" }, { key: "prod", protected: true, confirmation: "type" }] as never;
    const of = (kind: "archive" | "restore") =>
      bulkReviewed({ place: { org: "o", project: "p" }, flags, environments, instruction: { kind } });
    expect(of("archive").environment?.key).toBe("prod");
    expect(of("archive").isDanger).toBe(true);
  });
  it("is sent in batches that together are all of them, in their order; the review says how many", () => {
    const many = Array.from({ length: 2 * mostAtOnce + 1 }, (_, i) => flag(`f${i}`, []));
    expect(batchesOf(many).map((batch) => batch.length)).toEqual([mostAtOnce, mostAtOnce, 1]);
    expect(batchesOf(many).flat()).toEqual(many);
    const place = { org: "o", project: "p" };
    const instruction = { kind: "add_tags" as const, tags: ["web"] };
    const reviewed = bulkReviewed({ place, flags: many, environments: [], instruction });
    expect(reviewed.sentences.length).toBeLessThan(many.length);
    expect(reviewed.note).toMatch(/3 batches/);
    expect(bulkReviewed({ place, flags, environments: [], instruction }).note).toBeUndefined();
  });
  it("that changes nothing is not published", () => {
    const place = { org: "o", project: "p" };
    const instruction = { kind: "set_owner" as const, owner: "ana@example.com" };
    expect(bulkReviewed({ place, flags: flags.slice(1), environments: [], instruction }).mayPublish).toBe(false);
  });
});

it("an export has a row for each flag, with its state in each environment", () => {
  expect(exportRows(flags, ["production", "staging"])).toEqual([
    ["key", "name", "type", "tags", "owner", "lifetime", "updated_at", "production", "staging"],
    ["a", "", "boolean", "web", "", "", "2026-07-01T00:00:00Z", "on 25 %", ""],
    ["b", "", "boolean", "", "ana@example.com", "", "2026-07-01T00:00:00Z", "on 25 %", ""],
  ]);
});
