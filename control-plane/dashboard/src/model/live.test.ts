import { describe, expect, it } from "vitest";
import { changesRights, concernedPaths, isConcerned, type QueryKey } from "./live";

const of = (org: string, ...path: QueryKey): QueryKey => ["orgs", org, ...path];

describe("a change concerns", () => {
  const change = "projects/web/flags/checkout/environments/production";
  it.each<[string, QueryKey]>([
    ["the resource itself", of("acme", "projects", "web", "flags", "checkout", "environments", "production")],
    ["what is computed from it", of("acme", "projects", "web", "flag-index")],
    ["the lists that it is in", of("acme", "projects", "web", "flags")],
    ["what is below it", of("acme", "projects", "web", "flags", "checkout", "environments", "production", "history")],
    ["views of the whole organisation", of("acme", { view: "recent", project: null })],
  ])("%s", (_, key) => expect(isConcerned(key, "acme", change)).toBe(true));

  it.each<[string, QueryKey]>([
    ["another flag", of("acme", "projects", "web", "flags", "search")],
    ["another environment of it", of("acme", "projects", "web", "flags", "checkout", "environments", "staging")],
    ["another project's index", of("acme", "projects", "shop", "flag-index")],
    ["another organisation", of("other", "projects", "web", "flag-index")],
    ["the members", of("acme", "members")],
    ["the person", ["me"]],
  ])("not %s", (_, key) => expect(isConcerned(key, "acme", change)).toBe(false));

  it("everything, if it is of the organisation itself", () => {
    expect(isConcerned(of("acme", "members"), "acme", "")).toBe(true);
  });
  it("not the index, if it is of a saved view", () => {
    expect(isConcerned(of("acme", "projects", "web", "flag-index"), "acme", "projects/web/views/v1")).toBe(false);
  });
});

describe("what was published", () => {
  it("makes the environments stale that have a new version", () => {
    const paths = concernedPaths({
      resource: "projects/web/flags/checkout",
      project: "web",
      published: { staging: "1.2", production: "1.3" },
    });
    expect(paths).toEqual([
      "projects/web/flags/checkout",
      "projects/web/environments/staging",
      "projects/web/environments/production",
    ]);
    const versions = of("acme", "projects", "web", "environments");
    expect(paths.some((path) => isConcerned(versions, "acme", path))).toBe(true);
  });
  it("is nothing where a change is of no project", () => {
    expect(concernedPaths({ resource: "members/u_1", project: null, published: {} })).toEqual(["members/u_1"]);
  });
});

it.each([
  ["members/u_1", true],
  ["roles/lead", true],
  ["groups/g_1", true],
  ["projects/web/assignments/u_1", true],
  ["projects/web/environments/staging/assignments/u_1", true],
  ["projects/web/flags/members", false],
  ["projects/web/flags/checkout", false],
])("what somebody is permitted may change with %s: %s", (resource, may) => expect(changesRights(resource)).toBe(may));
