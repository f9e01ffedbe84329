import { editorWords } from "../../text/en/editor";
import { Button } from "../../ui/Button";
import { Status } from "../../ui/Status";
import styles from "./Editor.module.css";

interface ToolbarProps {
  state: {
    draft: { done: readonly unknown[]; undone: readonly unknown[] };
    isEmpty: boolean;
    conflict: unknown;
    dispatch: (action: { type: "undo" | "redo" | "discard" }) => void;
  };
  version: number;
  onReview: () => void;
}

// What has been done so far, and the way to the review.
export function Toolbar({ state, version, onReview }: ToolbarProps) {
  const { draft, isEmpty, dispatch } = state;
  return (
    <div className={styles.toolbar} role="toolbar" aria-label={editorWords.review}>
      <span className={styles.muted}>{editorWords.version(version)}</span>
      {!isEmpty && <Status kind="draft" text={editorWords.changes(draft.done.length)} />}
      <span className={styles.grow} />
      <Button kind="quiet" isDisabled={draft.done.length === 0} onPress={() => dispatch({ type: "undo" })}>
        {editorWords.undo}
      </Button>
      <Button kind="quiet" isDisabled={draft.undone.length === 0} onPress={() => dispatch({ type: "redo" })}>
        {editorWords.redo}
      </Button>
      {!isEmpty && (
        <Button kind="quiet" onPress={() => dispatch({ type: "discard" })}>
          {editorWords.discard}
        </Button>
      )}
      <Button kind="primary" isDisabled={isEmpty || state.conflict !== undefined} onPress={onReview} keys="Ctrl S">
        {editorWords.review}
      </Button>
    </div>
  );
}
