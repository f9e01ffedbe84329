import { expect, test } from "vitest";
import { fc } from "./testing";
import {
  ageChangesIn,
  duration,
  fieldsIn,
  instant,
  inZones,
  isZone,
  monthDays,
  offsetText,
  ownZone,
  parseDuration,
  parseTime,
  relativeAge,
  resolveWall,
  rfc3339,
} from "./time";

const summer = Date.parse("2026-07-01T09:30:00Z");
const zones = ["UTC", "Europe/Vienna", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia"];

test("zones, offsets and the same time in several zones", () => {
  expect(["Europe/Vienna", "UTC", "Mars/Olympus", ""].map(isZone)).toEqual([true, true, false, false]);
  expect(isZone(ownZone())).toBe(true);
  expect(zones.slice(0, 4).map((zone) => offsetText(summer, zone))).toEqual(["UTC", "+02:00", "-04:00", "+05:45"]);
  expect(fieldsIn(summer, "Asia/Kathmandu")).toEqual({ year: 2026, month: 7, day: 1, hour: 15, minute: 15, second: 0 });
  const shown = inZones(summer, ["Europe/Vienna", "UTC", "Europe/Vienna"], "en-GB");
  expect(shown.map(({ text, zone, offset }) => `${text} ${zone} ${offset}`)).toEqual([
    "1 Jul 2026, 11:30 Europe/Vienna +02:00",
    "1 Jul 2026, 09:30 UTC UTC",
  ]);
  expect(instant(summer, "UTC", "en-GB", true).text).toBe("1 Jul 2026, 09:30:00");
});

test("a wall clock means a time, also where it is put forward or back", () => {
  const wall = (month: number, day: number, hour: number, minute: number) => {
    const { time, kind } = resolveWall({ year: 2026, month, day, hour, minute }, "Europe/Vienna");
    return `${rfc3339(time)} ${kind}`;
  };
  expect(wall(7, 1, 11, 30)).toBe("2026-07-01T09:30:00Z once");
  expect(wall(1, 1, 11, 30)).toBe("2026-01-01T10:30:00Z once");
  expect(wall(3, 29, 2, 30)).toBe("2026-03-29T01:30:00Z skipped");
  expect(wall(10, 25, 2, 30)).toBe("2026-10-25T00:30:00Z twice");
});

test("the wall clock of any time means that time", () => {
  const minute = fc.integer({ min: 20_000_000, max: 40_000_000 }).map((count) => count * 60_000);
  fc.assert(
    fc.property(minute, fc.constantFrom(...zones), (time, zone) => {
      const { time: found, kind } = resolveWall(fieldsIn(time, zone), zone);
      expect(kind).not.toBe("skipped");
      if (kind === "once") expect(found).toBe(time);
      else expect(fieldsIn(found, zone)).toEqual(fieldsIn(time, zone));
    }),
  );
});

test("ages and when they change", () => {
  const ages: [number, string][] = [
    [0, "now"],
    [-4000, "4 seconds ago"],
    [-59_999, "59 seconds ago"],
    [-60_000, "1 minute ago"],
    [-7_200_000, "2 hours ago"],
    [7_200_000, "in 2 hours"],
    [-86_400_000, "yesterday"],
    [-14 * 86_400_000, "2 weeks ago"],
    [-40 * 86_400_000, "last month"],
    [-800 * 86_400_000, "2 years ago"],
  ];
  for (const [difference, text] of ages) expect(relativeAge(summer + difference, summer, "en")).toBe(text);
  expect([
    ageChangesIn(summer - 4200, summer),
    ageChangesIn(summer - 61_000, summer),
    ageChangesIn(summer + 4200, summer),
  ]).toEqual([800, 59_000, 201]);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e9 }), (age) => {
      const text = relativeAge(summer - age, summer, "en");
      const next = ageChangesIn(summer - age, summer);
      expect(next).toBeGreaterThan(0);
      expect(relativeAge(summer - age, summer + next - 1, "en")).toBe(text);
    }),
  );
});

test("durations", () => {
  const table: [number, string][] = [
    [0, "0 ms"],
    [450, "450 ms"],
    [1500, "1 sec 500 ms"],
    [60_000, "1 min"],
    [7_500_000, "2 hr 5 min"],
    [259_200_000, "3 days"],
    [90_061_000, "1 day 1 hr"],
    [-5, "0 ms"],
  ];
  for (const [millis, text] of table) expect(duration(millis, "en")).toBe(text);
  expect(["90m", "2h", " 3d ", "45s", "500ms", "0s", "2 h", ""].map(parseDuration)).toEqual([
    5_400_000,
    7_200_000,
    259_200_000,
    45_000,
    500,
    undefined,
    undefined,
    undefined,
  ]);
});

test("times of the API", () => {
  expect(rfc3339(summer + 999)).toBe("2026-07-01T09:30:00Z");
  expect(["2026-07-01T09:30:00Z", "2026-07-01t11:30:00.5+02:00"].map(parseTime)).toEqual([summer, summer + 500]);
  expect(["2026-07-01", "yesterday", "2026-13-01T00:00:00Z"].map(parseTime)).toEqual([undefined, undefined, undefined]);
});

test("the weeks of a month", () => {
  const days = monthDays(2026, 7);
  expect([days.length, days[0], days.at(-1)]).toEqual([
    35,
    { year: 2026, month: 6, day: 29, isInMonth: false },
    { year: 2026, month: 8, day: 2, isInMonth: false },
  ]);
  expect(days.filter(({ isInMonth }) => isInMonth)).toHaveLength(31);
});
