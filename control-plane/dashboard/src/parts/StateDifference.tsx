import { useMemo, useState } from "react";
import { changeWords } from "../text/en/changes";
import { type AtLine, Diff, type DiffLine } from "../ui/Diff";
import { Tabs } from "../ui/Tabs";
import styles from "./Changes.module.css";
import { patchOf, type States, sentencesOf, textDifference } from "./difference";
import { Muted } from "./PageHead";
import { Sentence } from "./Sentence";

export type DifferenceView = "sentences" | "text" | "json";

interface StateDifferenceProps {
  states: States;
  label: string;
  atLine?: AtLine; // of the text
  view?: DifferenceView | undefined; // where the page's address has it
  onView?: (view: DifferenceView) => void;
}

// What became of a resource: in sentences, as text line by line, and as JSON Patch.
export function StateDifference({ states, label, atLine, onView, ...given }: StateDifferenceProps) {
  const sentences = useMemo(() => sentencesOf(states), [states]);
  const [own, setOwn] = useState<DifferenceView>("sentences");
  const asked = given.view ?? own;
  const view = asked === "sentences" && sentences.length === 0 ? "text" : asked;
  const tabs = [
    ...(sentences.length > 0 ? [{ id: "sentences", label: changeWords.sentences }] : []),
    { id: "text", label: changeWords.text },
    { id: "json", label: changeWords.json },
  ];
  return (
    <Tabs label={changeWords.view} tabs={tabs} value={view} onChange={(id) => (onView ?? setOwn)(id as DifferenceView)}>
      {view === "sentences" && (
        <ul className={styles.list}>
          {sentences.map((sentence) => (
            <li key={JSON.stringify(sentence)}>
              <Sentence parts={sentence} />
            </li>
          ))}
        </ul>
      )}
      {view === "text" && <Lines label={label} lines={textDifference(states)} {...(atLine ? { atLine } : {})} />}
      {view === "json" && <Patch label={label} states={states} />}
    </Tabs>
  );
}

function Lines({ label, lines, atLine }: { label: string; lines: readonly DiffLine[]; atLine?: AtLine }) {
  if (lines.every((line) => line.kind === "same")) return <Muted>{changeWords.no_difference}</Muted>;
  return <Diff label={label} lines={lines} {...(atLine ? { atLine } : {})} />;
}

function Patch({ label, states }: StateDifferenceProps) {
  const lines = patchOf(states).map((operation) => ({ kind: "same" as const, text: JSON.stringify(operation) }));
  return lines.length === 0 ? <Muted>{changeWords.no_difference}</Muted> : <Diff label={label} lines={lines} />;
}
