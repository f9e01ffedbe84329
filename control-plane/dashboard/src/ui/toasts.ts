// Messages that come and go: what has been done, and how it is undone. A component subscribes; anything may post.
export interface Toast {
  id: number;
  text: string;
  tone: "done" | "failed";
  action?: { label: string; onAction: () => void };
  seconds: number; // how long it stays, unless it is being read
}

let toasts: readonly Toast[] = [];
let next = 1;
const listeners = new Set<() => void>();

function set(changed: readonly Toast[]): void {
  toasts = changed;
  for (const listener of listeners) listener();
}

export const toastStore = {
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  get: (): readonly Toast[] => toasts,
  close: (id: number) => set(toasts.filter((toast) => toast.id !== id)),
};

export function toast(
  text: string,
  options: { tone?: Toast["tone"]; action?: Toast["action"]; seconds?: number } = {},
): number {
  const id = next++;
  const seconds = options.seconds ?? (options.action ? 30 : 6);
  const made: Toast = {
    id,
    text,
    tone: options.tone ?? "done",
    seconds,
    ...(options.action ? { action: options.action } : {}),
  };
  set([...toasts.slice(-3), made]);
  return id;
}
