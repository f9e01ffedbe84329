// An environment, or a past version of one, as the address names it; and what differs between two rulesets. Pure.
import { isList, isObject, isSame, type Json, type JsonObject, parseJson } from "../../model/index";

export interface Side {
  env: string;
  version: string | undefined; // undefined: what is published now
}

// "production@8"; keys have no @.
export function sideOf(text: string | undefined): Side | undefined {
  const [env = "", version] = (text ?? "").split("@");
  return env === "" ? undefined : { env, version: version || undefined };
}

export const isPast = (text: string | undefined): boolean => sideOf(text)?.version !== undefined;

// What rulesets leave out where it is the default, so that two of them have the same members.
const defaults: JsonObject = { off: null, prerequisites: [], targets: [], rules: [] };
const memberDefaults: JsonObject = { included: [], excluded: [], rules: [] };

function entriesOf(list: Json | undefined, prefix: string, others: JsonObject): [string, Json][] {
  if (list === undefined || !isList(list)) return [];
  return list.filter(isObject).map(({ version: _, key, ...body }) => [`${prefix}${key}`, { ...others, ...body }]);
}

// By item, as items.ts names them.
function itemsOf(text: string): Map<string, Json> {
  const ruleset = parseJson(text);
  if (!isObject(ruleset)) return new Map();
  return new Map([
    ...entriesOf(ruleset.flags, "", defaults),
    ...entriesOf(ruleset.segments, "segment/", memberDefaults),
  ]);
}

export interface Differing {
  id: string;
  before: Json; // null: not there
  after: Json;
}

export function differing(before: string, after: string): Differing[] {
  const [old, now] = [itemsOf(before), itemsOf(after)];
  return [...new Set([...old.keys(), ...now.keys()])]
    .sort()
    .map((id) => ({ id, before: old.get(id) ?? null, after: now.get(id) ?? null }))
    .filter((item) => !isSame(item.before, item.after));
}
