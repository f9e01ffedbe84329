// Conditions as text in the rule language (docs/rule-language.md), as common/rule/print.cpp prints
// them: the canonical form. Parsing is the module's, or the server's.

import type { Bucket, Comparison, Condition, SegmentCondition } from "./config";
import { isSegmentCondition, limits } from "./config";
import { isNumber, type Json, spellingOf } from "./json";
import { percentOfSlots } from "./percent";

type Values = "none" | "list" | "any" | "version" | "time";
export type Operator = { readonly phrase: string; readonly values: Values };

/** The operators by their names in the tree, with their phrases; common/model/operators.hpp. */
export const operators: Readonly<Record<string, Operator>> = {
  is: { phrase: "is", values: "any" },
  is_not: { phrase: "is not", values: "any" },
  one_of: { phrase: "in", values: "list" },
  not_one_of: { phrase: "not in", values: "list" },
  contains: { phrase: "contains", values: "any" },
  not_contains: { phrase: "not contains", values: "any" },
  starts_with: { phrase: "starts with", values: "any" },
  not_starts_with: { phrase: "not starts with", values: "any" },
  ends_with: { phrase: "ends with", values: "any" },
  not_ends_with: { phrase: "not ends with", values: "any" },
  matches_regex: { phrase: "matches", values: "any" },
  not_matches_regex: { phrase: "not matches", values: "any" },
  gt: { phrase: ">", values: "any" },
  gte: { phrase: ">=", values: "any" },
  lt: { phrase: "<", values: "any" },
  lte: { phrase: "<=", values: "any" },
  version_eq: { phrase: "==", values: "version" },
  version_gt: { phrase: ">", values: "version" },
  version_gte: { phrase: ">=", values: "version" },
  version_lt: { phrase: "<", values: "version" },
  version_lte: { phrase: "<=", values: "version" },
  before: { phrase: "before", values: "time" },
  after: { phrase: "after", values: "time" },
  in_cidr: { phrase: "in network", values: "any" },
  not_in_cidr: { phrase: "not in network", values: "any" },
  exists: { phrase: "exists", values: "none" },
  not_exists: { phrase: "not exists", values: "none" },
};

const reserved = new Set("all always and any attribute bucket false never not or segment true".split(" "));

/** Whether an attribute is written without quotes. */
export function isBareAttribute(reference: string): boolean {
  if (/^\/[A-Za-z0-9_$.~/-]*$/.test(reference)) return true;
  return /^[A-Za-z_$][A-Za-z0-9_$.-]*$/.test(reference) && !reserved.has(reference);
}

/** The canonical text of a condition. */
export function ruleText(condition: Condition): string {
  if ("all" in condition) return group(condition.all, "all", " and ", "always");
  if ("any" in condition) return group(condition.any, "any", " or ", "never");
  if ("not" in condition) return `not ${operand(condition.not)}`;
  if ("bucket" in condition) return bucketText(condition.bucket);
  return isSegmentCondition(condition) ? segmentText(condition) : comparisonText(condition);
}

function group(children: readonly Condition[], name: string, between: string, empty: string): string {
  if (children.length === 0) return empty;
  const [only] = children;
  if (children.length === 1 && only) return `${name}(${ruleText(only)})`;
  return children.map(operand).join(between);
}

function operand(child: Condition): string {
  const children = "all" in child ? child.all : "any" in child ? child.any : [];
  return children.length > 1 ? `(${ruleText(child)})` : ruleText(child);
}

function attributeText(reference: string): string {
  return isBareAttribute(reference) ? reference : `attribute ${JSON.stringify(reference)}`;
}

function literal(value: Json | undefined): string {
  return isNumber(value) ? spellingOf(value) : JSON.stringify(value);
}

function list(values: readonly Json[]): string {
  return `[${values.map(literal).join(", ")}]`;
}

function comparisonText({ attribute, op, values = [], ignore_case = false }: Comparison): string {
  const row = operators[op] ?? { phrase: op, values: "list" };
  const isText = values.length === 1 && typeof values[0] === "string";
  const isOther = row.values === "version" && !isText;
  const isList = row.values === "list" || values.length !== 1 || row.values === "none" || isOther;
  let text = `${attributeText(attribute)} ${isOther ? op : row.phrase}`;
  if (isText && row.values === "version") text += " version";
  if (isText && row.values === "time") text += " time";
  if (row.values !== "none" || values.length > 0) text += ` ${isList ? list(values) : literal(values[0])}`;
  return ignore_case ? `${text} ignoring case` : text;
}

function segmentText({ op, values }: SegmentCondition): string {
  if (op === "not_in_segment") return `segment not in ${list(values)}`;
  const isOne = values.length === 1 && typeof values[0] === "string";
  return isOne ? `segment ${literal(values[0])}` : `segment in ${list(values)}`;
}

function bucketText({ by = "targetingKey", salt, hash = "murmur3", from, to }: Bucket): string {
  const salted = salt === undefined ? "" : `, ${JSON.stringify(salt)}`;
  const hashed = hash === "murmur3" ? "" : `, ${hash}`;
  const percent = (slots: number): string => `${percentOfSlots(slots)}%`;
  const share =
    from === 0
      ? `< ${percent(to)}`
      : to === limits.slots
        ? `>= ${percent(from)}`
        : `in ${percent(from)}..${percent(to)}`;
  return `bucket(${attributeText(by)}${salted}${hashed}) ${share}`;
}
