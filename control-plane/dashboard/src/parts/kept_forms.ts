// Where forms keep what is not saved. Apart from what reads and writes it, because the frame of every page forgets it.
const prefix = "fanion-form/";
export const storageKey = (id: string): string => prefix + id;

// What is not saved is for whom typed it.
export function forgetForms(): void {
  try {
    for (const name of Object.keys(sessionStorage)) if (name.startsWith(prefix)) sessionStorage.removeItem(name);
  } catch {
    // Without storage nothing is kept.
  }
}
