// CodeMirror in an open shadow root, where its style sheets are constructed ones: no inline style, so no exception of the policy.
import { autocompletion, type Completion, type CompletionContext, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { json } from "@codemirror/lang-json";
import { type Diagnostic, lintGutter, setDiagnostics } from "@codemirror/lint";
import { Compartment, EditorState, type Extension } from "@codemirror/state";
import { EditorView, keymap, placeholder } from "@codemirror/view";
import type { CodeOptions, Mark } from "../CodeField";
import { ruleColours } from "./rule_colours";

const theme = EditorView.theme({
  "&": {
    color: "var(--ink)",
    backgroundColor: "var(--surface)",
    border: "var(--hair) solid var(--edge)",
    borderRadius: "var(--radius-field)",
    font: "var(--code-13)",
  },
  "&.cm-focused": { outline: "var(--focus-width) solid var(--accent)", outlineOffset: "var(--hair)" },
  ".cm-scroller": { font: "var(--code-13)", overflow: "auto", maxBlockSize: "40vh" },
  ".cm-content": { padding: "var(--s2) 0", caretColor: "var(--ink)", minBlockSize: "var(--control)" },
  ".cm-cursor": { borderInlineStartColor: "var(--ink)" },
  ".cm-placeholder": { color: "var(--muted)" },
  ".cm-tooltip": {
    border: "var(--hair) solid var(--line)",
    borderRadius: "var(--radius-field)",
    backgroundColor: "var(--surface)",
    color: "var(--ink)",
    boxShadow: "var(--shadow)",
  },
  ".cm-tooltip-autocomplete > ul > li[aria-selected]": { backgroundColor: "var(--accent)", color: "var(--on-accent)" },
  ".cm-completionDetail": { color: "var(--muted)", fontStyle: "normal" },
  ".cm-tooltip-autocomplete > ul > li[aria-selected] .cm-completionDetail": { color: "inherit" },
  ".cm-selectionBackground": { backgroundColor: "color-mix(in srgb, var(--accent) 28%, transparent) !important" },
  ".cm-lintRange-error": {
    backgroundImage: "none",
    textDecoration: "underline wavy var(--danger)",
    textDecorationSkipInk: "none",
  },
  ".cm-lintPoint-error::after": { borderBlockEndColor: "var(--danger)" },
});

function completionsOf(options: CodeOptions) {
  return async (context: CompletionContext) => {
    const found = await options.complete?.(context.state.doc.toString(), context.pos, context.explicit);
    if (!found || found.items.length === 0) return null;
    const items = found.items.map(
      ({ label, detail, apply, kind }): Completion => ({
        label,
        ...(detail ? { detail } : {}),
        ...(apply ? { apply } : {}),
        ...(kind ? { type: kind } : {}),
      }),
    );
    return { from: found.from, options: items, validFor: /^[\w$./"-]*$/ };
  };
}

export interface CodeHandle {
  setValue(text: string): void;
  setMarks(marks: readonly Mark[]): void;
  setReadOnly(isReadOnly: boolean): void;
  focus(): void;
  select(from: number, to: number): void;
  close(): void;
}

export function openEditor(host: HTMLElement, value: string, options: CodeOptions): CodeHandle {
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  const access = new Compartment();
  const locked = (isReadOnly: boolean): Extension => [
    EditorState.readOnly.of(isReadOnly),
    EditorView.editable.of(true),
  ];
  let isOurs = false;
  const listener = EditorView.updateListener.of((update) => {
    if (update.docChanged && !isOurs) options.onChange(update.state.doc.toString());
    if (update.selectionSet || update.docChanged) options.onCursor?.(update.state.selection.main.head);
    if (update.focusChanged && !update.view.hasFocus) options.onBlur?.();
  });
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: value,
      extensions: [
        history(),
        keymap.of([...completionKeymap, ...defaultKeymap, ...historyKeymap]),
        EditorView.lineWrapping,
        theme,
        listener,
        access.of(locked(options.isReadOnly ?? false)),
        options.placeholder ? placeholder(options.placeholder) : [],
        options.language === "json" ? json() : ruleColours,
        options.complete ? autocompletion({ override: [completionsOf(options)], icons: false }) : [],
        options.hasGutter ? lintGutter() : [],
        EditorView.contentAttributes.of({ "aria-label": options.label, spellcheck: "false", "aria-multiline": "true" }),
      ],
    }),
  });
  return {
    setValue(text) {
      if (text === view.state.doc.toString()) return;
      isOurs = true;
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
      isOurs = false;
    },
    setMarks(marks) {
      const end = view.state.doc.length;
      const found = marks.map(
        ({ from, to, text }): Diagnostic => ({
          from: Math.min(from, end),
          to: Math.min(Math.max(to, from), end),
          severity: "error",
          message: text,
        }),
      );
      view.dispatch(setDiagnostics(view.state, found));
    },
    setReadOnly: (isReadOnly) => view.dispatch({ effects: access.reconfigure(locked(isReadOnly)) }),
    focus: () => view.focus(),
    select(from, to) {
      const end = view.state.doc.length;
      view.dispatch({ selection: { anchor: Math.min(from, end), head: Math.min(to, end) }, scrollIntoView: true });
    },
    close: () => view.destroy(),
  };
}
