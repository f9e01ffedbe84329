import { Suspense, useState } from "react";
import { type Condition, type Json, writeJson } from "../../model/index";
import { editorWords } from "../../text/en/editor";
import { later } from "../../ui/later";
import { Loading } from "../../ui/States";
import { Tabs } from "../../ui/Tabs";
import { ConditionText } from "./ConditionText";
import type { Known } from "./completion";
import { pathAt, selectionOf } from "./node_places";
import styles from "./Tree.module.css";
import { useConditionText } from "./use_condition_text";

const ConditionTree = later(() => import("./ConditionTree"));

export type ConditionView = "text" | "tree" | "json";

interface ConditionEditorProps {
  label: string;
  when: Condition | undefined; // none: nothing has been typed yet
  known: Known;
  view: ConditionView;
  onView: (view: ConditionView) => void;
  isReadOnly: boolean;
  isFresh: boolean;
  onFlush: (flush: () => Promise<boolean>) => () => void;
  onChange: (when: Condition, from: "when" | "tree") => void;
}

const views = [
  { id: "text", label: editorWords.as_text },
  { id: "tree", label: editorWords.as_tree },
  { id: "json", label: editorWords.as_json },
];

// A condition as text, as text with its tree, and as JSON: views of one thing. The node that one is at in the text or the tree is
// marked in the other.
export function ConditionEditor(props: ConditionEditorProps) {
  const { label, when, known, view, onView, isReadOnly, onChange } = props;
  const text = useConditionText(when, (next) => onChange(next, "when"));
  const [cursor, setCursor] = useState<number>();
  const [selection, setSelection] = useState<{ from: number; to: number }>();
  const isTree = view === "tree";
  const selected = isTree && cursor !== undefined ? pathAt(text.text, text.places, cursor) : undefined;
  return (
    <Tabs label={label} tabs={views} value={view} onChange={(next) => onView(next as ConditionView)}>
      {view === "json" ? (
        <pre className={styles.json}>{when ? writeJson(when as Json, 2) : ""}</pre>
      ) : (
        <div className={styles.views}>
          <ConditionText
            label={label}
            text={text}
            known={known}
            isReadOnly={isReadOnly}
            autoFocus={props.isFresh && !isTree}
            selection={isTree ? selection : undefined}
            onCursor={setCursor}
            onFlush={props.onFlush}
          />
          {isTree && (
            <div data-stale={text.mistake !== undefined || undefined} className={styles.tree}>
              <Suspense fallback={<Loading rows={2} />}>
                <ConditionTree
                  when={when ?? { all: [] }}
                  known={known}
                  isReadOnly={isReadOnly || text.mistake !== undefined}
                  selected={selected}
                  onSelect={(path) => when && setSelection(selectionOf(text.text, text.places, when, path))}
                  onChange={(next) => onChange(next, "tree")}
                />
              </Suspense>
            </div>
          )}
        </div>
      )}
    </Tabs>
  );
}
