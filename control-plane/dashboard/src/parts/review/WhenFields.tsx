import { reviewWords } from "../../text/en/review";
import { Choice } from "../../ui/Choice";
import { Field } from "../../ui/Field";
import { TimeField } from "../TimeField";
import type { When } from "./reviewed";

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
      {when === "later" && <TimeField label={reviewWords.at} value={at} onChange={onAt} error={errors.at} />}
      {when === "ask" && (
        <Field label={reviewWords.title} value={title} onChange={onTitle} error={errors.title} maxLength={200} />
      )}
    </>
  );
}
