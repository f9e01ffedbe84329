// Changes of a condition's tree. A path is the list of children from the root. Pure.
import {
  type Comparison,
  type Condition,
  defaultAttribute,
  isSegmentCondition,
  type Json,
  numberOf,
  operators,
} from "../../model/index";

export type Path = readonly number[];
export type GroupKind = "all" | "any" | "not";

export const kindOf = (condition: Condition): GroupKind | "bucket" | "segment" | "comparison" =>
  "all" in condition
    ? "all"
    : "any" in condition
      ? "any"
      : "not" in condition
        ? "not"
        : "bucket" in condition
          ? "bucket"
          : isSegmentCondition(condition)
            ? "segment"
            : "comparison";

export function childrenOf(condition: Condition): readonly Condition[] | undefined {
  if ("all" in condition) return condition.all;
  if ("any" in condition) return condition.any;
  return "not" in condition ? [condition.not] : undefined;
}

export function groupOf(kind: GroupKind, children: readonly Condition[]): Condition {
  if (kind === "all") return { all: children };
  if (kind === "any") return { any: children };
  const [only] = children;
  return { not: children.length === 1 && only ? only : { all: children } };
}

// The group's children under another kind. `not` of one group is that group, so that nothing is nested by choosing.
export function withKind(condition: Condition, kind: GroupKind): Condition {
  const children = childrenOf(condition) ?? [condition];
  const [only] = children;
  if (kindOf(condition) === "not" && only && kind !== "not") {
    const inner = childrenOf(only);
    return groupOf(kind, inner && kindOf(only) !== "not" ? inner : [only]);
  }
  return kind === "not" && kindOf(condition) !== "not"
    ? { not: children.length === 1 && only ? only : condition }
    : groupOf(kind, children);
}

// The tree with another node at a path; without it where that is undefined. A `not` without its condition goes too.
export function replaceAt(condition: Condition, path: Path, next: Condition | undefined): Condition | undefined {
  const [at, ...rest] = path;
  if (at === undefined) return next;
  const children = childrenOf(condition);
  const child = children?.[at];
  if (!children || !child) return condition;
  const made = replaceAt(child, rest, next);
  const kind = kindOf(condition) as GroupKind;
  if (made === undefined) return kind === "not" ? undefined : groupOf(kind, children.toSpliced(at, 1));
  return groupOf(kind, children.with(at, made));
}

export function moveChild(condition: Condition, from: number, to: number): Condition {
  const children = childrenOf(condition);
  const child = children?.[from];
  if (!children || !child || to < 0 || to >= children.length) return condition;
  return groupOf(kindOf(condition) as GroupKind, children.toSpliced(from, 1).toSpliced(to, 0, child));
}

export interface Moved {
  when: Condition;
  path: Path; // where the node is now
}

export const nodeAt = (condition: Condition, path: Path): Condition | undefined =>
  path.reduce<Condition | undefined>((node, at) => node && childrenOf(node)?.[at], condition);

// A node one place up or down in its group.
export function moveNode(when: Condition, path: Path, step: 1 | -1): Moved | undefined {
  const [parent, at] = [path.slice(0, -1), path.at(-1) ?? 0];
  const group = nodeAt(when, parent);
  const count = group ? (childrenOf(group)?.length ?? 0) : 0;
  if (!group || path.length === 0 || at + step < 0 || at + step >= count) return undefined;
  const made = replaceAt(when, parent, moveChild(group, at, at + step));
  return made && { when: made, path: [...parent, at + step] };
}

// A node to the end of the group before it.
export function nestNode(when: Condition, path: Path): Moved | undefined {
  const [parent, at] = [path.slice(0, -1), path.at(-1) ?? 0];
  const group = nodeAt(when, parent);
  const [node, before] = [nodeAt(when, path), nodeAt(when, [...parent, at - 1])];
  const inner = before && childrenOf(before);
  if (!group || !node || !before || !inner || kindOf(before) === "not") return undefined;
  const grown = groupOf(kindOf(before) as GroupKind, [...inner, node]);
  const children = (childrenOf(group) ?? []).toSpliced(at - 1, 2, grown);
  const made = replaceAt(when, parent, groupOf(kindOf(group) as GroupKind, children));
  return made && { when: made, path: [...parent, at - 1, inner.length] };
}

// A node out of its group, behind it. A group that is empty then goes.
export function liftNode(when: Condition, path: Path): Moved | undefined {
  const [outer, inner] = [path.slice(0, -2), path.at(-2)];
  const node = nodeAt(when, path);
  const group = nodeAt(when, outer);
  if (!node || !group || inner === undefined || kindOf(group) === "not") return undefined;
  const left = replaceAt(when, path, undefined);
  const held = left && nodeAt(left, outer);
  const children = held && childrenOf(held);
  if (!left || !held || !children) return undefined;
  const rest = children[inner];
  const isEmpty = rest !== undefined && childrenOf(rest)?.length === 0;
  const isGone = children.length < (childrenOf(group)?.length ?? 0);
  const at = isEmpty || isGone ? inner : inner + 1;
  const made = replaceAt(
    left,
    outer,
    groupOf(kindOf(held) as GroupKind, children.toSpliced(at, isEmpty ? 1 : 0, node)),
  );
  return made && { when: made, path: [...outer, at] };
}

export const newComparison: Comparison = { attribute: defaultAttribute, op: "is", values: [""] };

// The same values under another operator, as far as it takes them.
export function withOperator(comparison: Comparison, op: string): Comparison {
  const wants = operators[op]?.values ?? "any";
  const { attribute, values = [] } = comparison;
  if (wants === "none") return { attribute, op, values: [] };
  const kept = values.length > 0 ? values : [""];
  const made =
    wants === "version" || wants === "time" ? kept.map((value) => (typeof value === "string" ? value : "")) : kept;
  return { attribute, op, values: made, ...(comparison.ignore_case ? { ignore_case: true } : {}) };
}

// What is typed as a value: numbers, true and false are themselves where the attribute has been seen so, or the text was no text before.
export function readValue(text: string, before: Json | undefined, types: readonly string[]): Json {
  const is_text = typeof before === "string" && before !== "" && !types.some((type) => !type.startsWith("string"));
  if (is_text || (types.length > 0 && types.every((type) => type.startsWith("string")))) return text;
  if (text === "true" || text === "false") return text === "true";
  return /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text) ? numberOf(text) : text;
}
