import { describe, expect, it } from "vitest";
import { readWall, wallText } from "./wall";

describe("a time that is typed", () => {
  it("is in the person's zone", () => {
    const read = readWall("2026-07-01 09:30", "Europe/Berlin");
    expect(wallText(read?.time, "UTC")).toBe("2026-07-01 07:30");
    expect(wallText(read?.time, "Europe/Berlin")).toBe("2026-07-01 09:30");
    expect(wallText(undefined, "UTC")).toBe("");
  });
  it("may not be there, or be there twice", () => {
    expect(readWall("2026-03-29 02:30", "Europe/Berlin")?.kind).toBe("skipped");
    expect(readWall("2026-10-25 02:30", "Europe/Berlin")?.kind).toBe("twice");
  });
  it.each(["", "tomorrow", "2026-02-30 09:00", "2026-07-01 24:00", "2026-07-01 09:60", "2026-13-01 09:00"])(
    "is refused: %s",
    (text) => expect(readWall(text, "UTC")).toBeUndefined(),
  );
});
