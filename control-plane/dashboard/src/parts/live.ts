// The stream of changes of the organisation that is shown: started by the frame, listened to by whoever is concerned.
import { useEffect, useSyncExternalStore } from "react";
import { Live, type LiveChange, type Presence } from "../api/events";
import type { Mark } from "../model/index";

let current: Live | null = null;
const listeners = new Set<() => void>();
const notify = () => {
  for (const listener of listeners) listener();
};

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useLiveStream(org: string): void {
  useEffect(() => {
    if (org === "") return;
    const live = new Live(org);
    current = live;
    const forget = live.on("mark", notify);
    const stop = live.start();
    notify();
    return () => {
      forget();
      stop();
      current = null;
      notify();
    };
  }, [org]);
}

export const useLiveMark = (): Mark => useSyncExternalStore(subscribe, () => current?.mark ?? "closed");

export function useChanges(handler: (change: LiveChange) => void): void {
  const live = useSyncExternalStore(subscribe, () => current);
  useEffect(() => live?.on("change", handler), [live, handler]);
}

export function usePresenceEvents(handler: (presence: Presence) => void): void {
  const live = useSyncExternalStore(subscribe, () => current);
  useEffect(() => live?.on("presence", handler), [live, handler]);
}
