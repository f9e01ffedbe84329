import { ruleText } from "../../model/index";
import { words } from "../../text/en";
import { treeWords } from "../../text/en/tree";
import { IconButton } from "../../ui/Button";
import { Menu } from "../../ui/Menu";
import type { Act, NodeProps } from "./ConditionTree";
import { childrenOf } from "./tree_edits";

const moves: readonly Act[] = ["up", "down", "nest", "lift"];

// What can be done with a node as a whole.
export function NodeMenu({ condition, path, can, onChange, onAct }: NodeProps) {
  const inner = childrenOf(condition);
  const [only] = inner ?? [];
  const label = treeWords.more(ruleText(condition));
  const remove = () => onChange(path, undefined);
  return (
    <Menu
      trigger={<IconButton icon="more" label={label} />}
      label={label}
      groups={[
        {
          id: "change",
          actions: [
            { id: "negate", label: treeWords.negate, onAction: () => onChange(path, { not: condition }) },
            { id: "all", label: treeWords.wrap_all, onAction: () => onChange(path, { all: [condition] }) },
            { id: "any", label: treeWords.wrap_any, onAction: () => onChange(path, { any: [condition] }) },
            ...(inner?.length === 1 && only
              ? [{ id: "unwrap", label: treeWords.unwrap, onAction: () => onChange(path, only) }]
              : []),
          ],
        },
        {
          id: "move",
          actions: [
            ...moves.map((act) => ({
              id: act,
              label: treeWords.acts[act],
              detail: treeWords.act_keys[act],
              isDisabled: !can(path, act),
              onAction: () => onAct(path, act),
            })),
            { id: "remove", label: words.remove, icon: "close", isDanger: true, onAction: remove },
          ],
        },
      ]}
    />
  );
}
