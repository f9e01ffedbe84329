import { useState } from "react";
import { newIdempotencyKey } from "../../api/client";
import type { Place } from "../../api/queries/flags";
import { saveContext, type TestContext } from "../../api/queries/saved_contexts";
import type { RulesetRef } from "../../evaluator/client";
import type { FlagDefinition } from "../../model/index";
import { Explanation } from "../../parts/Explanation";
import { problemText } from "../../parts/Problem";
import { useCompared } from "../../parts/review/use_compared";
import { VariationName } from "../../parts/split/SplitBar";
import { useExplained } from "../../parts/use_explained";
import { editorWords } from "../../text/en/editor";
import { Button } from "../../ui/Button";
import { Disclosure } from "../../ui/Disclosure";
import { Field } from "../../ui/Field";
import { toast } from "../../ui/toasts";
import { readContext } from "./contexts";
import styles from "./Editor.module.css";
import { WhoMoves } from "./WhoMoves";

interface TryItProps {
  place: Place;
  flag: FlagDefinition;
  saved: RulesetRef | undefined;
  draft: RulesetRef | undefined;
  contexts: readonly TestContext[] | undefined;
  typed: string;
  onTyped: (typed: string) => void;
  isEmpty: boolean; // the draft changes nothing
  maySave: boolean;
  error: string | undefined;
}

// Who gets what, at the side: saved contexts, and one that is typed; now and with the draft.
export function TryIt(props: TryItProps) {
  const { flag, saved, draft, contexts = [], typed, onTyped, isEmpty, error } = props;
  const context = readContext(typed);
  const isMissing = saved !== undefined && !saved.flags.includes(flag.key);
  const pinned = useCompared(
    saved,
    draft,
    flag.key,
    contexts.map(({ text }) => text),
  );
  const now = useExplained(isMissing ? undefined : saved, flag.key, context);
  const next = useExplained(isMissing ? undefined : draft, flag.key, context);
  const name = (variation: string | undefined) =>
    variation === undefined ? editorWords.try_default : <VariationName variations={flag.variations} name={variation} />;
  return (
    <aside className={styles.aside} aria-label={editorWords.try_it}>
      <h2>{editorWords.try_it}</h2>
      {isMissing && <p className={styles.muted}>{editorWords.try_missing}</p>}
      {error && <p className={styles.warning}>{error}</p>}
      <Field
        label={editorWords.try_context}
        hint={editorWords.try_hint}
        isCode
        rows={3}
        value={typed}
        onChange={onTyped}
        error={typed.trim() !== "" && context === undefined ? editorWords.try_bad : undefined}
      />
      {now.error && <p className={styles.warning}>{now.error}</p>}
      {now.explained && (
        <div className={styles.answers} role="status">
          <div className={styles.answer}>
            <span className={styles.muted}>{editorWords.try_now}</span>
            <strong>{name(now.explained.variation)}</strong>
          </div>
          {!isEmpty && next.explained && (
            <div className={styles.answer}>
              <span className={styles.muted}>{editorWords.try_draft}</span>
              <strong>{name(next.explained.variation)}</strong>
            </div>
          )}
          <Disclosure title={editorWords.try_why}>
            <Explanation explained={isEmpty ? now.explained : (next.explained ?? now.explained)} />
          </Disclosure>
          {props.maySave && context && <SaveContext place={props.place} context={context} />}
        </div>
      )}
      {!isEmpty && <WhoMoves flag={flag.key} saved={saved} draft={draft} />}
      <h3>{editorWords.try_pinned}</h3>
      {contexts.length === 0 && <p className={styles.muted}>{editorWords.try_no_pinned}</p>}
      <div className={styles.answers}>
        {contexts.map((each, i) => {
          const found = pinned?.[i];
          return (
            <div key={each.id} className={styles.answer}>
              <Button kind="quiet" onPress={() => onTyped(each.text)}>
                {each.name}
              </Button>
              {found && (
                <span>
                  {name(found.now.variation)}
                  {found.isChanged && <> → {name(found.draft.variation)}</>}
                </span>
              )}
            </div>
          );
        })}
      </div>
    </aside>
  );
}

function SaveContext({ place, context }: { place: Place; context: string }) {
  const [title, setTitle] = useState("");
  const save = async () => {
    try {
      await saveContext(place, { name: title.trim(), text: context }, newIdempotencyKey());
      setTitle("");
    } catch (error) {
      toast(problemText(error), { tone: "failed" });
    }
  };
  return (
    <Disclosure title={editorWords.try_save}>
      <div className={styles.row}>
        <Field label={editorWords.try_name} value={title} onChange={setTitle} maxLength={200} />
        <Button isDisabled={title.trim() === ""} onPress={() => void save()}>
          {editorWords.try_save}
        </Button>
      </div>
    </Disclosure>
  );
}
