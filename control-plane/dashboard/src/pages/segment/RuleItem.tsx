import { Suspense } from "react";
import { type Condition, ruleText } from "../../model/index";
import type { ConditionView } from "../../parts/rule/ConditionEditor";
import type { Known } from "../../parts/rule/completion";
import { words } from "../../text/en";
import { editorWords } from "../../text/en/editor";
import { segmentWords } from "../../text/en/segments";
import { treeWords } from "../../text/en/tree";
import { Button, IconButton } from "../../ui/Button";
import { later } from "../../ui/later";
import { Menu } from "../../ui/Menu";
import { Loading } from "../../ui/States";
import styles from "./Segment.module.css";

// With the text editor, which is needed when a rule is opened.
const ConditionEditor = later(() =>
  import("../../parts/rule/ConditionEditor").then((made) => ({ default: made.ConditionEditor })),
);

interface RuleItemProps {
  number: number; // from 1
  of: number;
  when: Condition | undefined; // none: nothing has been typed yet
  isChanged: boolean;
  isOpen: boolean;
  isReadOnly: boolean;
  known: Known;
  view: ConditionView;
  onView: (view: ConditionView) => void;
  onOpen: (isOpen: boolean) => void;
  onFlush: (flush: () => Promise<boolean>) => () => void;
  onChange: (when: Condition) => void;
  onDuplicate: () => void;
  onMove: (step: 1 | -1) => void;
  onRemove: () => void;
}

// One rule of a segment: its text; opened, the editor of its condition.
export function RuleItem(props: RuleItemProps) {
  const { number, when, isOpen, isReadOnly } = props;
  return (
    <li className={styles.rule} data-changed={props.isChanged || undefined}>
      <div className={styles.ruleHead}>
        <span className={styles.number}>{number}</span>
        <code className={styles.ruleText}>{when ? ruleText(when) : editorWords.new_rule}</code>
        <Button kind="quiet" onPress={() => props.onOpen(!isOpen)}>
          {isOpen ? editorWords.close : isReadOnly ? editorWords.condition : editorWords.open}
        </Button>
        {!isReadOnly && when && <RuleMenu {...props} />}
      </div>
      {isOpen && (
        <Suspense fallback={<Loading rows={2} />}>
          <ConditionEditor
            label={segmentWords.rule_label(number)}
            when={when}
            known={props.known}
            view={props.view}
            onView={props.onView}
            isReadOnly={isReadOnly}
            isFresh={when === undefined}
            onFlush={props.onFlush}
            onChange={props.onChange}
          />
        </Suspense>
      )}
    </li>
  );
}

function RuleMenu({ number, of, onDuplicate, onMove, onRemove }: RuleItemProps) {
  return (
    <Menu
      trigger={<IconButton icon="more" label={segmentWords.rule_more(number)} />}
      label={editorWords.rule(number)}
      groups={[
        {
          id: "do",
          actions: [
            { id: "duplicate", label: editorWords.duplicate, icon: "copy", onAction: onDuplicate },
            { id: "up", label: treeWords.acts.up, isDisabled: number === 1, onAction: () => onMove(-1) },
            { id: "down", label: treeWords.acts.down, isDisabled: number === of, onAction: () => onMove(1) },
            { id: "remove", label: words.remove, icon: "close", isDanger: true, onAction: onRemove },
          ],
        },
      ]}
    />
  );
}
