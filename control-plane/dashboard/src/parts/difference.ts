// Two states of a resource, as an entry of the audit log, a revert or a request has them. Pure.
import {
  applyPatch,
  configLines,
  type DiffLine,
  describeConfig,
  describeMembers,
  diffLines,
  type FlagConfig,
  isObject,
  type Json,
  type JsonObject,
  jsonPatch,
  memberLines,
  type Operation,
  type SegmentMembers,
  type Sentence,
  writeJson,
} from "../model/index";

export interface States {
  before: Json;
  after: Json;
}

const has = (state: Json, names: readonly string[]): boolean =>
  isObject(state) && names.every((name) => state[name] !== undefined);

const isConfig = (state: Json): state is FlagConfig & Json =>
  has(state, ["enabled", "prerequisites", "targets", "rules", "fallthrough"]);
const isMembers = (state: Json): state is SegmentMembers & Json => has(state, ["included", "excluded", "rules"]);

// What changed, in sentences, where both states are of a kind that has some.
export function sentencesOf({ before, after }: States): Sentence[] {
  if (isConfig(before) && isConfig(after)) return describeConfig(before, after);
  if (isMembers(before) && isMembers(after)) return describeMembers(before, after);
  return [];
}

function linesOf(state: Json): string[] {
  if (state === null) return [];
  if (isConfig(state)) return configLines(state);
  if (isMembers(state)) return memberLines(state);
  return writeJson(state, 2).split("\n");
}

// Lines of the same kind are compared; where one state is not there, all of the other.
export const textDifference = ({ before, after }: States): DiffLine[] => diffLines(linesOf(before), linesOf(after));

// What the control plane keeps by itself, and nobody changes.
const kept = new Set(["/version", "/updated_at", "/updated_by", "/etag"]);

export const patchOf = ({ before, after }: States): Operation[] =>
  jsonPatch(before, after).filter((operation) => !kept.has(operation.path));

// The state after a patch; undefined where it does not fit.
export const patched = (before: Json, patch: readonly Operation[]): Json | undefined => applyPatch(before, patch);

// A whole change of several flags and segments (a promotion, a rollback) has a state for each of them.
export function statesByItem({ before, after }: States): [string, States][] {
  return ["flags", "segments"].flatMap((list) => {
    const [old, now] = [before, after].map((state) => listOf(state, list));
    if (!old || !now) return [];
    return [...new Set([...Object.keys(old), ...Object.keys(now)])].map((key): [string, States] => [
      key,
      { before: old[key] ?? null, after: now[key] ?? null },
    ]);
  });
}

function listOf(state: Json, name: string): JsonObject | undefined {
  const list = isObject(state) ? state[name] : undefined;
  return list !== undefined && isObject(list) ? list : undefined;
}
