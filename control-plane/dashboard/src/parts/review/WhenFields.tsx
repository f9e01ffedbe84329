import { reviewWords } from "../../text/en/review";
import { timeZone } from "../../text/format";
import { Choice } from "../../ui/Choice";
import { Field } from "../../ui/Field";
import type { When } from "./reviewed";
import { readWall, utcText } from "./wall";

interface WhenFieldsProps {
  options: readonly When[];
  when: When;
  onWhen: (when: When) => void;
  at: string;
  onAt: (at: string) => void;
  title: string;
  onTitle: (title: string) => void;
  errors: { at?: string | undefined; title?: string | undefined };
}

const labels: Record<When, string> = { now: reviewWords.now, later: reviewWords.later, ask: reviewWords.ask };

// When a change is made, and what that takes.
export function WhenFields({ options, when, onWhen, at, onAt, title, onTitle, errors }: WhenFieldsProps) {
  const read = readWall(at, timeZone());
  const said = read && [
    read.kind === "twice" ? reviewWords.at_twice : read.kind === "skipped" ? reviewWords.at_skipped : "",
    reviewWords.at_utc(utcText(read.time)),
  ];
  return (
    <>
      {options.length > 1 && (
        <Choice
          label={reviewWords.when}
          value={when}
          onChange={onWhen}
          options={options.map((id) => ({ id, label: labels[id] }))}
        />
      )}
      {when === "later" && (
        <Field
          label={reviewWords.at}
          hint={said ? said.join(" ").trim() : reviewWords.at_hint(timeZone())}
          value={at}
          onChange={onAt}
          error={errors.at}
          isCode
        />
      )}
      {when === "ask" && (
        <Field label={reviewWords.title} value={title} onChange={onTitle} error={errors.title} maxLength={200} />
      )}
    </>
  );
}
