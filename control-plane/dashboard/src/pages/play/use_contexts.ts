// The contexts of the page: text that stands in the address's fragment, which no server sees, or many from a file or from ranges,
// which stay in memory.
import { useDeferredValue, useMemo, useState } from "react";
import { type ContextForm, type Contexts, parseContexts, writeJson } from "../../model/index";
import { useFragment } from "../../parts/fragment";

export interface Source {
  name: string; // of the file; empty: made from ranges
  text: string;
  form?: ContextForm;
}

export interface ContextsState {
  text: string;
  setText: (text: string) => void;
  form: ContextForm | "auto";
  setForm: (form: ContextForm | "auto") => void;
  source: Source | undefined;
  setSource: (source: Source | undefined) => void;
  read: Contexts;
  texts: readonly string[]; // of each context, JSON
  isInAddress: boolean;
}

export const longestFragment = 8_000;
const nothing: Contexts = { contexts: [] };

export function useContexts(): ContextsState {
  const [fragment, setFragment] = useFragment();
  const [text, keep] = useState(fragment);
  const [form, setForm] = useState<ContextForm | "auto">("auto");
  const [source, setSource] = useState<Source>();
  const settled = useDeferredValue(text);
  const given = source?.text ?? settled;
  const as = source ? source.form : form === "auto" ? undefined : form;
  const read = useMemo(() => (given.trim() === "" ? nothing : parseContexts(given, as)), [given, as]);
  const texts = useMemo(() => ("contexts" in read ? read.contexts.map((context) => writeJson(context)) : []), [read]);
  const setText = (next: string) => {
    keep(next);
    setFragment(next.length <= longestFragment ? next : "");
  };
  const isInAddress = source === undefined && text.length <= longestFragment;
  return { text, setText, form, setForm, source, setSource, read, texts, isInAddress };
}
