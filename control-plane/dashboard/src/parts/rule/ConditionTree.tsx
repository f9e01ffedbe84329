import { type Condition, ruleText } from "../../model/index";
import { words } from "../../text/en";
import { treeWords } from "../../text/en/tree";
import { IconButton } from "../../ui/Button";
import { Choice } from "../../ui/Choice";
import { Menu } from "../../ui/Menu";
import { BucketRow } from "./BucketRow";
import { ComparisonRow } from "./ComparisonRow";
import type { Known } from "./completion";
import { SegmentRow } from "./SegmentRow";
import styles from "./Tree.module.css";
import {
  childrenOf,
  type GroupKind,
  groupOf,
  kindOf,
  moveChild,
  newComparison,
  type Path,
  replaceAt,
  withKind,
} from "./tree_edits";

interface ConditionTreeProps {
  when: Condition;
  known: Known;
  isReadOnly: boolean;
  onChange: (when: Condition) => void;
}

// A condition as groups and comparisons.
export function ConditionTree(props: ConditionTreeProps) {
  const root =
    kindOf(props.when) === "comparison" || kindOf(props.when) === "segment" || kindOf(props.when) === "bucket";
  const when = root ? { all: [props.when] } : props.when;
  const change = (path: Path, next: Condition | undefined) => {
    const made = replaceAt(when, path, next) ?? { all: [] };
    const children = childrenOf(made);
    // A single condition is not put into a group just because it is shown in one.
    const [only] = children ?? [];
    props.onChange(root && "all" in made && children?.length === 1 && only ? only : made);
  };
  return <Node {...props} condition={when} path={[]} onChange={change} siblings={1} onMove={() => undefined} />;
}

interface NodeProps {
  condition: Condition;
  path: Path;
  known: Known;
  isReadOnly: boolean;
  siblings: number;
  onChange: (path: Path, next: Condition | undefined) => void;
  onMove: (step: 1 | -1) => void;
}

const kinds: readonly { id: GroupKind; label: string }[] = [
  { id: "all", label: treeWords.all },
  { id: "any", label: treeWords.any },
  { id: "not", label: treeWords.not },
];

function Node(props: NodeProps) {
  const { condition, path, known, isReadOnly, onChange } = props;
  const children = childrenOf(condition);
  const set = (next: Condition) => onChange(path, next);
  if (children === undefined) {
    return (
      <div className={styles.row}>
        {"bucket" in condition ? (
          <BucketRow bucket={condition.bucket} isReadOnly={isReadOnly} onChange={(bucket) => set({ bucket })} />
        ) : kindOf(condition) === "segment" ? (
          <SegmentRow condition={condition as never} known={known} isReadOnly={isReadOnly} onChange={set} />
        ) : (
          <ComparisonRow comparison={condition as never} known={known} isReadOnly={isReadOnly} onChange={set} />
        )}
        {!isReadOnly && <NodeMenu {...props} />}
      </div>
    );
  }
  const kind = kindOf(condition) as GroupKind;
  const add = (child: Condition) => set(groupOf(kind, [...children, child]));
  return (
    <fieldset className={styles.group} data-kind={kind} aria-label={ruleText(condition)}>
      <div className={styles.row}>
        {isReadOnly ? (
          <span>{kinds.find(({ id }) => id === kind)?.label}</span>
        ) : (
          <Choice
            label={treeWords.group}
            value={kind}
            options={kinds}
            onChange={(next) => set(withKind(condition, next))}
          />
        )}
        {!isReadOnly && kind !== "not" && <AddMenu onAdd={add} />}
        {!isReadOnly && path.length > 0 && <NodeMenu {...props} />}
      </div>
      {children.map((child, i) => (
        <Node
          // biome-ignore lint/suspicious/noArrayIndexKey: conditions have nothing but their place
          key={i}
          {...props}
          condition={child}
          path={[...path, i]}
          siblings={children.length}
          onMove={(step) => set(moveChild(condition, i, i + step))}
        />
      ))}
    </fieldset>
  );
}

function AddMenu({ onAdd }: { onAdd: (child: Condition) => void }) {
  return (
    <Menu
      trigger={<IconButton icon="add" label={words.add} />}
      label={words.add}
      groups={[
        {
          id: "add",
          actions: [
            { id: "comparison", label: treeWords.add_comparison, onAction: () => onAdd(newComparison) },
            { id: "segment", label: treeWords.add_segment, onAction: () => onAdd({ op: "in_segment", values: [] }) },
            { id: "bucket", label: treeWords.add_bucket, onAction: () => onAdd({ bucket: { from: 0, to: 10_000 } }) },
            { id: "all", label: treeWords.add_all, onAction: () => onAdd({ all: [newComparison] }) },
            { id: "any", label: treeWords.add_any, onAction: () => onAdd({ any: [newComparison] }) },
            { id: "not", label: treeWords.add_not, onAction: () => onAdd({ not: newComparison }) },
          ],
        },
      ]}
    />
  );
}

function NodeMenu({ condition, path, siblings, onChange, onMove }: NodeProps) {
  const at = path.at(-1) ?? 0;
  const inner = childrenOf(condition);
  const [only] = inner ?? [];
  return (
    <Menu
      trigger={<IconButton icon="more" label={treeWords.more(ruleText(condition))} />}
      label={treeWords.more(ruleText(condition))}
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
            { id: "up", label: treeWords.up, isDisabled: at === 0, onAction: () => onMove(-1) },
            { id: "down", label: treeWords.down, isDisabled: at >= siblings - 1, onAction: () => onMove(1) },
            {
              id: "remove",
              label: words.remove,
              icon: "close",
              isDanger: true,
              onAction: () => onChange(path, undefined),
            },
          ],
        },
      ]}
    />
  );
}
