// What the steps of the editor are given.
import type { Warning } from "../../api/queries/exact";
import type { Place } from "../../api/queries/flags";
import type { Environment } from "../../api/queries/projects";
import type { ConfigInstruction, FlagConfig, FlagDefinition } from "../../model/index";
import type { StepCounts } from "../../parts/review/step_counts";
import type { RulePart } from "./edits";

export interface Editing {
  place: Place;
  flag: FlagDefinition;
  env: Environment;
  config: FlagConfig; // with the draft
  base: FlagConfig; // what is published
  isReadOnly: boolean;
  warnings: readonly Warning[]; // of the configuration with the draft, by pointers into it
  lit: string | undefined; // the step that decides for the context that is tried
  counts: StepCounts | undefined; // where evaluations of the last hour ended, by what is published
  change: (instructions: readonly ConfigInstruction[], merge?: string) => void;
  changeRule: (rule: string, part: RulePart, merge?: string) => void;
}

export const stepIds = ["enabled", "prerequisites", "targets", "rules", "else", "off"] as const;
export type StepId = (typeof stepIds)[number];

export const warningsAt = (warnings: readonly Warning[], pointer: string): Warning[] =>
  warnings.filter(({ item, pointer: at }) => !item && (at === pointer || at.startsWith(`${pointer}/`)));
