import { describe, expect, it } from "vitest";
import { OfflineError, ProblemError } from "./errors";
import { isConcerned, orgKey, retries } from "./query";

describe("a change concerns", () => {
  const change = "projects/web/flags/checkout/environments/production";
  it.each([
    ["the resource itself", orgKey("acme", "projects", "web", "flags", "checkout", "environments", "production")],
    ["what is computed from it", orgKey("acme", "projects", "web", "flag-index")],
    ["the lists that it is in", orgKey("acme", "projects", "web", "flags")],
    [
      "what is below it",
      orgKey("acme", "projects", "web", "flags", "checkout", "environments", "production", "history"),
    ],
    ["views of the whole organisation", orgKey("acme", { view: "recent", project: null })],
  ])("%s", (_, key) => expect(isConcerned(key, "acme", change)).toBe(true));

  it.each([
    ["another flag", orgKey("acme", "projects", "web", "flags", "search")],
    ["another environment of it", orgKey("acme", "projects", "web", "flags", "checkout", "environments", "staging")],
    ["another project's index", orgKey("acme", "projects", "shop", "flag-index")],
    ["another organisation", orgKey("other", "projects", "web", "flag-index")],
    ["the members", orgKey("acme", "members")],
    ["the person", ["me"]],
  ])("not %s", (_, key) => expect(isConcerned(key, "acme", change)).toBe(false));

  it("everything, if it is of the organisation itself", () => {
    expect(isConcerned(orgKey("acme", "members"), "acme", "")).toBe(true);
  });
  it("not the index, if it is of a saved view", () => {
    expect(isConcerned(orgKey("acme", "projects", "web", "flag-index"), "acme", "projects/web/views/v1")).toBe(false);
  });
});

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
