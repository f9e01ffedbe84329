import { type FlagConfig, type FlagDefinition, plainText, ruleSentence } from "../../model/index";
import { newRolloutWords } from "../../text/en/new_rollout";
import { Select } from "../../ui/Select";
import type { PlanForm } from "./plan";
import styles from "./Rollouts.module.css";

interface WhatGrowsProps {
  flag: FlagDefinition;
  config: FlagConfig;
  form: PlanForm;
  errorAt: (pointer: string) => string | undefined;
  onChange: (changes: { rule?: string | undefined; from?: string | undefined; to?: string | undefined }) => void;
}

const everyone = "everyone else"; // is no id: it has a space

// Whose share grows, from which variation to which.
export function WhatGrows({ flag, config, form, errorAt, onChange }: WhatGrowsProps) {
  const variations = flag.variations.map(({ key }) => ({ id: key, label: key }));
  const rules = config.rules.map((rule, i) => ({
    id: rule.id,
    label: newRolloutWords.rule(i + 1),
    detail: plainText(ruleSentence(rule.when, rule.serve)),
  }));
  return (
    <div className={styles.fields}>
      <Select
        label={newRolloutWords.of}
        value={form.rule ?? everyone}
        options={[...rules, { id: everyone, label: newRolloutWords.everyone }]}
        onChange={(id) => onChange({ rule: id === everyone ? undefined : id, from: undefined, to: undefined })}
        error={errorAt("/rule")}
      />
      <Select
        label={newRolloutWords.from}
        value={form.from}
        options={variations}
        onChange={(from) => onChange({ from })}
        error={errorAt("/from")}
      />
      <Select
        label={newRolloutWords.to}
        value={form.to}
        options={variations}
        onChange={(to) => onChange({ to })}
        error={errorAt("/to")}
      />
    </div>
  );
}
