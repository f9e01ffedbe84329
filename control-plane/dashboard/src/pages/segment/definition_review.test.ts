import { expect, it } from "vitest";
import { instructionsFor } from "./definition_review";

const segment = {
  ...{ key: "beta", name: "Beta", description: "", tags: ["a", "b"], owner: "", client: false, archived: false },
};

it("what differs between two definitions of a segment is said in its own instructions", () => {
  const after = { ...segment, name: "Beta testers", tags: ["b", "c"], client: true };
  expect(instructionsFor(segment, after)).toEqual([
    { kind: "set_name", name: "Beta testers" },
    { kind: "set_client", client: true },
    { kind: "remove_tags", tags: ["a"] },
    { kind: "add_tags", tags: ["c"] },
  ]);
  expect(instructionsFor(segment, { ...segment, archived: true })).toEqual([{ kind: "archive" }]);
  expect(instructionsFor(segment, segment)).toEqual([]);
});
