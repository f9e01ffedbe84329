import { useState } from "react";
import type { Choices, Hunk, Side } from "../../model/index";
import type { Conflicting } from "../../parts/draft/use_config_draft";
import { written } from "../../parts/written";
import { words } from "../../text/en";
import { editorWords } from "../../text/en/editor";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Banner } from "../../ui/States";
import styles from "./Editor.module.css";

interface ConflictDialogProps {
  conflict: Conflicting;
  onClose: () => void;
}

const keyOf = (hunk: Hunk): string => JSON.stringify(hunk.place);

// What two people have changed at the same places: before, theirs, mine; a choice for each.
export default function ConflictDialog({ conflict, onClose }: ConflictDialogProps) {
  const [choices, setChoices] = useState<Choices>(new Map());
  const { hunks } = conflict;
  const isReady = hunks.length > 0 && hunks.every((hunk) => choices.has(keyOf(hunk)));
  const choose = (hunk: Hunk, side: Side) => setChoices(new Map(choices).set(keyOf(hunk), side));
  return (
    <Dialog
      title={editorWords.conflict_title}
      isOpen
      size="widest"
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>{words.cancel}</Button>
          <Button
            kind="primary"
            isDisabled={!isReady}
            onPress={() => {
              if (conflict.settle(choices)) onClose();
            }}
          >
            {editorWords.conflict_done}
          </Button>
        </>
      }
    >
      {hunks.length === 0 ? (
        <Banner tone="danger">{editorWords.conflict_gone}</Banner>
      ) : (
        <p>{editorWords.conflict_detail}</p>
      )}
      {hunks.map((hunk) => (
        <section key={keyOf(hunk)} aria-label={hunk.place.join(" ")} className={styles.cards}>
          <h3>{hunk.place.join(" ")}</h3>
          <div className={styles.columns}>
            <div className={styles.column}>
              <h4>{editorWords.conflict_base}</h4>
              <pre className={styles.code}>{written(hunk.base)}</pre>
            </div>
            {(["theirs", "mine"] as const).map((side) => {
              const title = side === "mine" ? editorWords.conflict_mine : editorWords.conflict_theirs;
              const isChosen = choices.get(keyOf(hunk)) === side;
              return (
                <div key={side} className={styles.column} data-chosen={isChosen || undefined}>
                  <h4>{title}</h4>
                  <pre className={styles.code}>{written(hunk[side])}</pre>
                  <Button kind={isChosen ? "primary" : "plain"} onPress={() => choose(hunk, side)}>
                    {`${editorWords.conflict_take}: ${title}`}
                  </Button>
                </div>
              );
            })}
          </div>
        </section>
      ))}
    </Dialog>
  );
}
