import { Suspense, useCallback, useEffect, useRef, useState } from "react";
import type { ExactConfig } from "../../api/queries/exact";
import type { Place } from "../../api/queries/flags";
import type { Environment } from "../../api/queries/projects";
import { type FlagDefinition, isSplit } from "../../model/index";
import type { DraftState } from "../../parts/draft/use_config_draft";
import { useShortcuts } from "../../parts/keyboard";
import { PageBody } from "../../parts/PageHead";
import { PresenceMark } from "../../parts/PresenceMark";
import { usePageSearch, useSetSearch } from "../../parts/page";
import { Receipt } from "../../parts/Receipt";
import { useStepCounts } from "../../parts/review/use_step_counts";
import { useMay } from "../../parts/session";
import { editorWords } from "../../text/en/editor";
import { code, later } from "../../ui/later";
import { Banners } from "./Banners";
import styles from "./Editor.module.css";
import type { Editing } from "./editing";
import { Line } from "./Line";
import type { Published } from "./reviewed";
import { schema } from "./search";
import { Toolbar } from "./Toolbar";
import { TryIt } from "./TryIt";
import { useFreshRule } from "./use_fresh_rule";
import { useReview } from "./use_review";
import { type Tried, useTried } from "./use_tried";

const loadReview = () => import("./Review");
const Review = later(loadReview);
const ConflictDialog = later(() => import("./ConflictDialog"));

export interface EditorViewProps {
  place: Place;
  flag: FlagDefinition;
  env: Environment;
  present: ExactConfig;
  state: DraftState;
  isReadOnly: boolean;
}

// The editor: the line of steps, Try it beside it, the draft and its review.
export function EditorView(props: EditorViewProps) {
  const { place, flag, env, present, state, isReadOnly } = props;
  const { config, base } = state;
  const mayPublish = useMay()(env.protected ? "edit_protected" : "edit", place.org, place.project, env.key);
  const setSearch = useSetSearch<typeof schema>();
  const [isComparing, setComparing] = useState(false);
  const [published, setPublished] = useState<Published>();
  const tried = useTried(place, flag.key, env.key, state);
  const counted = useStepCounts(place, env.key, flag.key, base);
  const open = useCallback(
    (rule: string | undefined) => setSearch({ rule, step: undefined, edit: undefined }),
    [setSearch],
  );
  const fresh = useFreshRule(state, flag.variations[0]?.key ?? "", open);
  const review = useReview(state);
  const focus = useSplit(props, fresh.add, () => void review.open(), (review.isOpen && !state.conflict) || isComparing);
  const editing: Editing = {
    ...{ place, flag, env, config, base, isReadOnly },
    warnings: tried.draft.ruleset ? tried.draft.warnings : present.warnings,
    lit: tried.lit,
    counts: counted.counts,
    change: state.change,
    changeRule: fresh.change,
  };
  const { conflict } = state;
  useReviewCode(state.isEmpty);
  return (
    <>
      {!isReadOnly && <Toolbar state={state} version={state.draft.version} onReview={() => void review.open()} />}
      <PageBody>
        <div className={styles.banners}>
          <PresenceMark org={place.org} resource={state.draft.resource} isEditing={!state.isEmpty} />
          {published && (
            <Receipt
              key={published.now.version}
              place={place}
              env={env.key}
              text={published.text}
              {...(published.before ? { onUndo: () => undo(props, published).then(setPublished) } : {})}
              onClose={() => setPublished(undefined)}
            />
          )}
          <Banners {...{ flag, env, state, isReadOnly, mayPublish }} onCompare={() => setComparing(true)} />
        </div>
        <div className={styles.layout}>
          <Line editing={editing} fresh={fresh.fresh} focus={focus} onAdd={fresh.add} onFlush={review.onFlush} />
          <Side {...props} tried={tried} />
        </div>
      </PageBody>
      <Suspense>
        {review.isOpen && !conflict && (
          <Review {...props} {...{ mayPublish, tried, counted }} onPublished={setPublished} onClose={review.close} />
        )}
        {isComparing && conflict && <ConflictDialog conflict={conflict} onClose={() => setComparing(false)} />}
      </Suspense>
    </>
  );
}

// What the review needs is fetched while one edits, so that it opens at once.
function useReviewCode(isEmpty: boolean): void {
  useEffect(() => {
    if (!isEmpty) void code(loadReview);
  }, [isEmpty]);
}

const undo = async (props: EditorViewProps, published: Published): Promise<Published> =>
  (await code(() => import("./reviewed"))).undo(props, published);

// The page's keys; and the share that gets the focus: by `%`, or because the address says so.
function useSplit({ state, isReadOnly }: EditorViewProps, onAdd: () => void, onReview: () => void, isBusy: boolean) {
  const { step, edit } = usePageSearch(schema);
  const setSearch = useSetSearch<typeof schema>();
  const [focus, setFocus] = useState(0);
  const { fallthrough } = state.config;
  const split = () => {
    if (!isSplit(fallthrough)) {
      const made = { weights: [], otherwise: fallthrough.variation };
      state.change([{ kind: "set_fallthrough", split: made }], `split ${editorWords.serves}`);
    }
    setSearch({ step: "else", edit: undefined, rule: undefined });
    setFocus((n) => n + 1);
  };
  const first = useRef({ split, onAdd });
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what the address said when the page was opened
  useEffect(() => {
    if (isReadOnly || edit !== "1") return;
    if (step === "else") first.current.split();
    if (step === "rules") first.current.onAdd();
  }, []);
  useShortcuts(
    isReadOnly
      ? {}
      : {
          r: onAdd,
          "%": split,
          "Ctrl+s": onReview,
          "Ctrl+z": () => state.dispatch({ type: "undo" }),
          "Ctrl+Shift+Z": () => state.dispatch({ type: "redo" }),
        },
    !isBusy,
  );
  return focus;
}

function Side({ place, flag, state, tried }: EditorViewProps & { tried: Tried }) {
  const may = useMay();
  const { typed, type, contexts, saved, draft } = tried;
  const why = draft.findings.map(({ detail }) => detail).join(" ") || draft.error;
  return (
    <TryIt
      {...{ place, flag, contexts, typed, onTyped: type, isEmpty: state.isEmpty }}
      saved={saved.ruleset}
      draft={draft.ruleset}
      maySave={may("read", place.org, place.project)}
      error={saved.error ?? why}
    />
  );
}
