import { useQuery } from "@tanstack/react-query";
import { useCallback, useMemo, useRef, useState } from "react";
import { type ExactConfig, rulesetQuery } from "../../api/queries/exact";
import { flagIndexQuery } from "../../api/queries/flag_index";
import type { Place } from "../../api/queries/flags";
import type { Environment } from "../../api/queries/projects";
import { savedContextsQuery } from "../../api/queries/try_it";
import { type FlagDefinition, isSplit, type Json, writeJson } from "../../model/index";
import type { DraftState } from "../../parts/draft/use_config_draft";
import { decidingStep } from "../../parts/explanation";
import { useShortcuts } from "../../parts/keyboard";
import { PageBody } from "../../parts/PageHead";
import { PresenceMark } from "../../parts/PresenceMark";
import { usePageSearch, useSetSearch } from "../../parts/page";
import ReviewSheet from "../../parts/ReviewSheet";
import { Impact } from "../../parts/review/Impact";
import { useMay } from "../../parts/session";
import { useExplained } from "../../parts/use_explained";
import { useDraftRuleset, useRuleset } from "../../parts/workbench";
import { editorWords } from "../../text/en/editor";
import { Button } from "../../ui/Button";
import { Banner } from "../../ui/States";
import { toast } from "../../ui/toasts";
import { ConflictDialog } from "./ConflictDialog";
import { contextInHash, readContext } from "./contexts";
import styles from "./Editor.module.css";
import type { Editing } from "./editing";
import { PrerequisitesStep } from "./PrerequisitesStep";
import { RulesStep } from "./RulesStep";
import { reviewedOf } from "./reviewed";
import { ElseStep, EnabledStep, OffStep } from "./Steps";
import { schema } from "./search";
import { TargetsStep } from "./TargetsStep";
import { Toolbar } from "./Toolbar";
import { TryIt } from "./TryIt";
import { useFreshRule } from "./use_fresh_rule";

interface EditorViewProps {
  place: Place;
  flag: FlagDefinition;
  env: Environment;
  present: ExactConfig;
  state: DraftState;
  isReadOnly: boolean;
}

