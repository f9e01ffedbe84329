// What is typed for something that is not there yet: kept, so that it is neither lost nor taken for shortcuts of the page.
import { useCallback, useEffect, useRef } from "react";

// While `isAwaited`, letters are kept until they are taken; the returned function takes them, and ends it.
export function useEarlyKeys(isAwaited: boolean): () => string {
  const typed = useRef<string | undefined>(undefined);
  useEffect(() => {
    typed.current = isAwaited ? "" : undefined;
    if (!isAwaited) return;
    const keyDown = (event: KeyboardEvent) => {
      const isLetter = event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey;
      if (typed.current === undefined || !isLetter) return;
      typed.current += event.key;
      event.preventDefault();
      event.stopPropagation();
    };
    document.addEventListener("keydown", keyDown, true);
    return () => document.removeEventListener("keydown", keyDown, true);
  }, [isAwaited]);
  return useCallback(() => {
    const taken = typed.current ?? "";
    typed.current = undefined;
    return taken;
  }, []);
}
