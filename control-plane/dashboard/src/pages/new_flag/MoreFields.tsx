import type { NewFlag } from "../../api/queries/flags";
import { newFlagWords } from "../../text/en/code";
import { definitionWords as words } from "../../text/en/definition";
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
          label={words.description}
          rows={2}
          value={flag.description ?? ""}
          onChange={(description) => onChange({ description })}
          error={at("/description")}
        />
        <Tokens
          label={words.tags}
          values={flag.tags ?? []}
          onChange={(tags) => onChange({ tags })}
          error={at("/tags")}
        />
        <Field
          label={words.owner}
          hint={words.owner_hint}
          value={flag.owner ?? ""}
          onChange={(owner) => onChange({ owner })}
          error={at("/owner")}
        />
        <Select
          label={words.lifetime}
          value={flag.lifetime ?? "none"}
          options={lifetimes.map((id) => ({ id, label: words.lifetimes[id] }))}
          onChange={(id) => onChange({ lifetime: (id === "none" ? null : id) as never })}
          error={at("/lifetime")}
        />
        <Switch isOn={flag.client ?? false} onChange={(client) => onChange({ client })}>
          {words.client}
        </Switch>
      </div>
    </details>
  );
}
