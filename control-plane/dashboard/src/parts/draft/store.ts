// Drafts on this machine, in IndexedDB: they survive a reload, a crash and a session that has ended. Kept for 30 days.
import { type Draft, isEmptyDraft, readDraft, writeDraft } from "../../model/index";

const name = "fanion-drafts";
const keep = 30 * 86_400_000;

export interface DraftPlace {
  person: string;
  org: string;
  resource: string; // below the organisation, as audit entries name it
}

interface Kept {
  text: string;
  at: number;
}

const keyOf = ({ person, org, resource }: DraftPlace): string => JSON.stringify([person, org, resource]);

let opened: Promise<IDBDatabase> | undefined;

function database(): Promise<IDBDatabase> {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => request.result.createObjectStore("drafts");
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  opened.catch(() => {
    opened = undefined;
  });
  return opened;
}

async function ask<T>(mode: IDBTransactionMode, act: (drafts: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const open = await database();
  return new Promise((resolve, reject) => {
    const request = act(open.transaction("drafts", mode).objectStore("drafts"));
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

export async function readKept(place: DraftPlace): Promise<Draft | undefined> {
  try {
    const kept = (await ask("readonly", (drafts) => drafts.get(keyOf(place)))) as Kept | undefined;
    if (!kept || Date.now() - kept.at > keep) return undefined;
    return readDraft(kept.text);
  } catch {
    return undefined; // a browser that keeps nothing
  }
}

// An empty draft, with nothing to do again, is forgotten.
export async function keepDraft(place: DraftPlace, draft: Draft): Promise<boolean> {
  try {
    const key = keyOf(place);
    if (isEmptyDraft(draft) && draft.undone.length === 0) await ask("readwrite", (drafts) => drafts.delete(key));
    else
      await ask("readwrite", (drafts) => drafts.put({ text: writeDraft(draft), at: Date.now() } satisfies Kept, key));
    return true;
  } catch {
    return false;
  }
}

// The resources of an organisation that the person has drafts of.
export async function keptDrafts(person: string, org: string): Promise<string[]> {
  try {
    const keys = (await ask("readonly", (drafts) => drafts.getAllKeys())) as string[];
    return keys
      .map((key) => JSON.parse(key) as [string, string, string])
      .filter(([who, where]) => who === person && where === org)
      .map(([, , resource]) => resource);
  } catch {
    return [];
  }
}

// When somebody signs out and wants nothing kept on this machine.
export async function forgetDrafts(person: string): Promise<void> {
  try {
    const keys = (await ask("readonly", (drafts) => drafts.getAllKeys())) as string[];
    for (const key of keys.filter((each) => JSON.parse(each)[0] === person)) {
      await ask("readwrite", (drafts) => drafts.delete(key));
    }
  } catch {
    // Nothing was kept.
  }
}
