// A draft: the version that it began with, and what was done since, as instructions. One pure
// reducer with undo and redo. What is shown is always the instructions applied to the base, so that
// the server, which gets the same list, comes to the same result.

import type { Applied, ApplyOptions } from "./apply_config";
import { applyToConfig } from "./apply_config";
import { applyToDefinition, applyToSegmentDefinition, type DefinitionState } from "./apply_definition";
import { applyToMembers } from "./apply_members";
import type { FlagConfig, SegmentDefinition, SegmentMembers } from "./config";
import { limits } from "./config";
import type {
  ConfigInstruction,
  DefinitionInstruction,
  MemberInstruction,
  SegmentDefinitionInstruction,
} from "./instructions";
import { isObject, type Json, parseJson, writeJson } from "./json";

/** What each kind of draft edits, and with which instructions. */
export type Edits = {
  config: { state: FlagConfig; instruction: ConfigInstruction };
  definition: { state: DefinitionState; instruction: DefinitionInstruction };
  members: { state: SegmentMembers; instruction: MemberInstruction };
  segment: { state: SegmentDefinition; instruction: SegmentDefinitionInstruction };
};
export type EditKind = keyof Edits;
export type StateOf<K extends EditKind> = Edits[K]["state"];
export type InstructionOf<K extends EditKind> = Edits[K]["instruction"];

/** One thing that a person did, undone as one; several instructions if it takes them. */
export type Step<K extends EditKind> = readonly InstructionOf<K>[];

export type Draft<K extends EditKind = EditKind> = {
  readonly kind: K;
  /** The resource, as audit entries name it: "projects/web/flags/f/environments/production". */
  readonly resource: string;
  /** `version` of what the draft began with, for If-Match and to tell that it has moved. */
  readonly version: number;
  readonly base: StateOf<K>;
  readonly done: readonly Step<K>[];
  /** What was undone and can be done again, the next one last. */
  readonly undone: readonly Step<K>[];
  readonly comment: string;
};

export function newDraft<K extends EditKind>(kind: K, resource: string, version: number, base: StateOf<K>): Draft<K> {
  return { kind, resource, version, base, done: [], undone: [], comment: "" };
}

/** All instructions in their order: the body of the request. */
export function instructionsOf<K extends EditKind>(draft: Draft<K>): InstructionOf<K>[] {
  return draft.done.flat();
}

export function isEmptyDraft(draft: Draft): boolean {
  return draft.done.length === 0;
}

const appliers: {
  [K in EditKind]: (base: StateOf<K>, list: InstructionOf<K>[], options: ApplyOptions) => Applied<StateOf<K>>;
} = {
  config: applyToConfig,
  definition: applyToDefinition,
  members: applyToMembers,
  segment: applyToSegmentDefinition,
};

/** Applies instructions to a state of any kind; an empty list changes nothing. */
export function applyTo<K extends EditKind>(
  kind: K,
  state: StateOf<K>,
  list: readonly InstructionOf<K>[],
  options: ApplyOptions,
): Applied<StateOf<K>> {
  return list.length === 0 ? { value: state } : appliers[kind](state, [...list], options);
}

/** What the draft makes of its base; a refusal where it no longer applies. */
export function resultOf<K extends EditKind>(draft: Draft<K>, options: ApplyOptions): Applied<StateOf<K>> {
  return applyTo(draft.kind, draft.base, instructionsOf(draft), options);
}

export type DraftAction<K extends EditKind> =
  | { readonly type: "do"; readonly step: Step<K> }
  /** As `do`, but one step with the last one: a slider that moves, a text that is typed. */
  | { readonly type: "amend"; readonly step: Step<K> }
  | { readonly type: "undo" }
  | { readonly type: "redo" }
  | { readonly type: "discard" }
  | { readonly type: "comment"; readonly comment: string }
  /** A new base with the instructions that a rebase made for it. */
  | {
      readonly type: "rebase";
      readonly version: number;
      readonly base: StateOf<K>;
      readonly steps: readonly Step<K>[];
    };

/** The next draft. An empty step, and undo or redo of nothing, change nothing. */
export function reduceDraft<K extends EditKind>(draft: Draft<K>, action: DraftAction<K>): Draft<K> {
  const { done, undone } = draft;
  switch (action.type) {
    case "do":
      return action.step.length === 0 ? draft : { ...draft, done: [...done, action.step], undone: [] };
    case "amend":
      return reduceDraft({ ...draft, done: done.slice(0, -1) }, { type: "do", step: action.step });
    case "undo":
      return done.length === 0 ? draft : { ...draft, done: done.slice(0, -1), undone: [...undone, ...done.slice(-1)] };
    case "redo":
      return undone.length === 0
        ? draft
        : { ...draft, done: [...done, ...undone.slice(-1)], undone: undone.slice(0, -1) };
    case "discard":
      return { ...draft, done: [], undone: [], comment: "" };
    case "comment":
      return { ...draft, comment: action.comment };
    case "rebase":
      return { ...draft, version: action.version, base: action.base, done: action.steps, undone: [] };
  }
}

/** Whether the server takes the draft as one request. */
export function isTooLong(draft: Draft): boolean {
  return instructionsOf(draft).length > limits.instructions;
}

/** The body of the PATCH. */
export function bodyOf(draft: Draft): string {
  const comment: { comment?: string } = draft.comment === "" ? {} : { comment: draft.comment };
  return writeJson({ ...comment, instructions: instructionsOf(draft) as unknown as Json[] });
}

/** The draft as text, for IndexedDB: numbers keep their spelling. */
export function writeDraft(draft: Draft): string {
  return writeJson({ format: 1, ...draft } as unknown as Json);
}

/** Undefined for what writeDraft() of this version did not write. */
export function readDraft(text: string): Draft | undefined {
  try {
    const value = parseJson(text);
    if (!isObject(value) || value.format !== 1) return undefined;
    const { format: _format, ...draft } = value;
    return draft as unknown as Draft;
  } catch {
    return undefined;
  }
}
