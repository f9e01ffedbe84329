import { describe, expect, it } from "vitest";
import { plainText } from "../model/index";
import { patchOf, sentencesOf, statesByItem, textDifference } from "./difference";
import { pathOfResource } from "./resource_paths";

const config = (enabled: boolean, version = 1) => ({
  enabled,
  off: "off",
  prerequisites: [],
  targets: [],
  rules: [],
  fallthrough: { variation: "on" },
  version,
  updated_at: `2026-11-30T10:00:0${version}Z`,
});

describe("two states", () => {
  const states = { before: config(false), after: config(true, 2) };

  it("of a configuration have sentences", () => {
    expect(sentencesOf(states).map((sentence) => plainText(sentence))).toEqual(["Turns the flag on."]);
    expect(sentencesOf({ before: { name: "a" }, after: { name: "b" } })).toEqual([]);
  });

  it("differ in what people change, not in what is counted", () => {
    expect(patchOf(states)).toEqual([{ op: "replace", path: "/enabled", value: true }]);
    expect(textDifference(states).filter((line) => line.kind !== "same")).toEqual([
      { kind: "removed", text: "off" },
      { kind: "added", text: "on" },
    ]);
  });

  it("of what was not there before are all of it", () => {
    expect(textDifference({ before: null, after: { name: "a" } }).every((line) => line.kind === "added")).toBe(true);
  });

  it("of a promotion are those of each flag and segment", () => {
    const before = { flags: { a: config(false) }, segments: {} };
    const after = { flags: { a: config(true) }, segments: { beta: { included: [] } } };
    expect(statesByItem({ before, after }).map(([name]) => name)).toEqual(["a", "beta"]);
    expect(statesByItem(states)).toEqual([]);
  });
});

describe("the page of a resource", () => {
  const path = (resource: string) => pathOfResource("acme", resource, () => true);
  it("is that of the flag, request, rollout, schedule, member or webhook", () => {
    expect(path("projects/web/flags/a/environments/production")).toBe("/acme/web/flags/a/production");
    expect(path("projects/web/environments/production/requests/cr_1")).toBe("/acme/web/requests/cr_1?env=production");
    expect(path("projects/web/environments/production/rollouts/ro_1")).toBe("/acme/web/rollouts/ro_1?env=production");
    expect(pathOfResource("acme", "projects/web/flags/a", () => false)).toBeUndefined();
    expect(path("projects/web/environments/production/keys/k1")).toBe("/acme/web/environments/production/keys");
    expect(path("members/u_1")).toBe("/acme/-/members/u_1");
    expect(path("members/u_1/second-factor")).toBe("/acme/-/members/u_1");
    expect(path("webhooks/wh_1")).toBe("/acme/-/webhooks/wh_1");
    expect(path("group-roles")).toBe("/acme/-/groups");
    expect(path("nothing/known")).toBeUndefined();
  });
});
