// A value as people read it: conditions as the text of a rule, everything else as JSON. Pure.
import { type Condition, isObject, type Json, ruleText, writeJson } from "../model/index";
import { changeWords } from "../text/en/changes";

const isCondition = (value: Json): boolean =>
  isObject(value) && ["all", "any", "not", "op", "bucket"].some((name) => name in value);

export function written(value: Json | undefined): string {
  if (value === undefined) return changeWords.not_there;
  if (isCondition(value)) return ruleText(value as unknown as Condition);
  if (isObject(value) && value.when !== undefined && isCondition(value.when))
    return `${ruleText(value.when as unknown as Condition)}\n${writeJson(value.serve ?? null, 1)}`;
  return writeJson(value, 1);
}
