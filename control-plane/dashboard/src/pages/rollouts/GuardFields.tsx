import { newRolloutWords } from "../../text/en/new_rollout";
import { rolloutWords } from "../../text/en/schedules";
import { IconButton } from "../../ui/Button";
import { Field } from "../../ui/Field";
import { Select } from "../../ui/Select";
import type { GuardForm } from "./plan";
import styles from "./Rollouts.module.css";

interface GuardFieldsProps {
  number: number;
  to: string;
  guard: GuardForm;
  sources: readonly string[];
  errorAt: (name: string) => string | undefined;
  onChange: (changes: Partial<GuardForm>) => void;
  onRemove: () => void;
}

const named = (keys: readonly string[]) => keys.map((id) => ({ id, label: id }));
const responses = Object.entries(rolloutWords.responses).map(([id, label]) => ({ id, label }));

export function GuardFields({ number, to, guard, sources, errorAt, onChange, onRemove }: GuardFieldsProps) {
  const isCounted = guard.kind === "evaluations";
  const at = (...names: string[]) => names.map((name) => errorAt(`/${name}`)).find((text) => text !== undefined);
  return (
    <fieldset className={styles.guard}>
      <legend>{newRolloutWords.guard(number, newRolloutWords.kinds[guard.kind])}</legend>
      {isCounted ? (
        <>
          <Select
            label={newRolloutWords.measure}
            value={guard.measure}
            options={[
              { id: "share", label: newRolloutWords.measure_share },
              { id: "number", label: newRolloutWords.measure_number },
            ]}
            onChange={(id) => onChange({ measure: id === "number" ? id : "share" })}
            error={at("evaluations")}
          />
          <Select
            label={newRolloutWords.counted}
            value={guard.reason === "" ? "variation" : guard.reason}
            options={[
              { id: "ERROR", label: newRolloutWords.errors },
              { id: "variation", label: newRolloutWords.of_variation(to) },
            ]}
            onChange={(id) => onChange({ reason: id === "variation" ? "" : id })}
            error={at("reason", "variation")}
          />
        </>
      ) : (
        <>
          <Select
            label={newRolloutWords.source}
            value={guard.source}
            options={named(sources)}
            onChange={(source) => onChange({ source })}
            error={at("prometheus")}
          />
          <Field
            label={guard.kind === "burn" ? newRolloutWords.error_ratio : newRolloutWords.query}
            hint={guard.kind === "burn" ? newRolloutWords.error_ratio_hint : undefined}
            isCode
            rows={2}
            value={guard.expression}
            onChange={(expression) => onChange({ expression })}
            error={at("error_ratio", "query")}
          />
        </>
      )}
      <Field
        label={guard.kind === "burn" ? newRolloutWords.objective : newRolloutWords.above}
        inputMode="decimal"
        value={guard.limit}
        onChange={(limit) => onChange({ limit })}
        error={at("above", "slo")}
      />
      {guard.kind !== "burn" && (
        <Field
          label={isCounted ? newRolloutWords.window : newRolloutWords.for}
          isCode
          value={guard.window}
          onChange={(window) => onChange({ window })}
          error={at("window", "for")}
        />
      )}
      {isCounted && guard.measure === "share" && (
        <Field
          label={newRolloutWords.least}
          inputMode="numeric"
          value={guard.least}
          onChange={(least) => onChange({ least })}
          error={at("min_evaluations")}
        />
      )}
      <Select
        label={newRolloutWords.response}
        value={guard.response}
        options={responses}
        onChange={(response) => onChange({ response })}
        error={at("on_breach")}
      />
      <IconButton icon="close" label={newRolloutWords.remove_guard(number)} onPress={onRemove} />
    </fieldset>
  );
}
