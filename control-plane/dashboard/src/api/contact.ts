// Whether the control plane answers, and whether the session goes on: told by every request, shown by the frame.

export interface Contact {
  lostAt: number | null; // when the first of the requests since failed; null: the last one was answered
  isSignedOut: boolean; // a session that there was has ended
}

let contact: Contact = { lostAt: null, isSignedOut: false };
const listeners = new Set<() => void>();

function set(next: Contact): void {
  if (next.lostAt === contact.lostAt && next.isSignedOut === contact.isSignedOut) return;
  contact = next;
  for (const listener of listeners) listener();
}

export const contactStore = {
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  get: (): Contact => contact,
  answered: () => set({ ...contact, lostAt: null }),
  lost: (now = Date.now()) => set({ ...contact, lostAt: contact.lostAt ?? now }),
  signedOut: () => set({ ...contact, isSignedOut: true }),
  signedIn: () => set({ ...contact, isSignedOut: false }),
};
