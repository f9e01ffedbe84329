// Applies instructions to the definition of a flag or a segment, with the result that the server
// would store: control-plane/flags/definition_instructions.cpp and items/definition_instructions.cpp.
// Lengths, and values by the flag's type, are checked by the server's dry run.

import type { Applied } from "./apply_config";
import { type FlagConfig, type FlagDefinition, limits, type SegmentDefinition, type Variation } from "./config";
import {
  type DefinitionInstruction,
  definitionKinds,
  type SegmentDefinitionInstruction,
  segmentDefinitionKinds,
} from "./instructions";
import type { Json, JsonObject } from "./json";
import { applyEach, orRefusal, Refused } from "./refusal";
import { renameVariation, usesOfVariation } from "./variation_uses";

type Shared = Omit<SegmentDefinition, "key">;

function checkTags(tags: readonly string[], place: string): void {
  if (tags.length > limits.tags) throw new Refused(`${place}/tags`, "too_many", `at most ${limits.tags} tags`);
}

function applyShared<T extends Shared>(state: T, instruction: JsonObject, place: string): T | undefined {
  const tags = (instruction.tags ?? []) as readonly string[];
  checkTags(tags, place);
  switch (instruction.kind) {
    case "set_name":
      return { ...state, name: instruction.name };
    case "set_description":
      return { ...state, description: instruction.description };
    case "set_owner":
      return { ...state, owner: instruction.owner };
    case "set_client":
      return { ...state, client: instruction.client };
    case "add_tags":
      return { ...state, tags: [...state.tags, ...new Set(tags.filter((tag) => !state.tags.includes(tag)))] };
    case "remove_tags":
      return { ...state, tags: state.tags.filter((tag) => !tags.includes(tag)) };
    case "archive":
    case "restore":
      return { ...state, archived: instruction.kind === "archive" };
    default:
      return undefined;
  }
}

/** A definition with its configurations by environment, which a renamed variation changes. */
export type DefinitionState = {
  readonly definition: FlagDefinition;
  readonly configs: Readonly<Record<string, FlagConfig>>;
};

const nextIsTaken = "in a rule, `next` means the next rule: choose another key";

function checkNew(variations: readonly Variation[], key: string, place: string): void {
  if (variations.some((variation) => variation.key === key))
    throw new Refused(place, "already_there", `the flag has a variation \`${key}\` already`);
}

function add(variations: readonly Variation[], instruction: JsonObject, place: string): Variation[] {
  const key = String(instruction.variation);
  const at = Number(instruction.at ?? variations.length);
  if (at < 0 || at > variations.length)
    throw new Refused(`${place}/at`, "out_of_range", `must be an integer from 0 to ${variations.length}`);
  checkNew(variations, key, `${place}/variation`);
  if (key === "next") throw new Refused(`${place}/variation`, "bad_key", nextIsTaken);
  return variations.toSpliced(at, 0, { key, value: instruction.value ?? null });
}

function rename(state: DefinitionState, from: string, to: string, index: number, place: string): DefinitionState {
  const { variations } = state.definition;
  if (from === to) return state;
  checkNew(variations, to, `${place}/to`);
  if (to === "next") throw new Refused(`${place}/to`, "bad_key", nextIsTaken);
  const renamed = variations.map((variation, i) => (i === index ? { ...variation, key: to } : variation));
  const configs = Object.entries(state.configs).map(([environment, config]) => [
    environment,
    renameVariation(config, from, to),
  ]);
  return { definition: { ...state.definition, variations: renamed }, configs: Object.fromEntries(configs) };
}

function checkUnserved(state: DefinitionState, key: string, place: string): void {
  for (const [environment, config] of Object.entries(state.configs)) {
    const [use] = usesOfVariation(config, key);
    if (use)
      throw new Refused(
        `${place}/variation`,
        "still_served",
        `${use.place} in environment ${environment} serves \`${key}\``,
      );
  }
}

function applyOne(state: DefinitionState, instruction: JsonObject, place: string): DefinitionState {
  const { definition } = state;
  const withDefinition = (made: FlagDefinition): DefinitionState => ({ ...state, definition: made });
  const shared = applyShared(definition, instruction, place);
  if (shared) return withDefinition(shared);
  const { kind, variation, value = null } = instruction;
  const { variations } = definition;
  if (kind === "set_track") return withDefinition({ ...definition, track: instruction.track as boolean });
  if (kind === "set_lifetime")
    return withDefinition({ ...definition, lifetime: instruction.lifetime as FlagDefinition["lifetime"] });
  if (kind === "add_variation")
    return withDefinition({ ...definition, variations: add(variations, instruction, place) });
  const key = String(variation);
  const index = variations.findIndex((held) => held.key === key);
  if (index < 0) throw new Refused(`${place}/variation`, "unknown_variation", `the flag has no variation \`${key}\``);
  if (kind === "set_value")
    return withDefinition({ ...definition, variations: variations.with(index, { key, value }) });
  if (kind === "rename_variation") return rename(state, key, String(instruction.to), index, place);
  checkUnserved(state, key, place);
  return withDefinition({ ...definition, variations: variations.toSpliced(index, 1) });
}

/** What the instructions make of a flag's definition, and of its configurations. */
export function applyToDefinition(
  present: DefinitionState,
  list: readonly DefinitionInstruction[],
): Applied<DefinitionState> {
  return orRefusal(() => applyEach(present, list as readonly Json[], definitionKinds, applyOne));
}

/** The same for a segment. */
export function applyToSegmentDefinition(
  present: SegmentDefinition,
  list: readonly SegmentDefinitionInstruction[],
): Applied<SegmentDefinition> {
  return orRefusal(() =>
    applyEach(
      present,
      list as readonly Json[],
      segmentDefinitionKinds,
      (state, instruction, place) => applyShared(state, instruction, place) ?? state,
    ),
  );
}
