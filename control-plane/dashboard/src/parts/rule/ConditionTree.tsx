import { useEffect, useRef } from "react";
import { type Condition, ruleText } from "../../model/index";
import { words } from "../../text/en";
import { treeWords } from "../../text/en/tree";
import { IconButton } from "../../ui/Button";
import { Choice } from "../../ui/Choice";
import { Menu } from "../../ui/Menu";
import { BucketRow } from "./BucketRow";
import { ComparisonRow } from "./ComparisonRow";
import type { Known } from "./completion";
import { NodeMenu } from "./NodeMenu";
import { SegmentRow } from "./SegmentRow";
import styles from "./Tree.module.css";
import {
  childrenOf,
  type GroupKind,
  groupOf,
  kindOf,
  liftNode,
  type Moved,
  moveNode,
  nestNode,
  newComparison,
  type Path,
  replaceAt,
  withKind,
} from "./tree_edits";

interface ConditionTreeProps {
  when: Condition;
  known: Known;
  isReadOnly: boolean;
  selected?: Path | undefined; // the node that the text's cursor is in
  onSelect?: (path: Path) => void;
  onChange: (when: Condition) => void;
}

export type Act = "up" | "down" | "nest" | "lift";

const acts: Record<Act, (when: Condition, path: Path) => Moved | undefined> = {
  up: (when, path) => moveNode(when, path, -1),
  down: (when, path) => moveNode(when, path, 1),
  nest: nestNode,
  lift: liftNode,
};
const keys: Record<string, Act> = { ArrowUp: "up", ArrowDown: "down", ArrowRight: "nest", ArrowLeft: "lift" };

const idOf = (path: Path): string => path.join(".");

// A condition as groups and comparisons. A node is moved with Alt and the arrow keys, or by its menu.
export default function ConditionTree({ when, known, isReadOnly, selected, onSelect, onChange }: ConditionTreeProps) {
  // A single condition is shown in a group, and is not put into one just because of that.
  const isSingle = childrenOf(when) === undefined;
  const shown: Condition = isSingle ? { all: [when] } : when;
  const tree = useRef<HTMLDivElement>(null);
  const refocus = useRef<Path | undefined>(undefined);
  const put = (made: Condition) => {
    const [only, ...more] = childrenOf(made) ?? [];
    onChange(isSingle && "all" in made && only && more.length === 0 ? only : made);
  };
  const act = (path: Path, name: Act) => {
    const moved = acts[name](shown, path);
    if (!moved) return;
    refocus.current = moved.path;
    put(moved.when);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: when it has been drawn anew
  useEffect(() => {
    if (!refocus.current) return;
    const row = tree.current?.querySelector(`[data-path="${idOf(refocus.current)}"]`);
    row?.querySelector<HTMLElement>("input, button, select")?.focus();
    refocus.current = undefined;
  }, [when]);
  return (
    <div ref={tree}>
      <Node
        {...{ known, isReadOnly }}
        condition={shown}
        path={[]}
        can={(path, name) => acts[name](shown, path) !== undefined}
        selected={selected && idOf(isSingle ? [0, ...selected] : selected)}
        onSelect={(path) => onSelect?.(isSingle ? path.slice(1) : path)}
        onChange={(path, next) => put(replaceAt(shown, path, next) ?? { all: [] })}
        onAct={act}
      />
    </div>
  );
}

export interface NodeProps {
  condition: Condition;
  path: Path;
  known: Known;
  isReadOnly: boolean;
  selected: string | undefined;
  can: (path: Path, act: Act) => boolean;
  onSelect: (path: Path) => void;
  onChange: (path: Path, next: Condition | undefined) => void;
  onAct: (path: Path, act: Act) => void;
}

const kinds: readonly { id: GroupKind; label: string }[] = [
  { id: "all", label: treeWords.all },
  { id: "any", label: treeWords.any },
  { id: "not", label: treeWords.not },
];

function Node(props: NodeProps) {
  const { condition, path, known, isReadOnly, onChange, selected } = props;
  const set = (next: Condition) => onChange(path, next);
  if (childrenOf(condition) !== undefined) return <Group {...props} />;
  return (
    <NodeRow {...props} isSelected={selected === idOf(path)}>
      {"bucket" in condition ? (
        <BucketRow bucket={condition.bucket} isReadOnly={isReadOnly} onChange={(bucket) => set({ bucket })} />
      ) : kindOf(condition) === "segment" ? (
        <SegmentRow condition={condition as never} known={known} isReadOnly={isReadOnly} onChange={set} />
      ) : (
        <ComparisonRow comparison={condition as never} known={known} isReadOnly={isReadOnly} onChange={set} />
      )}
      {!isReadOnly && <NodeMenu {...props} />}
    </NodeRow>
  );
}

function NodeRow({ path, isReadOnly, isSelected, onSelect, onAct, children }: RowProps) {
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys and the focus of the fields in it
    <div
      className={styles.row}
      data-path={idOf(path)}
      data-selected={isSelected || undefined}
      onFocus={() => onSelect(path)}
      onKeyDown={(event) => {
        const name = event.altKey ? keys[event.key] : undefined;
        if (!name || isReadOnly) return;
        event.preventDefault();
        event.stopPropagation();
        onAct(path, name);
      }}
    >
      {children}
    </div>
  );
}

type RowProps = Pick<NodeProps, "path" | "isReadOnly" | "onSelect" | "onAct"> & {
  isSelected: boolean;
  children: React.ReactNode;
};

function Group(props: NodeProps) {
  const { condition, path, isReadOnly, onChange, selected } = props;
  const children = childrenOf(condition) ?? [];
  const kind = kindOf(condition) as GroupKind;
  const set = (next: Condition) => onChange(path, next);
  return (
    <fieldset className={styles.group} data-kind={kind} aria-label={ruleText(condition)}>
      <NodeRow {...props} isSelected={selected === idOf(path)}>
        {isReadOnly ? (
          <span>{kinds.find(({ id }) => id === kind)?.label}</span>
        ) : (
          <Choice
            label={treeWords.group}
            value={kind}
            options={kinds}
            onChange={(next) => set(withKind(condition, next))}
            isLabelHidden
          />
        )}
        {!isReadOnly && kind !== "not" && <AddMenu onAdd={(child) => set(groupOf(kind, [...children, child]))} />}
        {!isReadOnly && path.length > 0 && <NodeMenu {...props} />}
      </NodeRow>
      {children.map((child, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: conditions have nothing but their place
        <Node key={i} {...props} condition={child} path={[...path, i]} />
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
