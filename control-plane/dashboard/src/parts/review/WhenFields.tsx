import { percentOfSlots } from "../../model/index";
import { reviewWords } from "../../text/en/review";
import { Choice } from "../../ui/Choice";
import { Field } from "../../ui/Field";
import { TimeField } from "../TimeField";
import styles from "./Review.module.css";
import type { Reviewed, When } from "./reviewed";
import type { useConfirm } from "./use_confirm";

interface WhenFieldsProps {
  reviewed: Reviewed;
  confirm: ReturnType<typeof useConfirm>;
}

const labels: Record<When, string> = {
  now: reviewWords.now,
  later: reviewWords.later,
  steps: reviewWords.steps,
  ask: reviewWords.ask,
};

// When a change is made, and what that takes.
export function WhenFields({ reviewed, confirm }: WhenFieldsProps) {
  const { options, when, at, steps } = confirm;
  const { inSteps } = reviewed;
  return (
    <>
      {options.length > 1 && (
        <Choice
          label={reviewWords.when}
          value={when}
          onChange={confirm.setWhen}
          options={options.map((id) => ({ id, label: labels[id] }))}
        />
      )}
      {when === "later" && (
        <TimeField label={reviewWords.at} value={at} onChange={confirm.setAt} error={confirm.errorAt("/at")} />
      )}
      {when === "steps" && inSteps && (
        <div className={styles.pair}>
          <Field
            label={reviewWords.shares(inSteps.to)}
            hint={reviewWords.shares_hint(percentOfSlots(inSteps.share))}
            isCode
            value={steps.shares}
            onChange={steps.setShares}
            error={steps.error && steps.error !== "no_duration" ? reviewWords.step_errors[steps.error] : undefined}
          />
          <Field
            label={reviewWords.hold}
            hint={reviewWords.hold_hint}
            isCode
            value={steps.hold}
            onChange={steps.setHold}
            error={steps.error === "no_duration" ? reviewWords.step_errors.no_duration : undefined}
          />
        </div>
      )}
      {when === "ask" && (
        <Field
          label={reviewWords.title}
          value={confirm.title}
          onChange={confirm.setTitle}
          error={confirm.errorAt("/title")}
          maxLength={200}
        />
      )}
    </>
  );
}
