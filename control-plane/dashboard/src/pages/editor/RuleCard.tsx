import { type ReactNode, useEffect, useRef } from "react";
import type { Warning } from "../../api/queries/exact";
import { type Condition, ruleSentence, type Serve } from "../../model/index";
import { ConditionEditor, type ConditionView } from "../../parts/rule/ConditionEditor";
import type { Known } from "../../parts/rule/completion";
import { Sentence } from "../../parts/Sentence";
import { ServeEditor } from "../../parts/ServeEditor";
import { editorWords } from "../../text/en/editor";
import { ruleWords } from "../../text/en/rule";
import { Button } from "../../ui/Button";
import styles from "./Editor.module.css";
import type { Editing } from "./editing";
import { EndsHere, WarningList } from "./Step";

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
  onShow: (rule: string) => void; // another rule
  onFlush: (flush: () => Promise<boolean>) => () => void;
  grip: ReactNode;
  actions: ReactNode;
}

const hidden = ["unreachable_rule", "unreachable_rule_unless_list", "redundant_rule"];
const dead = ["unreachable_rule", "contradiction", "empty_split"];

// Whether the checks have proven that the rule never serves: about the rule as a whole, not a part of its condition.
const isDead = (warnings: readonly Warning[]): boolean =>
  warnings.some(({ code, pointer }) => dead.includes(code) && /^\/rules\/\d+(\/when|\/serve)?$/.test(pointer));

// One rule: its sentence; opened, its condition as text and tree, and what it serves.
export function RuleCard(props: RuleCardProps) {
  const { editing, id, index, when, serve, isOpen, warnings, badge } = props;
  const card = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (isOpen) card.current?.scrollIntoView({ block: "nearest" });
  }, [isOpen]);
  return (
    <li
      ref={card}
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
        <EndsHere editing={editing} step={`rule:${id}`} />
        {badge && <span className={styles.badge}>{badge}</span>}
        <Button kind="quiet" onPress={() => props.onOpen(!isOpen)}>
          {isOpen ? editorWords.close : editing.isReadOnly ? editorWords.condition : editorWords.open}
        </Button>
        {props.actions}
      </div>
      <WarningList
        warnings={warnings}
        actionFor={(warning) => hidden.includes(warning.code) && <Hiding {...props} warning={warning} />}
      />
      {isOpen && <RuleBody {...props} />}
    </li>
  );
}

// The way to the rule that hides this one: the sentence has its id in backticks.
function Hiding({ editing, id, warning, onShow }: RuleCardProps & { warning: Warning }) {
  const others = editing.config.rules.map((rule) => rule.id).filter((each) => each !== id);
  const by = others.find((each) => warning.detail.includes(`\`${each}\``));
  if (by === undefined) return null;
  return (
    <Button kind="quiet" onPress={() => onShow(by)}>
      {ruleWords.show_hiding(editing.config.rules.findIndex((rule) => rule.id === by) + 1)}
    </Button>
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
