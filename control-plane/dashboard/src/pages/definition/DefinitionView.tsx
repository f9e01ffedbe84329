import { Suspense, useCallback, useRef, useState } from "react";
import type { Place } from "../../api/queries/flags";
import type { Environment } from "../../api/queries/projects";
import type { Drafted, Present } from "../../parts/draft/use_draft";
import { useShortcuts } from "../../parts/keyboard";
import { useMay } from "../../parts/session";
import { WhyNot } from "../../parts/WhyNot";
import { definitionWords as words } from "../../text/en/definition";
import { editorWords } from "../../text/en/editor";
import { Button } from "../../ui/Button";
import { later } from "../../ui/later";
import { Banner } from "../../ui/States";
import { toast } from "../../ui/toasts";
import { Toolbar } from "../editor/Toolbar";
import { About } from "./About";
import styles from "./Definition.module.css";
import { Ending } from "./Ending";
import type { Editing } from "./editing";
import { reviewedOf } from "./reviewed";
import { Variations } from "./Variations";

const ReviewSheet = later(() => import("../../parts/ReviewSheet"));
const ConflictDialog = later(() => import("../editor/ConflictDialog"));

interface DefinitionViewProps {
  place: Place;
  environments: readonly Environment[];
  state: Drafted<"definition">;
  present: Present<"definition">;
}

// A draft of the definition, and what can be done with the flag as a whole.
export function DefinitionView({ place, environments, state, present }: DefinitionViewProps) {
  const may = useMay();
  const [dialog, setDialog] = useState<"review" | "conflict">();
  const faults = useRef(new Map<string, string>());
  const { definition, configs } = state.now;
  const isLive = !definition.archived;
  const mayEdit = isLive && may("edit", place.org, place.project);
  const mayServe =
    mayEdit &&
    environments.every((env) => may(env.protected ? "edit_protected" : "edit", place.org, place.project, env.key));
  const onFault = useCallback((field: string, fault: string | undefined) => {
    if (fault === undefined) faults.current.delete(field);
    else faults.current.set(field, fault);
  }, []);
  const review = () => {
    const [fault] = faults.current.values();
    if (fault !== undefined) toast(fault, { tone: "failed" });
    else if (!state.isEmpty) setDialog("review");
  };
  // What is typed last is taken in when its field is left.
  const leaveAndReview = () => {
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    setTimeout(() => latest.current());
  };
  const latest = useRef(review);
  latest.current = review;
  useShortcuts(
    mayEdit
      ? {
          "Ctrl+s": leaveAndReview,
          "Ctrl+z": () => state.dispatch({ type: "undo" }),
          "Ctrl+Shift+Z": () => state.dispatch({ type: "redo" }),
        }
      : {},
    dialog === undefined,
  );
  const held = state.base.definition.variations.map(({ key }) => key);
  const editing: Editing = { place, flag: definition, configs, held, mayEdit, mayServe, change: state.change, onFault };
  return (
    <>
      {mayEdit && (
        <div className={styles.bar}>
          <Toolbar state={state} version={state.draft.version} onReview={leaveAndReview} />
        </div>
      )}
      <div className={styles.banners}>
        {!isLive && <Banner tone="info">{words.archived}</Banner>}
        {isLive && !mayEdit && <WhyNot action="edit" place={place.project} />}
        {mayEdit && !mayServe && <WhyNot action="edit" place={place.project} isProtected />}
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
      <About editing={editing} />
      <Variations editing={editing} />
      <Ending place={place} environments={environments} flag={present.state.definition} version={present.version} />
      <Suspense>
        {dialog === "review" && !state.conflict && (
          <ReviewSheet
            reviewed={reviewedOf({ place, environments, state })}
            onClose={() => setDialog(undefined)}
            onDone={() => setDialog(undefined)}
          />
        )}
        {dialog === "conflict" && state.conflict && (
          <ConflictDialog conflict={state.conflict} onClose={() => setDialog(undefined)} />
        )}
      </Suspense>
    </>
  );
}
