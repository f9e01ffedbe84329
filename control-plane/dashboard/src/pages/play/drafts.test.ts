import { expect, it } from "vitest";
import type { KeptChange } from "../../api/queries/audit";
import { instructedBy } from "./drafts";

const change = (path: string, kind: string, type = "application/vnd.fanion.instructions+json"): KeptChange => ({
  method: "PATCH",
  path,
  type: type as NonNullable<KeptChange["type"]>,
  body: { instructions: [{ kind }] },
});

it("what a request does to flags in an environment is read from its instructions, in their order", () => {
  const place = "projects/web/flags";
  const changes = [
    change(`${place}/a/environments/production`, "turn_on"),
    change(`${place}/b/environments/production`, "turn_off"),
    change(`${place}/a/environments/production`, "set_off"),
    change(`${place}/a/environments/staging`, "turn_on"),
    change(`${place}/a`, "archive"),
    change("projects/shop/flags/a/environments/production", "turn_on"),
    change(`${place}/c/environments/production`, "turn_on", "application/json"),
  ];
  expect(instructedBy(changes, "web", "production")).toEqual([
    { flag: "a", instructions: [{ kind: "turn_on" }, { kind: "set_off" }] },
    { flag: "b", instructions: [{ kind: "turn_off" }] },
  ]);
});
