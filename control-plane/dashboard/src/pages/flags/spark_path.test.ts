import { expect, it } from "vitest";
import { sparkPath } from "./spark_path";

const size = { width: 8, height: 11 };
const line = "M0 10h8v1h-8z";

it("a small plot: the largest count has all the room, the smallest is seen, zero is the line below", () => {
  expect(sparkPath([10_000, 0, 5_000, 1], size)).toBe(`${line}M0 10v-10h1v10zM4 10v-5h1v5zM6 10v-1h1v1z`);
  expect(sparkPath([0, 0], size)).toBe(line);
  expect(sparkPath([], size)).toBe(line);
});
