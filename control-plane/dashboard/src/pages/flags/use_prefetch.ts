import { useCallback, useEffect, useRef } from "react";
import type { FlagEntry } from "../../api/queries/flag_index";
import type { Place } from "../../api/queries/flags";

const pause = 80; // what is only passed over is not fetched

// Fetches a flag that is under the pointer or has the focus; the code that does so comes with the first one.
export function usePrefetch(place: Place): (flag: FlagEntry | undefined) => void {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  return useCallback(
    (flag) => {
      clearTimeout(timer.current);
      if (flag === undefined) return;
      timer.current = setTimeout(() => {
        void import("../../parts/prefetch_flag")
          .then(({ prefetchFlag }) => prefetchFlag(place, flag.key, Object.keys(flag.environments)))
          .catch(() => undefined); // the page says what is wrong when it is opened
      }, pause);
    },
    [place],
  );
}
