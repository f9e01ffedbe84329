import { useQuery } from "@tanstack/react-query";
import { Suspense, useCallback, useMemo, useState } from "react";
import { attributesQuery, segmentKeysQuery } from "../../api/queries/rule_words";
import { diffRules, type Rule, type Serve } from "../../model/index";
import { editorWords } from "../../text/en/editor";
import { Button } from "../../ui/Button";
import { Icon } from "../../ui/Icon";
import { later } from "../../ui/later";
import styles from "./Editor.module.css";
import { type Editing, warningsAt } from "./editing";
import { moveRule, restoreRule } from "./edits";
import { GoneRule } from "./GoneRule";
import { RuleCard, type View } from "./RuleCard";
import { RuleMenu } from "./RuleMenu";
import { Step } from "./Step";
import { useReorder } from "./use_reorder";

const CopyRuleDialog = later(() => import("./CopyRuleDialog"));

interface RulesStepProps {
  editing: Editing;
  fresh: { id: string; serve: Serve } | undefined; // a rule of which nothing has been typed yet
  isOpen: boolean;
  open: string | undefined; // the rule that the address names
  view: View;
  onOpen: (rule: string | undefined) => void;
  onView: (view: View) => void;
  onAdd: () => void;
  onFlush: (flush: () => Promise<boolean>) => () => void;
}

const words = { added: editorWords.added, changed: editorWords.changed, moved: editorWords.moved };

export function RulesStep({ editing, fresh, isOpen, open, view, onOpen, onView, onAdd, onFlush }: RulesStepProps) {
  const { place, env, config, base, change, isReadOnly } = editing;
  const [copied, setCopied] = useState<Rule>();
  const attributes = useQuery({ ...attributesQuery(place, env.key), enabled: open !== undefined }).data;
  const segments = useQuery({ ...segmentKeysQuery(place), enabled: open !== undefined }).data;
  const known = useMemo(() => ({ attributes: attributes ?? [], segments: segments ?? [] }), [attributes, segments]);
  const changes = useMemo(
    () => new Map(diffRules(base.rules, config.rules).map((each) => [each.id, each])),
    [base, config],
  );
  const move = useCallback((id: string, to: number) => change(moveRule(config, id, to)), [change, config]);
  const { order, grabbed, gripOf } = useReorder(
    config.rules.map((rule) => rule.id),
    move,
  );
  // Cards stay where they are in the document while one is moved, so that it keeps the focus; only their order is drawn.
  const { rules } = config;
  const shown: readonly (Pick<Rule, "id" | "serve"> & Partial<Rule>)[] =
    fresh && !rules.some((rule) => rule.id === fresh.id) ? [...rules, fresh] : rules;
  const gone = [...changes.values()].filter((each) => each.kind === "removed");

  return (
    <Step
      id="rules"
      title={editorWords.rules}
      editing={editing}
      isOpen={isOpen}
      actions={
        !isReadOnly && (
          <Button icon="add" onPress={onAdd} keys="r">
            {editorWords.add_rule}
          </Button>
        )
      }
    >
      {shown.length + gone.length === 0 && <p className={styles.muted}>{editorWords.no_rules}</p>}
      <ul className={styles.cards} aria-label={editorWords.rules}>
        {shown.map((rule, listed) => {
          const index = order.includes(rule.id) ? order.indexOf(rule.id) : listed;
          const at = config.rules.findIndex((held) => held.id === rule.id);
          const kind = changes.get(rule.id)?.kind;
          return (
            <RuleCard
              key={rule.id}
              editing={editing}
              id={rule.id}
              index={index}
              when={rule.when}
              serve={rule.serve}
              before={changes.get(rule.id)?.before?.serve}
              isOpen={open === rule.id}
              isFresh={fresh?.id === rule.id}
              isGrabbed={grabbed?.id === rule.id}
              badge={kind === "added" || kind === "changed" || kind === "moved" ? words[kind] : undefined}
              warnings={at < 0 ? [] : warningsAt(editing.warnings, `/rules/${at}`)}
              known={known}
              view={view}
              onView={onView}
              onOpen={(isOpened) => onOpen(isOpened ? rule.id : undefined)}
              onShow={onOpen}
              onFlush={onFlush}
              grip={
                !isReadOnly && at >= 0 ? (
                  <button
                    type="button"
                    className={styles.grip}
                    data-grip
                    aria-label={editorWords.move_grab(index + 1)}
                    aria-pressed={grabbed?.id === rule.id}
                    {...gripOf(rule.id)}
                  >
                    <Icon name="grip" />
                  </button>
                ) : null
              }
              actions={
                !isReadOnly && rule.when ? (
                  <RuleMenu editing={editing} rule={rule as Rule} index={at} onCopy={() => setCopied(rule as Rule)} />
                ) : null
              }
            />
          );
        })}
        {gone.map(({ id, before }) =>
          before ? (
            <GoneRule
              key={id}
              rule={before}
              onRestore={() => change(restoreRule(config, base, id))}
              isReadOnly={isReadOnly}
            />
          ) : null,
        )}
      </ul>
      <Suspense>
        {copied && <CopyRuleDialog editing={editing} rule={copied} onClose={() => setCopied(undefined)} />}
      </Suspense>
      <p role="status" className="visually-hidden">
        {grabbed && editorWords.moving(grabbed.to + 1, config.rules.length)}
      </p>
    </Step>
  );
}
