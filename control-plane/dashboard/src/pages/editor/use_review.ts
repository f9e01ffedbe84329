// From the draft to its review: what is being typed is read first, and a text with a mistake in it stops here.
import { useCallback, useRef, useState } from "react";
import type { DraftState } from "../../parts/draft/use_config_draft";
import { editorWords } from "../../text/en/editor";
import { toast } from "../../ui/toasts";

export type Flush = () => Promise<boolean>; // whether there is no mistake

export function useReview(state: DraftState) {
  const [isOpen, setOpen] = useState(false);
  const flushes = useRef(new Set<Flush>());
  const latest = useRef(state);
  latest.current = state;
  const onFlush = useCallback((flush: Flush) => {
    flushes.current.add(flush);
    return () => flushes.current.delete(flush);
  }, []);
  const open = async () => {
    const are_good = await Promise.all([...flushes.current].map((flush) => flush()));
    await new Promise((resolve) => setTimeout(resolve)); // until what was typed last is drawn
    const { isEmpty, conflict } = latest.current;
    if (are_good.includes(false)) toast(editorWords.rule_mistake, { tone: "failed" });
    else if (!isEmpty && !conflict) setOpen(true);
  };
  return { isOpen, open, close: () => setOpen(false), onFlush };
}
