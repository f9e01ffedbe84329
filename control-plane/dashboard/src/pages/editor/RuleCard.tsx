import type { ReactNode } from "react";
import type { Warning } from "../../api/queries/exact";
import { type Condition, ruleSentence, type Serve } from "../../model/index";
import { ConditionEditor, type ConditionView } from "../../parts/rule/ConditionEditor";
import type { Known } from "../../parts/rule/completion";
import { Sentence } from "../../parts/Sentence";
import { ServeEditor } from "../../parts/ServeEditor";
import { editorWords } from "../../text/en/editor";
import { Button } from "../../ui/Button";
import styles from "./Editor.module.css";
import type { Editing } from "./editing";
import { WarningList } from "./Step";

export type View = ConditionView;

export interface RuleCardProps {
  editing: Editing;
  id: string;
  index: number;
  when: Condition | undefined; // none: nothing has been typed yet
  serve: Serve;
  before: Serve | undefined;
  isOpen: boolean;
  isFresh: boolean;
  isGrabbed: boolean;
  badge: string | undefined;
  warnings: readonly Warning[];
  known: Known;
  view: View;
  onView: (view: View) => void;
  onOpen: (isOpen: boolean) => void;
  onFlush: (flush: () => Promise<boolean>) => () => void;
  grip: ReactNode;
  actions: ReactNode;
}

const dead = ["unreachable_rule", "contradiction", "empty_split"];

// Whether the checks have proven that the rule never serves: about the rule as a whole, not a part of its condition.
const isDead = (warnings: readonly Warning[]): boolean =>
  warnings.some(({ code, pointer }) => dead.includes(code) && /^\/rules\/\d+(\/when|\/serve)?$/.test(pointer));

// One rule: its sentence; opened, its condition as text and tree, and what it serves.
export function RuleCard(props: RuleCardProps) {
  const { editing, id, index, when, serve, isOpen, warnings, badge } = props;
  return (
    <li
      className={styles.card}
      style={{ "--order": index } as object}
      data-rule={id}
      data-lit={editing.lit === `rule:${id}` || undefined}
      data-dead={isDead(warnings) || undefined}
      data-grabbed={props.isGrabbed || undefined}
    >
      <div className={styles.cardHead}>
        {props.grip}
        <span className={styles.number}>{index + 1}</span>
        <div className={styles.sentence}>
          {when ? <Sentence parts={ruleSentence(when, serve)} /> : editorWords.new_rule}
        </div>
        {badge && <span className={styles.badge}>{badge}</span>}
        <Button kind="quiet" onPress={() => props.onOpen(!isOpen)}>
          {isOpen ? editorWords.close : editing.isReadOnly ? editorWords.condition : editorWords.open}
        </Button>
        {props.actions}
      </div>
      <WarningList warnings={warnings} />
      {isOpen && <RuleBody {...props} />}
    </li>
  );
}

function RuleBody({ editing, id, index, when, serve, before, isFresh, known, view, onView, onFlush }: RuleCardProps) {
  const { isReadOnly, flag, changeRule } = editing;
  return (
    <div className={styles.body}>
      <ConditionEditor
        label={`${editorWords.rule(index + 1)}: ${editorWords.condition}`}
        when={when}
        known={known}
        view={view}
        onView={onView}
        isReadOnly={isReadOnly}
        isFresh={isFresh}
        onFlush={onFlush}
        onChange={(next, from) => changeRule(id, { when: next }, `${from} ${id}`)}
      />
      <ServeEditor
        label={editorWords.serves}
        serve={serve}
        before={before}
        variations={flag.variations}
        inRule
        salt={flag.salt}
        isReadOnly={isReadOnly}
        onChange={(next, merge) => changeRule(id, { serve: next }, merge)}
      />
    </div>
  );
}
