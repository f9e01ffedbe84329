// What the window is like, as far as style sheets cannot see to it.
import { useSyncExternalStore } from "react";

function useMatches(query: string): boolean {
  const list = window.matchMedia(query);
  return useSyncExternalStore(
    (listener) => {
      list.addEventListener("change", listener);
      return () => list.removeEventListener("change", listener);
    },
    () => list.matches,
  );
}

export const useIsNarrow = (): boolean => useMatches("(max-width: 719px)");
export const useIsFolded = (): boolean => useMatches("(max-width: 1099px)");

// Of a row of a list, as tokens.css has it; changes with the density and the kind of pointer.
export function useRowHeight(): number {
  const isCoarse = useMatches("(pointer: coarse)");
  const isCompact = document.documentElement.dataset.density === "compact";
  return isCoarse ? 44 : isCompact ? 32 : 36;
}
