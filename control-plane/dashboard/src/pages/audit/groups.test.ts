import { describe, expect, it } from "vitest";
import type { AuditEntry } from "../../api/queries/audit";
import { activeConditions, badTimes, filterOf, lastDays, timeOf } from "./filter";
import { byDay, foldComing, groupEntries } from "./groups";

const entry = (id: string, group?: string, at = "2026-11-30T10:00:00Z") =>
  ({ id, at, ...(group ? { group } : {}) }) as AuditEntry;

describe("groups of the log", () => {
  it("puts the entries of one change together, oldest first within it", () => {
    const changes = groupEntries([entry("a_4"), entry("a_3", "a_1"), entry("a_2", "a_1"), entry("a_1", "a_1")]);
    expect(changes.map((change) => [change.id, change.entries.map((one) => one.id)])).toEqual([
      ["a_4", ["a_4"]],
      ["a_1", ["a_1", "a_2", "a_3"]],
    ]);
  });

  it("holds a change together across pages", () => {
    const changes = groupEntries([entry("a_3", "a_1"), entry("a_9"), entry("a_1", "a_1")]);
    expect(changes).toHaveLength(2);
    expect(changes[0]?.entries).toHaveLength(2);
  });

  it("makes one line of people who come and go, unless something was changed or a day ended between", () => {
    const coming = (id: string, at?: string) => ({ ...entry(id, undefined, at), action: "session.started" });
    const changed = (id: string) => ({ ...entry(id), action: "flag.configured" });
    const list = [coming("a_5"), coming("a_4"), changed("a_3"), coming("a_2"), coming("a_1", "2026-11-29T10:00:00Z")];
    const folded = foldComing(groupEntries(list), (at) => at.slice(0, 10));
    expect(folded.map((change) => change.entries.map((one) => one.id))).toEqual([
      ["a_4", "a_5"],
      ["a_3"],
      ["a_2"],
      ["a_1"],
    ]);
  });

  it("sorts them under their days", () => {
    const days = byDay(groupEntries([entry("a_2"), entry("a_1", "", "2026-11-29T10:00:00Z")]), (at) => at.slice(0, 10));
    expect(days.map(([date, list]) => [date, list.length])).toEqual([
      ["2026-11-30", 1],
      ["2026-11-29", 1],
    ]);
  });
});

describe("conditions", () => {
  const now = Date.parse("2026-11-30T10:00:30Z");

  it("takes times and how long ago", () => {
    expect(timeOf("30m", now)).toBe("2026-11-30T09:30:00Z");
    expect(timeOf("2026-11-30T09:30:00+02:00", now)).toBe("2026-11-30T07:30:00Z");
    expect(timeOf("yesterday", now)).toBeUndefined();
  });

  it("leaves out what is no condition, and names it", () => {
    expect(filterOf({ q: "ab", from: "soon", env: "production" }, now)).toEqual({ env: "production" });
    expect(badTimes({ from: "soon", to: "30m" })).toEqual(["soon"]);
    expect(activeConditions({ q: "ab", entry: "a_1" })).toEqual(["q"]);
  });

  it("gives the days of a zone, also when its clocks change", () => {
    const days = lastDays(Date.parse("2026-10-26T12:00:00Z"), "Europe/Vienna", 3);
    expect(days.map((day) => [day.date, day.from, day.to])).toEqual([
      ["2026-10-24", "2026-10-23T22:00:00Z", "2026-10-24T22:00:00Z"],
      ["2026-10-25", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z"],
      ["2026-10-26", "2026-10-25T23:00:00Z", "2026-10-26T23:00:00Z"],
    ]);
  });
});
