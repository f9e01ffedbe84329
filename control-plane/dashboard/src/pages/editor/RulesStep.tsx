import { useQuery } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";
import { attributesQuery, segmentKeysQuery } from "../../api/queries/try_it";
import { diffRules, type Rule, type Serve } from "../../model/index";
import { editorWords } from "../../text/en/editor";
import { Button, IconButton } from "../../ui/Button";
import { Icon } from "../../ui/Icon";
import { Menu } from "../../ui/Menu";
import styles from "./Editor.module.css";
import { type Editing, warningsAt } from "./editing";
import { duplicateRule, moveRule, newRuleId, restoreRule } from "./edits";
import { GoneRule } from "./GoneRule";
import { RuleCard, type View } from "./RuleCard";
import { Step } from "./Step";
import { useReorder } from "./use_reorder";

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
      isLit={false}
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
              actions={!isReadOnly && rule.when ? <RuleMenu editing={editing} rule={rule as Rule} index={at} /> : null}
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
      <p role="status" className="visually-hidden">
        {grabbed && editorWords.moving(grabbed.to + 1, config.rules.length)}
      </p>
    </Step>
  );
}

function RuleMenu({ editing, rule, index }: { editing: Editing; rule: Rule; index: number }) {
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
