// The semantic instructions of the admin API (docs/admin-api.md, JSON Patch and instructions), by
// the resource that has them. Their kinds and members are those of the server's tables:
// control-plane/flags/config_instructions.cpp, definition_instructions.cpp and
// control-plane/segments/segment_instructions.cpp.

import type { Condition, Lifetime, Split } from "./config";
import type { Json } from "./json";

/** `weight` in percent, at most three decimals: a number, or a SpelledNumber. */
export type Weight = { readonly variation: string; readonly weight: Json };
/** `weights` instead of `ranges`; the rest of 100 % goes to `otherwise`. */
export type WeightedSplit = Omit<Split, "ranges"> & { readonly weights: readonly Weight[] };
export type ServeInput = { readonly variation: string } | { readonly split: Split | WeightedSplit };
/** A tree, or a text in the rule language. */
export type When = Condition | string;

/** Where a rule stands: at most one of them; none is the end. */
export type Position = { readonly before?: string; readonly after?: string; readonly at?: number };
type Bucketing = { readonly otherwise?: string; readonly by?: string; readonly salt?: string; readonly hash?: string };
type Values = { readonly attribute?: string; readonly values: readonly string[] };
type TargetValues = Values & { readonly variation: string };

export type ConfigInstruction =
  | { readonly kind: "turn_on" | "turn_off" }
  | ({ readonly kind: "add_rule"; readonly id?: string; readonly when: When; readonly serve: ServeInput } & Position)
  | { readonly kind: "replace_rule"; readonly rule: string; readonly when?: When; readonly serve?: ServeInput }
  | { readonly kind: "remove_rule"; readonly rule: string }
  | ({ readonly kind: "move_rule"; readonly rule: string } & Position)
  | { readonly kind: "reorder_rules"; readonly rules: readonly string[] }
  | ({ readonly kind: "set_weights"; readonly rule?: string; readonly weights: readonly Weight[] } & Bucketing)
  | { readonly kind: "set_fallthrough"; readonly variation?: string; readonly split?: Split | WeightedSplit }
  | { readonly kind: "set_off"; readonly variation: string | null }
  | ({ readonly kind: "add_targets" | "remove_targets" | "replace_targets" } & TargetValues)
  | {
      readonly kind: "add_prerequisite" | "replace_prerequisite";
      readonly flag: string;
      readonly variations: readonly string[];
    }
  | { readonly kind: "remove_prerequisite"; readonly flag: string };

type CommonDefinitionInstruction =
  | { readonly kind: "set_name"; readonly name: string }
  | { readonly kind: "set_description"; readonly description: string }
  | { readonly kind: "set_owner"; readonly owner: string }
  | { readonly kind: "set_client"; readonly client: boolean }
  | { readonly kind: "add_tags" | "remove_tags"; readonly tags: readonly string[] }
  | { readonly kind: "archive" | "restore" };

export type DefinitionInstruction =
  | CommonDefinitionInstruction
  | { readonly kind: "set_track"; readonly track: boolean }
  | { readonly kind: "set_lifetime"; readonly lifetime: Lifetime | null }
  | { readonly kind: "add_variation"; readonly variation: string; readonly value: Json; readonly at?: number }
  | { readonly kind: "set_value"; readonly variation: string; readonly value: Json }
  | { readonly kind: "rename_variation"; readonly variation: string; readonly to: string }
  | { readonly kind: "remove_variation"; readonly variation: string };

export type SegmentDefinitionInstruction = CommonDefinitionInstruction;

export type MemberInstruction =
  | ({ readonly kind: `${"add" | "remove" | "replace"}_${"included" | "excluded"}` } & Values)
  | { readonly kind: "add_rule"; readonly when: When; readonly at?: number }
  | { readonly kind: "replace_rule"; readonly when: When; readonly at: number }
  | { readonly kind: "remove_rule"; readonly at: number };

export type Instruction = ConfigInstruction | DefinitionInstruction | MemberInstruction;

/** What members must hold: `name` is a text that is not empty, `names` a list of at least one. */
export type MemberType = "text" | "name" | "names" | "texts" | "boolean" | "index" | "text_or_null" | "any";
/** A name that ends in `?` need not be there. */
export type Members = Readonly<Record<string, MemberType>>;
export type KindTable = Readonly<Record<string, Members>>;

const position: Members = { "before?": "name", "after?": "name", "at?": "index" };
const targets: Members = { "attribute?": "name", variation: "name", values: "names" };
const values: Members = { "attribute?": "name", values: "names" };
const prerequisite: Members = { flag: "name", variations: "names" };
const tags: Members = { tags: "names" };

export const configKinds: KindTable = {
  turn_on: {},
  turn_off: {},
  add_rule: { "id?": "text", when: "any", serve: "any", ...position },
  replace_rule: { rule: "name", "when?": "any", "serve?": "any" },
  remove_rule: { rule: "name" },
  move_rule: { rule: "name", ...position },
  reorder_rules: { rules: "names" },
  set_weights: { "rule?": "name", weights: "any", "otherwise?": "any", "by?": "any", "salt?": "any", "hash?": "any" },
  set_fallthrough: { "variation?": "any", "split?": "any" },
  set_off: { variation: "text_or_null" },
  add_targets: targets,
  remove_targets: targets,
  replace_targets: { ...targets, values: "texts" },
  add_prerequisite: prerequisite,
  replace_prerequisite: prerequisite,
  remove_prerequisite: { flag: "name" },
};

export const segmentDefinitionKinds: KindTable = {
  set_name: { name: "text" },
  set_description: { description: "text" },
  set_owner: { owner: "text" },
  set_client: { client: "boolean" },
  add_tags: tags,
  remove_tags: tags,
  archive: {},
  restore: {},
};

export const definitionKinds: KindTable = {
  ...segmentDefinitionKinds,
  set_lifetime: { lifetime: "any" },
  set_track: { track: "boolean" },
  add_variation: { variation: "name", value: "any", "at?": "index" },
  rename_variation: { variation: "name", to: "name" },
  remove_variation: { variation: "name" },
  set_value: { variation: "name", value: "any" },
};

export const memberKinds: KindTable = {
  add_included: values,
  remove_included: values,
  replace_included: { ...values, values: "texts" },
  add_excluded: values,
  remove_excluded: values,
  replace_excluded: { ...values, values: "texts" },
  add_rule: { when: "any", "at?": "index" },
  replace_rule: { at: "index", when: "any" },
  remove_rule: { at: "index" },
};
