// The same node in both views of a condition: a pointer of the text's places, and a path in the tree. Pure.
import type { NodePlace } from "../../evaluator/protocol";
import { offsetOf } from "../../evaluator/text_place";
import { type Condition, ruleText } from "../../model/index";
import { nodeAt, type Path } from "./tree_edits";

// "/all/0/not/any/1" is [0, 0, 1]: a `not` has one child.
export function pathOfPointer(pointer: string): Path {
  const path: number[] = [];
  for (const part of pointer.split("/").slice(1)) {
    if (part === "not") path.push(0);
    else if (/^\d+$/.test(part)) path.push(Number(part));
    else if (part !== "all" && part !== "any") break; // a part of a comparison
  }
  return path;
}

// The innermost node that begins at or before an offset of the text.
export function pathAt(text: string, places: readonly NodePlace[], offset: number): Path | undefined {
  let found: Path | undefined;
  let at = -1;
  for (const place of places) {
    const start = offsetOf(text, place);
    if (start > offset || start < at) continue;
    at = start;
    found = pathOfPointer(place.pointer);
  }
  return found;
}

const isSamePath = (a: Path, b: Path): boolean => a.length === b.length && a.every((step, i) => step === b[i]);

// Where a node stands in the text; as a whole, if it is written there as it is written canonically.
export function selectionOf(
  text: string,
  places: readonly NodePlace[],
  condition: Condition,
  path: Path,
): { from: number; to: number } | undefined {
  const place = places.find(({ pointer }) => isSamePath(pathOfPointer(pointer), path));
  const node = nodeAt(condition, path);
  if (!place || !node) return undefined;
  const from = offsetOf(text, place);
  const written = ruleText(node);
  return { from, to: text.startsWith(written, from) ? from + written.length : from };
}
