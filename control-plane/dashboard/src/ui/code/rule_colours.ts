// The colours of the rule language: texts, numbers and the language's own words.
import {
  Decoration,
  type DecorationSet,
  EditorView,
  MatchDecorator,
  ViewPlugin,
  type ViewUpdate,
} from "@codemirror/view";

const words =
  "all|always|and|any|attribute|bucket|false|never|not|or|segment|true|is|in|contains|starts|ends|with|matches|network|exists|" +
  "before|after|time|version|ignoring|case";
const token = new RegExp(
  `("(?:[^"\\\\]|\\\\.)*"?)|(-?\\b\\d[\\d.eE+-]*%?)|((?<![\\w$./-])(?:${words})(?![\\w$./-]))|(//.*|#.*)`,
  "g",
);

const classes = ["string", "number", "word", "comment"].map((name) => Decoration.mark({ class: `rule-${name}` }));

const matcher = new MatchDecorator({
  regexp: token,
  decoration: (match) => classes[match.slice(1).findIndex((group) => group !== undefined)] ?? null,
});

export const ruleColours = [
  ViewPlugin.fromClass(
    class {
      decorations: DecorationSet;
      constructor(view: EditorView) {
        this.decorations = matcher.createDeco(view);
      }
      update(update: ViewUpdate) {
        this.decorations = matcher.updateDeco(update, this.decorations);
      }
    },
    { decorations: (plugin) => plugin.decorations },
  ),
  EditorView.theme({
    ".rule-string": { color: "var(--variation-3)" },
    ".rule-number": { color: "var(--variation-2)" },
    ".rule-word": { color: "var(--accent)" },
    ".rule-comment": { color: "var(--muted)" },
  }),
];
