import { describe, expect, it } from "vitest";
import type { PlacedSchedule, Schedule } from "../../api/queries/schedules";
import { byDay, changedName, dayOf, monthOf, monthText, repeatText } from "./when";

const at = (next_at: string | null, id = "s") => ({ env: "production", schedule: { id, next_at } }) as PlacedSchedule;
const repeat = (given: Schedule["repeat"]) => repeatText({ repeat: given } as Schedule);

describe("schedules", () => {
  it("stand on the day that the zone's calendar shows", () => {
    const late = Date.parse("2026-12-24T23:30:00Z");
    expect(dayOf(late, "UTC")).toBe("2026-12-24");
    expect(dayOf(late, "Europe/Vienna")).toBe("2026-12-25");
    const days = byDay([at("2026-12-24T23:30:00Z", "b"), at("2026-12-25T05:00:00Z", "c"), at(null)], "Europe/Vienna");
    expect([...days].map(([day, list]) => [day, list.map(({ schedule }) => schedule.id)])).toEqual([
      ["2026-12-25", ["b", "c"]],
    ]);
  });

  it("say how they repeat, with the zone", () => {
    expect(repeat(null)).toBe("once");
    expect(repeat({ every: "day", time: "09:00" })).toBe("every day at 09:00 UTC");
    expect(repeat({ every: "week", weekday: "monday", time: "09:00" })).toBe("every Monday at 09:00 UTC");
    expect(repeat({ every: "month", day: 3, time: "09:00" })).toBe("on day 3 of each month at 09:00 UTC");
  });

  it("have months before and after", () => {
    expect(monthOf("2026-12", 0, "UTC")).toEqual({ year: 2026, month: 12 });
    expect(monthOf("2026-13", Date.parse("2026-11-30T00:00:00Z"), "UTC")).toEqual({ year: 2026, month: 11 });
    expect(monthText({ year: 2026, month: 12 }, 1)).toBe("2027-01");
    expect(monthText({ year: 2026, month: 1 }, -1)).toBe("2025-12");
  });

  it("are named by what they change", () => {
    const path = "projects/web/flags/new-checkout/environments/production";
    expect(changedName({ change: { method: "PATCH", path } } as Schedule)).toBe("new-checkout");
  });
});
