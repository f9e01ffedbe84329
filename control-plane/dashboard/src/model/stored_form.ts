// Conditions and serves in the form that the server stores: defaults written out, members in their
// order, nothing else; as common/model/read_*.cpp and write_*.cpp. Throws Refused.

import type { Bucket, Comparison, Condition, Hash, Range, Serve, Split } from "./config";
import { defaultAttribute, limits } from "./config";
import { isList, isNumber, isObject, type Json, type JsonObject, memberOf } from "./json";
import { Refused } from "./refusal";
import { operators } from "./rule_text";

function object(value: Json | undefined, place: string): JsonObject {
  if (value === undefined) throw new Refused(place, "missing", "this is missing");
  if (!isObject(value)) throw new Refused(place, "wrong_type", "must be an object");
  return value;
}

function list(from: JsonObject, name: string, place: string): readonly Json[] {
  const value = memberOf(from, name) ?? [];
  if (!isList(value)) throw new Refused(`${place}/${name}`, "wrong_type", "must be an array");
  return value;
}

function text(from: JsonObject, name: string, place: string, fallback?: string): string {
  const value = memberOf(from, name) ?? fallback;
  if (value === undefined) throw new Refused(`${place}/${name}`, "missing", `\`${name}\` is missing`);
  if (typeof value !== "string") throw new Refused(`${place}/${name}`, "wrong_type", "must be a string");
  return value;
}

function optionalText(from: JsonObject, name: string, place: string): { [name: string]: string } {
  const value = memberOf(from, name);
  return value === undefined || value === null ? {} : { [name]: text(from, name, place) };
}

function refuseOthers(value: JsonObject, known: readonly string[], place: string): void {
  const other = Object.keys(value).find((name) => !known.includes(name) && value[name] !== undefined);
  if (other !== undefined) throw new Refused(`${place}/${other}`, "unknown_field", `there is no member \`${other}\``);
}

function hash(from: JsonObject, place: string): Hash {
  const name = text(from, "hash", place, "murmur3");
  if (name !== "murmur3" && name !== "djb2")
    throw new Refused(`${place}/hash`, "malformed", "must be `murmur3` or `djb2`");
  return name;
}

function slot(value: Json | undefined, place: string): number {
  if (typeof value !== "number" || !Number.isInteger(value) || value < 0 || value > limits.slots)
    throw new Refused(place, "bad_range", `slots are integers from 0 to ${limits.slots}`);
  return value;
}

const forms = ["all", "any", "not", "bucket", "op"] as const;

/** A condition in stored form. `place` is its pointer. */
export function storedCondition(value: Json | undefined, place: string): Condition {
  const from = object(value, place);
  const given = forms.filter((form) => memberOf(from, form) !== undefined);
  const [form] = given;
  if (given.length !== 1 || form === undefined)
    throw new Refused(place, "malformed", "a condition has exactly one of `all`, `any`, `not`, `bucket` and `op`");
  if (form === "op") return storedComparison(from, place);
  refuseOthers(from, [form], place);
  const inner = memberOf(from, form);
  if (form === "not") return { not: storedCondition(inner, `${place}/not`) };
  if (form === "bucket") return { bucket: storedBucket(object(inner, `${place}/bucket`), `${place}/bucket`) };
  const children = list(from, form, place).map((child, i) => storedCondition(child, `${place}/${form}/${i}`));
  return form === "all" ? { all: children } : { any: children };
}

function storedBucket(from: JsonObject, place: string): Bucket {
  refuseOthers(from, ["by", "salt", "hash", "from", "to"], place);
  const [begin, end] = [slot(from.from, `${place}/from`), slot(from.to, `${place}/to`)];
  if (begin > end) throw new Refused(place, "bad_range", "`from` is greater than `to`");
  return {
    by: text(from, "by", place, defaultAttribute),
    ...optionalText(from, "salt", place),
    hash: hash(from, place),
    from: begin,
    to: end,
  };
}

function storedComparison(from: JsonObject, place: string): Condition {
  const op = text(from, "op", place);
  const values = list(from, "values", place);
  const isScalar = (value: Json): boolean => typeof value === "string" || typeof value === "boolean" || isNumber(value);
  const other = values.findIndex((value) => !isScalar(value));
  if (other >= 0)
    throw new Refused(`${place}/values/${other}`, "wrong_type", "must be a string, a number or a boolean");
  if (op === "in_segment" || op === "not_in_segment") {
    refuseOthers(from, ["op", "values"], place);
    return { op, values };
  }
  if (!Object.hasOwn(operators, op)) throw new Refused(`${place}/op`, "malformed", `\`${op}\` is not an operator`);
  refuseOthers(from, ["attribute", "op", "values", "ignore_case"], place);
  const ignoreCase = memberOf(from, "ignore_case") ?? false;
  if (typeof ignoreCase !== "boolean") throw new Refused(`${place}/ignore_case`, "wrong_type", "must be a boolean");
  return { attribute: text(from, "attribute", place), op, values, ignore_case: ignoreCase } satisfies Comparison;
}

/** A serve in stored form; `place` is its pointer, `splitPlace` that of its split. */
export function storedServe(value: Json | undefined, place: string, splitPlace = `${place}/split`): Serve {
  const from = object(value, place);
  const [variation, split] = [memberOf(from, "variation"), memberOf(from, "split")];
  if ((variation === undefined) === (split === undefined))
    throw new Refused(place, "malformed", "exactly one of `variation` and `split` is needed");
  refuseOthers(from, ["variation", "split"], place);
  if (variation !== undefined) return { variation: text(from, "variation", place) };
  return { split: storedSplit(object(split, splitPlace), splitPlace) };
}

function storedSplit(from: JsonObject, place: string): Split {
  refuseOthers(from, ["by", "salt", "hash", "ranges", "otherwise"], place);
  return {
    by: text(from, "by", place, defaultAttribute),
    ...optionalText(from, "salt", place),
    hash: hash(from, place),
    ranges: list(from, "ranges", place).map((range, i) => storedRange(range, `${place}/ranges/${i}`)),
    ...optionalText(from, "otherwise", place),
  };
}

function storedRange(value: Json, place: string): Range {
  if (!isList(value) || value.length !== 3) throw new Refused(place, "malformed", "a range is [from, to, variation]");
  const [from, to, variation] = value;
  if (typeof variation !== "string") throw new Refused(place, "wrong_type", "the variation must be a string");
  return [slot(from, place), slot(to, place), variation];
}
