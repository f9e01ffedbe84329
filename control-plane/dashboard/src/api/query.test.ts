import { describe, expect, it } from "vitest";
import { OfflineError, ProblemError } from "./errors";
import { retries } from "./query";

describe("a request is repeated", () => {
  it("when nobody answered, twice", () => {
    expect([0, 1, 2].map((count) => retries(count, new OfflineError("")))).toEqual([true, true, false]);
  });
  it("when the server is overloaded, and not when it refuses", () => {
    expect(retries(0, new ProblemError(503, "", ""))).toBe(true);
    expect(retries(0, new ProblemError(403, "", ""))).toBe(false);
    expect(retries(0, new ProblemError(404, "", ""))).toBe(false);
  });
});
