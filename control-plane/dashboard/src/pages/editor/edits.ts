// What one does in the editor, as steps of the draft. Pure.
import {
  type Condition,
  type ConfigInstruction,
  type Draft,
  type DraftAction,
  type FlagConfig,
  isSplit,
  type Rule,
  type Serve,
  type ServeInput,
} from "../../model/index";

type ConfigDraft = Draft<"config">;

export interface RulePart {
  when?: Condition;
  serve?: ServeInput;
}

// Typing on in a rule is one step, and filling in a rule that has just been added is part of adding it.
export function editRule(draft: ConfigDraft, rule: string, part: RulePart, isMore: boolean): DraftAction<"config"> {
  const last = draft.done.at(-1);
  const [only] = last ?? [];
  if (last?.length === 1 && only?.kind === "add_rule" && only.id === rule) {
    return { type: "amend", step: [{ ...only, ...part }] };
  }
  const step: ConfigInstruction[] = [{ kind: "replace_rule", rule, ...part }];
  const isSame = last?.length === 1 && only?.kind === "replace_rule" && only.rule === rule;
  return { type: isMore && isSame ? "amend" : "do", step };
}

// Ids are given here, so that a draft that is put on another base keeps them.
export function newRuleId(taken: readonly string[], random: () => number = Math.random): string {
  for (;;) {
    const id = `r-${Math.floor(random() * 36 ** 6)
      .toString(36)
      .padStart(6, "0")}`;
    if (!taken.includes(id)) return id;
  }
}

// A stored serve as instructions take it: its ranges as they are.
export const serveInputOf = (serve: Serve): ServeInput => (isSplit(serve) ? { split: serve.split } : serve);

export function addRule(id: string, when: Condition, serve: ServeInput): ConfigInstruction[] {
  return [{ kind: "add_rule", id, when, serve }];
}

export function duplicateRule(rule: Rule, id: string): ConfigInstruction[] {
  return [{ kind: "add_rule", id, when: rule.when, serve: serveInputOf(rule.serve), after: rule.id }];
}

// A rule that the draft has removed, at the place where it was among those that are left.
export function restoreRule(config: FlagConfig, base: FlagConfig, id: string): ConfigInstruction[] {
  const at = base.rules.findIndex((rule) => rule.id === id);
  const rule = base.rules[at];
  if (!rule) return [];
  const after = base.rules.slice(0, at).findLast((earlier) => config.rules.some((held) => held.id === earlier.id));
  const place = after ? { after: after.id } : { at: 0 };
  return [{ kind: "add_rule", id, when: rule.when, serve: serveInputOf(rule.serve), ...place }];
}

export function moveRule(config: FlagConfig, id: string, to: number): ConfigInstruction[] {
  const from = config.rules.findIndex((rule) => rule.id === id);
  const at = Math.max(0, Math.min(to, config.rules.length - 1));
  return from < 0 || from === at ? [] : [{ kind: "move_rule", rule: id, at }];
}
