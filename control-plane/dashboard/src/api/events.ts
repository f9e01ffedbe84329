// The stream of an organisation's changes: one for each visible page. It resumes after the last change that was seen.
import {
  changesRights,
  concernedPaths,
  initialStream,
  pollEvery,
  type StreamEvent,
  type StreamState,
  stepStream,
} from "../model/index";
import { apiUrl } from "./base";
import { contactStore } from "./contact";
import { invalidateChanged, queries } from "./query";
import type { components } from "./schema";

export type LiveChange = components["schemas"]["LiveChange"];
export type Presence = components["schemas"]["Presence"];

type Handlers = {
  change: (change: LiveChange) => void;
  presence: (presence: Presence) => void;
  mark: (state: StreamState) => void;
};

export class Live {
  private state = initialStream;
  private source: EventSource | null = null;
  private lastId: string | null = null;
  private hasOpened = false;
  private again: ReturnType<typeof setTimeout> | undefined;
  private timer: ReturnType<typeof setInterval> | undefined;
  private readonly listeners = { change: new Set(), presence: new Set(), mark: new Set() } as {
    [K in keyof Handlers]: Set<Handlers[K]>;
  };

  constructor(readonly org: string) {}

  start(): () => void {
    const visibility = () => this.feed(document.hidden ? { kind: "hidden", at: Date.now() } : { kind: "shown" });
    document.addEventListener("visibilitychange", visibility);
    this.timer = setInterval(() => this.feed({ kind: "tick", at: Date.now() }), pollEvery);
    visibility();
    return () => {
      document.removeEventListener("visibilitychange", visibility);
      clearInterval(this.timer);
      clearTimeout(this.again);
      this.close();
    };
  }

  on<K extends keyof Handlers>(kind: K, handler: Handlers[K]): () => void {
    this.listeners[kind].add(handler);
    return () => this.listeners[kind].delete(handler);
  }

  get mark(): StreamState["mark"] {
    return this.state.mark;
  }

  private feed(event: StreamEvent): void {
    const before = this.state.mark;
    const { state, action } = stepStream(this.state, event);
    this.state = state;
    if (action === "close") this.close();
    if (event.kind === "failed") {
      this.retry(state.failures);
      void queries.invalidateQueries({ queryKey: ["me"] }); // tells whether the session or the control plane is gone
    }
    if (action === "open") this.open();
    if (action === "refresh" || (action === "open" && state.mark === "polling")) this.refresh();
    if (state.mark !== before) for (const listener of this.listeners.mark) listener(state);
  }

  private open(): void {
    this.close();
    if (contactStore.get().isSignedOut) {
      this.state = { ...this.state, isOpen: false };
      return;
    }
    const since = this.lastId === null ? "" : `?since=${this.lastId}`;
    const source = new EventSource(apiUrl(`/orgs/${encodeURIComponent(this.org)}/events${since}`));
    this.source = source;
    source.onopen = () => {
      contactStore.answered();
      // A stream that has shown nothing yet cannot be resumed: what was between it and this one is read anew.
      if (this.hasOpened && this.lastId === null) this.refresh();
      this.hasOpened = true;
      this.feed({ kind: "opened" });
    };
    // The browser reconnects by itself only from some errors; a new stream resumes in the same way from all.
    source.onerror = () => this.feed({ kind: "failed" });
    source.addEventListener("change", (event) => this.take(event));
    source.addEventListener("reset", (event) => {
      this.lastId = event.lastEventId;
      this.refresh();
    });
    source.addEventListener("presence", (event) => {
      const presence = JSON.parse(event.data) as Presence;
      for (const listener of this.listeners.presence) listener(presence);
    });
  }

  private retry(failures: number): void {
    clearTimeout(this.again);
    this.again = setTimeout(() => this.feed({ kind: "tick", at: Date.now() }), Math.min(1_500 * failures, pollEvery));
  }

  private take(event: MessageEvent<string>): void {
    this.lastId = event.lastEventId;
    const change = JSON.parse(event.data) as LiveChange;
    for (const path of concernedPaths(change)) void invalidateChanged(this.org, path);
    if (changesRights(change.resource)) void queries.invalidateQueries({ queryKey: ["me"] });
    for (const listener of this.listeners.change) listener(change);
  }

  private refresh(): void {
    void queries.invalidateQueries({ predicate: (query) => query.queryKey[0] === "orgs" });
  }

  private close(): void {
    this.source?.close();
    this.source = null;
  }
}
