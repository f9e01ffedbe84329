// Applies instructions to a segment's members, with the result that the server would store:
// control-plane/segments/segment_instructions.cpp.

import type { Applied, ApplyOptions } from "./apply_config";
import type { SegmentMembers, ValueList } from "./config";
import { type MemberInstruction, memberKinds } from "./instructions";
import type { Json, JsonObject } from "./json";
import { applyEach, orRefusal, Refused } from "./refusal";
import { storedCondition } from "./stored_form";
import { addValues, type ListInstruction, removeValues, replaceValues } from "./value_lists";

type WorkingRule = { readonly when: Json; readonly place: string };
type State = Omit<SegmentMembers, "rules"> & { readonly rules: readonly WorkingRule[] };

function changed(
  lists: readonly ValueList[],
  change: string,
  instruction: JsonObject,
  place: string,
): readonly ValueList[] {
  const by = instruction as unknown as ListInstruction;
  if (change === "add") return addValues(lists, by, place);
  return change === "remove" ? removeValues(lists, by) : replaceValues(lists, by, place);
}

// The rules of a segment have no ids: `at` is an index.
function indexOf(state: State, instruction: JsonObject, place: string): number {
  const count = state.rules.length;
  const isNew = instruction.kind === "add_rule";
  if (!isNew && count === 0)
    throw new Refused(`${place}/at`, "unknown_rule", "the segment has no rules in this environment");
  const last = isNew ? count : count - 1;
  const at = Number(instruction.at ?? count);
  if (at < 0 || at > last) throw new Refused(`${place}/at`, "out_of_range", `must be an integer from 0 to ${last}`);
  return at;
}

function applyOne(state: State, instruction: JsonObject, place: string): State {
  const [change = "", list = ""] = String(instruction.kind).split("_");
  if (list === "included" || list === "excluded")
    return { ...state, [list]: changed(state[list], change, instruction, place) };
  const at = indexOf(state, instruction, place);
  const given = instruction.when === undefined ? [] : [{ when: instruction.when, place: `${place}/when` }];
  return { ...state, rules: state.rules.toSpliced(at, change === "add" ? 0 : 1, ...given) };
}

/** What the instructions make of a segment's members, all or none. */
export function applyToMembers(
  present: SegmentMembers,
  list: readonly MemberInstruction[],
  options: Pick<ApplyOptions, "parseWhen"> = {},
): Applied<SegmentMembers> {
  const parse = (when: Json, place: string): Json => {
    if (typeof when !== "string") return when;
    if (!options.parseWhen) throw new Refused(place, "bad_rule", "the text of a rule must be parsed first");
    return options.parseWhen(when, place);
  };
  return orRefusal(() => {
    const rules = present.rules.map(({ when }, i) => ({ when, place: `/rules/${i}/when` }));
    const made = applyEach<State>({ ...present, rules }, list as readonly Json[], memberKinds, applyOne);
    const { included, excluded } = made;
    return {
      included,
      excluded,
      rules: made.rules.map(({ when, place }) => ({ when: storedCondition(parse(when, place), place) })),
    };
  });
}
