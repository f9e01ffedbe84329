// When to hold the stream of changes open, when to ask every 15 s instead: what happens goes in, what is to be done comes out.

export type Mark = "live" | "polling" | "closed";

export interface StreamState {
  mark: Mark;
  isVisible: boolean;
  isOpen: boolean; // a stream is held or being opened
  failures: number; // in a row, since a stream was open last
  hiddenAt: number | null;
}

export type StreamEvent =
  | { kind: "opened" }
  | { kind: "failed" }
  | { kind: "hidden"; at: number }
  | { kind: "shown" }
  | { kind: "tick"; at: number };

export type StreamAction = "open" | "close" | "refresh" | "none";

export const initialStream: StreamState = {
  mark: "closed",
  isVisible: true,
  isOpen: false,
  failures: 0,
  hiddenAt: null,
};
export const hiddenFor = 30_000;
export const pollEvery = 15_000;
const patience = 3;

export function stepStream(state: StreamState, event: StreamEvent): { state: StreamState; action: StreamAction } {
  switch (event.kind) {
    case "opened":
      return { state: { ...state, mark: "live", isOpen: true, failures: 0 }, action: "none" };
    case "failed": {
      const failures = state.failures + 1;
      const mark: Mark = failures >= patience || state.mark !== "live" ? "polling" : "live";
      return { state: { ...state, failures, mark, isOpen: false }, action: "close" };
    }
    case "hidden":
      return { state: { ...state, isVisible: false, hiddenAt: event.at }, action: "none" };
    case "shown": {
      const shown = { ...state, isVisible: true, hiddenAt: null };
      return state.isOpen ? { state: shown, action: "none" } : { state: { ...shown, isOpen: true }, action: "open" };
    }
    case "tick":
      if (!state.isVisible) {
        const isDue = state.isOpen && state.hiddenAt !== null && event.at - state.hiddenAt >= hiddenFor;
        return isDue
          ? { state: { ...state, isOpen: false, mark: "closed" }, action: "close" }
          : { state, action: "none" };
      }
      if (state.isOpen) return { state, action: state.mark === "polling" ? "refresh" : "none" };
      return { state: { ...state, isOpen: true }, action: "open" };
  }
}
