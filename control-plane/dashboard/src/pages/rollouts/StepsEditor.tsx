import { newRolloutWords } from "../../text/en/new_rollout";
import { Button, IconButton } from "../../ui/Button";
import { Field } from "../../ui/Field";
import { Checkbox } from "../../ui/Switch";
import { newStep, type StepForm } from "./plan";
import styles from "./Rollouts.module.css";

interface StepsEditorProps {
  steps: readonly StepForm[];
  errorAt: (pointer: string) => string | undefined;
  onChange: (steps: readonly StepForm[]) => void;
}

const most = 50;

export function StepsEditor({ steps, errorAt, onChange }: StepsEditorProps) {
  const set = (index: number, changes: Partial<StepForm>) =>
    onChange(steps.map((step, i) => (i === index ? { ...step, ...changes } : step)));
  return (
    <>
      <ol className={styles.steps}>
        {steps.map((step, i) => {
          const at = `/steps/${i}`;
          const n = i + 1;
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: steps have nothing but their place
            <li key={i} className={styles.step}>
              <Field
                label={newRolloutWords.share(n)}
                inputMode="decimal"
                value={step.share}
                onChange={(share) => set(i, { share })}
                error={errorAt(`${at}/share`)}
                suffix="%"
              />
              <Field
                label={newRolloutWords.hold(n)}
                isOptional={n === steps.length}
                isCode
                value={step.hold}
                onChange={(hold) => set(i, { hold })}
                error={errorAt(`${at}/hold`)}
              />
              <Field
                label={newRolloutWords.evaluations(n)}
                isOptional
                inputMode="numeric"
                value={step.evaluations}
                onChange={(evaluations) => set(i, { evaluations })}
                error={errorAt(`${at}/min_evaluations`)}
              />
              <Checkbox isOn={step.approval} onChange={(approval) => set(i, { approval })}>
                {newRolloutWords.approval}
              </Checkbox>
              <IconButton
                icon="close"
                label={newRolloutWords.remove_step(n)}
                isDisabled={steps.length === 1}
                onPress={() => onChange(steps.filter((_, other) => other !== i))}
              />
            </li>
          );
        })}
      </ol>
      <div>
        <Button
          icon="add"
          isDisabled={steps.length >= most}
          onPress={() => onChange([...steps.slice(0, -1), newStep(), ...steps.slice(-1)])}
        >
          {newRolloutWords.add_step}
        </Button>
      </div>
    </>
  );
}