// The editor: the line of steps, Try it beside it, the draft and its review.
export function EditorView({ place, flag, env, present, state, isReadOnly }: EditorViewProps) {
  const search = usePageSearch(schema);
  const setSearch = useSetSearch<typeof schema>();
  const may = useMay();
  const [focus, setFocus] = useState(search.step === "else" && search.edit === "1" ? 1 : 0);
  const [dialog, setDialog] = useState<"review" | "conflict">();
  const [typed, setTyped] = useState(() => contextInHash(window.location.hash));
  const flushes = useRef(new Set<() => Promise<boolean>>());
  const latest = useRef(state);
  latest.current = state;
  const { config, base } = state;
  const needed = useMemo(
    () => [flag.key, ...config.prerequisites.map((each) => each.flag)],
    [flag, config.prerequisites],
  );
  const ruleset = useQuery(rulesetQuery(place, env.key, needed)).data;
  const contexts = useQuery(savedContextsQuery(place)).data;
  const index = useQuery(flagIndexQuery(place.org, place.project)).data;
  const saved = useRuleset(ruleset);
  const tried = useDraftRuleset(saved.ruleset, flag.key, env.key, writeJson(config as unknown as Json));
  const answer = useExplained(tried.ruleset, flag.key, readContext(typed)).explained;
  const open = useCallback(
    (rule: string | undefined) => setSearch({ rule, step: undefined, edit: undefined }),
    [setSearch],
  );
  const fresh = useFreshRule(state, flag.variations[0]?.key ?? "", open);
  const onFlush = useCallback((flush: () => Promise<boolean>) => {
    flushes.current.add(flush);
    return () => flushes.current.delete(flush);
  }, []);

  const review = async () => {
    const are_good = await Promise.all([...flushes.current].map((flush) => flush()));
    await new Promise((resolve) => setTimeout(resolve)); // until what was typed last is drawn
    if (are_good.includes(false)) toast(editorWords.rule_mistake, { tone: "failed" });
    else if (!latest.current.isEmpty) setDialog("review");
  };
  const split = () => {
    if (!isReadOnly && !isSplit(config.fallthrough)) {
      const { variation } = config.fallthrough;
      const made = { weights: [], otherwise: variation };
      state.change([{ kind: "set_fallthrough", split: made }], `split ${editorWords.serves}`);
    }
    setSearch({ step: "else", edit: "1", rule: undefined });
    setFocus((n) => n + 1);
  };
  useShortcuts(
    isReadOnly
      ? {}
      : {
          r: fresh.add,
          "%": split,
          "Ctrl+s": () => void review(),
          "Ctrl+z": () => state.dispatch({ type: "undo" }),
          "Ctrl+Shift+Z": () => state.dispatch({ type: "redo" }),
        },
    dialog === undefined,
  );

  const editing: Editing = {
    ...{ place, flag, env, config, base, isReadOnly },
    warnings: tried.warnings.length > 0 || tried.ruleset ? tried.warnings : present.warnings,
    lit: answer && decidingStep(answer),
    change: state.change,
    changeRule: fresh.change,
  };
  const isAt = (step: string) => search.step === step;
  const mayPublish = may(env.protected ? "edit_protected" : "edit", place.org, place.project, env.key);
  const resource = `projects/${place.project}/flags/${flag.key}/environments/${env.key}`;
  const impact = (
    <Impact flag={flag} before={base} after={config} saved={saved.ruleset} draft={tried.ruleset} contexts={contexts} />
  );
  const entry = index?.flags.find((each) => each.key === flag.key)?.environments[env.key];
  return (
    <>
      {!isReadOnly && <Toolbar state={state} version={state.draft.version} onReview={() => void review()} />}
      <PageBody>
        <div className={styles.banners}>
          <PresenceMark org={place.org} resource={resource} isEditing={!state.isEmpty} />
          {isReadOnly && <Banner tone="info">{flag.archived ? editorWords.archived : editorWords.read_only}</Banner>}
          {!state.isKept && <Banner tone="stale">{editorWords.not_kept}</Banner>}
          {state.rebasedOn !== undefined && <Banner tone="stale">{editorWords.on_top(state.rebasedOn)}</Banner>}
          {state.problem && !state.conflict && (
            <Banner tone="danger">
              {editorWords.broken} {state.problem}
            </Banner>
          )}
          {state.conflict && (
            <Banner tone="danger">
              {editorWords.conflict}
              <Button onPress={() => setDialog("conflict")}>{editorWords.conflict_resolve}</Button>
            </Banner>
          )}
        </div>
        <div className={styles.layout}>
          <div className={styles.line}>
            <EnabledStep editing={editing} isOpen={isAt("enabled")} />
            <PrerequisitesStep editing={editing} isOpen={isAt("prerequisites")} />
            <TargetsStep editing={editing} isOpen={isAt("targets")} />
            <RulesStep
              editing={editing}
              fresh={fresh.fresh}
              isOpen={isAt("rules")}
              open={search.rule}
              view={search.as ?? "text"}
              onOpen={open}
              onView={(view) => setSearch({ as: view === "text" ? undefined : view })}
              onAdd={fresh.add}
              onFlush={onFlush}
            />
            <ElseStep editing={editing} isOpen={isAt("else")} focus={focus} />
            <OffStep editing={editing} isOpen={isAt("off")} />
          </div>
          <TryIt
            place={place}
            flag={flag}
            saved={saved.ruleset}
            draft={tried.ruleset}
            contexts={contexts}
            typed={typed}
            onTyped={setTyped}
            isEmpty={state.isEmpty}
            maySave={may("edit", place.org, place.project)}
            error={saved.error ?? (tried.findings.map(({ detail }) => detail).join(" ") || tried.error)}
          />
        </div>
      </PageBody>
      {dialog === "review" && !state.conflict && (
        <ReviewSheet
          reviewed={reviewedOf({ ...{ place, flag, env, state, present, mayPublish, impact }, index: entry })}
          onClose={() => setDialog(undefined)}
          onDone={() => setDialog(undefined)}
        />
      )}
      {dialog === "conflict" && state.conflict && (
        <ConflictDialog conflict={state.conflict} onClose={() => setDialog(undefined)} />
      )}
    </>
  );
}
