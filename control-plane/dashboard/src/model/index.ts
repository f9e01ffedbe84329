// The model: what the dashboard knows without a page. Pure TypeScript: no React, no DOM, no import
// from outside this folder.

export * from "./apply_config";
export * from "./apply_definition";
export * from "./apply_members";
export * from "./as_instructions";
export * from "./audit_sentence";
export * from "./chain";
export * from "./change_sentences";
export * from "./config";
export * from "./config_sentence";
export * from "./contexts";
export * from "./csv";
export * from "./definition_sentences";
export * from "./diff";
export * from "./diff_text";
export * from "./draft";
export { english, type Texts } from "./english";
export { type Completion, type Completions, complete, type Known, knownOf } from "./filter_completion";
export * from "./filter_query";
export * from "./flag_index";
export * from "./generate_contexts";
export * from "./graph";
export * from "./instructions";
export * from "./json";
export * from "./json_patch";
export * from "./linked_text";
export * from "./live";
export * from "./merge_order";
export * from "./palette";
export * from "./percent";
export * from "./permissions";
export {
  capitalised,
  joinParts,
  listed,
  type Part,
  type PartKind,
  part,
  plainText,
  quotedText,
  type Sentence,
  shortened,
} from "./phrases";
export * from "./rebase";
export type { Refusal } from "./refusal";
export { Refused } from "./refusal";
export * from "./rule_text";
export * from "./segment_lists";
export * from "./snippets";
export * from "./split";
export * from "./split_fields";
export { layOut, type Share, type SlotPlan } from "./split_layout";
export { storedCondition, storedServe } from "./stored_form";
export * from "./stream";
export * from "./time";
export * from "./variation_uses";
