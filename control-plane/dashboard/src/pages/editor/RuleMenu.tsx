import type { Rule } from "../../model/index";
import { editorWords } from "../../text/en/editor";
import { ruleWords } from "../../text/en/rule";
import { IconButton } from "../../ui/Button";
import { Menu } from "../../ui/Menu";
import type { Editing } from "./editing";
import { duplicateRule, moveRule, newRuleId } from "./edits";

interface RuleMenuProps {
  editing: Editing;
  rule: Rule;
  index: number;
  onCopy: () => void;
}

// What can be done with a rule as a whole.
export function RuleMenu({ editing, rule, index, onCopy }: RuleMenuProps) {
  const { config, base, change } = editing;
  const isStored = base.rules.some((held) => held.id === rule.id);
  const remove = () => change([{ kind: "remove_rule", rule: rule.id }]);
  const copy = newRuleId(config.rules.map(({ id }) => id));
  return (
    <Menu
      trigger={<IconButton icon="more" label={`${editorWords.rule(index + 1)}: ${editorWords.move}`} />}
      label={editorWords.rule(index + 1)}
      groups={[
        {
          id: "do",
          actions: [
            {
              id: "duplicate",
              label: editorWords.duplicate,
              icon: "copy",
              onAction: () => change(duplicateRule(rule, copy)),
            },
            { id: "copy", label: ruleWords.copy, icon: "compare", onAction: onCopy },
            isStored
              ? { id: "disable", label: editorWords.disable, icon: "hide", onAction: remove }
              : { id: "remove", label: editorWords.remove, icon: "close", onAction: remove },
          ],
        },
        {
          id: "move",
          title: editorWords.move,
          actions: config.rules
            .map((_rule, to) => to)
            .filter((to) => to !== index)
            .map((to) => ({
              id: `to-${to}`,
              label: editorWords.move_to(to + 1),
              onAction: () => change(moveRule(config, rule.id, to)),
            })),
        },
      ]}
    />
  );
}
