// A rule that is being added: it is in the draft from the first condition on that can be read.
import { useState } from "react";
import type { Serve } from "../../model/index";
import type { DraftState } from "../../parts/draft/use_config_draft";
import { servedBy } from "../../parts/split/serve";
import { addRule, editRule, newRuleId, type RulePart } from "./edits";

export function useFreshRule(state: DraftState, first: string, onOpen: (rule: string) => void) {
  const [fresh, setFresh] = useState<{ id: string; serve: Serve }>();
  const { config, draft } = state;
  const add = () => {
    const id = newRuleId([...config.rules, ...state.base.rules].map((rule) => rule.id));
    setFresh({ id, serve: { variation: first } });
    onOpen(id);
  };
  const change = (rule: string, part: RulePart, merge?: string) => {
    if (config.rules.some((held) => held.id === rule)) {
      state.dispatch(editRule(draft, rule, part, merge !== undefined));
    } else if (fresh?.id === rule) {
      const { serve = fresh.serve, when } = part;
      if (when) state.change(addRule(rule, when, serve));
      else setFresh({ id: rule, serve: servedBy(serve) });
    }
  };
  return { fresh, add, change };
}
