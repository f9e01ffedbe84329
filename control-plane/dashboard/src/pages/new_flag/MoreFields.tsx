import type { NewFlag } from "../../api/queries/flags";
import { newFlagWords } from "../../text/en/code";
import { Field } from "../../ui/Field";
import { Select } from "../../ui/Select";
import { Switch } from "../../ui/Switch";
import { Tokens } from "../../ui/Tokens";
import styles from "./NewFlag.module.css";

interface MoreFieldsProps {
  flag: NewFlag;
  onChange: (changes: Partial<NewFlag>) => void;
  at: (pointer: string) => string | undefined; // what the server says of a field
}

const lifetimes = ["none", "release", "experiment", "operational", "permission"] as const;

export function MoreFields({ flag, onChange, at }: MoreFieldsProps) {
  return (
    <details className={styles.more}>
      <summary>{newFlagWords.more}</summary>
      <div className={styles.more}>
        <Field
          label={newFlagWords.description}
          rows={2}
          value={flag.description ?? ""}
          onChange={(description) => onChange({ description })}
          error={at("/description")}
        />
        <Tokens
          label={newFlagWords.tags}
          values={flag.tags ?? []}
          onChange={(tags) => onChange({ tags })}
          error={at("/tags")}
        />
        <Field
          label={newFlagWords.owner}
          hint={newFlagWords.owner_hint}
          value={flag.owner ?? ""}
          onChange={(owner) => onChange({ owner })}
          error={at("/owner")}
        />
        <Select
          label={newFlagWords.lifetime}
          value={flag.lifetime ?? "none"}
          options={lifetimes.map((id) => ({ id, label: newFlagWords.lifetimes[id] }))}
          onChange={(id) => onChange({ lifetime: (id === "none" ? null : id) as never })}
          error={at("/lifetime")}
        />
        <Switch isOn={flag.client ?? false} onChange={(client) => onChange({ client })}>
          {newFlagWords.client}
        </Switch>
      </div>
    </details>
  );
}
