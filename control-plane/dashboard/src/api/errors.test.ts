import { describe, expect, it } from "vitest";
import { ProblemError, problemOf } from "./errors";

const problem = new ProblemError(422, "Unprocessable", "not valid", {
  errors: [
    { pointer: "/key", code: "malformed", detail: "a key has no spaces" },
    { pointer: "/variations/1/value", code: "wrong_type", detail: "a number" },
    { pointer: "?strict", code: "unknown", detail: "true or false" },
  ],
});

describe("a problem", () => {
  it("is shown at its field, and at the field that contains its place", () => {
    expect(problem.at("/key")).toBe("a key has no spaces");
    expect(problem.at("/variations")).toBe("a number");
    expect(problem.at("/var")).toBeUndefined();
  });
  it("is shown with the form if no field has it", () => {
    expect(problem.apartFrom(["/key", "/variations"])).toBe("true or false");
    expect(problem.apartFrom(["/key", "/variations", "?strict"])).toBeUndefined();
    expect(new ProblemError(409, "Conflict", "taken").apartFrom(["/key"])).toBe("taken");
  });
  it("is read from an answer", () => {
    const headers = { "Content-Type": "application/problem+json", "Retry-After": "12" };
    const read = problemOf(new Response("", { status: 429, headers }), {
      title: "Too many",
      detail: "wait",
      request_id: "r1",
    });
    expect([read.status, read.detail, read.requestId, read.retryAfter]).toEqual([429, "wait", "r1", 12]);
  });
  it("keeps the present state that a 412 brings", () => {
    const headers = { "Content-Type": "application/json", ETag: '"8"' };
    const read = problemOf(new Response("", { status: 412, headers }), { version: 8 });
    expect([read.current, read.etag, read.detail]).toEqual([{ version: 8 }, '"8"', ""]);
  });
});
