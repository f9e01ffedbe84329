// The part of the address after #, which browsers send to nobody: for what only the person's own browser should know.
import { useRouter } from "@tanstack/react-router";
import { useCallback, useEffect, useRef } from "react";

const decoded = (hash: string): string => {
  try {
    return decodeURIComponent(hash.replace(/^#/, ""));
  } catch {
    return "";
  }
};

const pause = 300;

// What it is now, and setting it without a step in the browser's history.
export function useFragment(): [string, (text: string) => void] {
  const router = useRouter();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []); // another page's address is not this one's
  const set = useCallback(
    (text: string) => {
      clearTimeout(timer.current);
      timer.current = setTimeout(() => {
        void router.navigate({
          to: ".",
          search: true as never,
          hash: encodeURIComponent(text),
          replace: true,
          resetScroll: false,
          hashScrollIntoView: false,
        });
      }, pause);
    },
    [router],
  );
  return [decoded(window.location.hash), set];
}
