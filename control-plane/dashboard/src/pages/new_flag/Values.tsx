import { Buttons, Muted } from "../../parts/PageHead";
import { words } from "../../text/en";
import { newFlagWords } from "../../text/en/code";
import { Button, IconButton } from "../../ui/Button";
import { Field, FormError } from "../../ui/Field";
import styles from "./NewFlag.module.css";
import { emptyRow, type FlagType, faultOf, type ValueRow } from "./values";

interface ValuesProps {
  type: FlagType;
  rows: readonly ValueRow[];
  onChange: (rows: ValueRow[]) => void;
  error?: string | undefined;
}

const faultWords = { number: newFlagWords.number_bad, json: newFlagWords.value_bad };

export function Values({ type, rows, onChange, error }: ValuesProps) {
  const set = (id: number, changes: Partial<ValueRow>) =>
    onChange(rows.map((row) => (row.id === id ? { ...row, ...changes } : row)));
  return (
    <fieldset className={styles.values}>
      <legend>{newFlagWords.values}</legend>
      {rows.map((row) => {
        const fault = row.text === "" ? undefined : faultOf(type, row.text);
        return (
          <div key={row.id} className={styles.value}>
            <Field label={newFlagWords.value_key} isCode value={row.key} onChange={(key) => set(row.id, { key })} />
            <Field
              label={newFlagWords.value}
              isCode
              value={row.text}
              onChange={(text) => set(row.id, { text })}
              error={fault && faultWords[fault]}
              {...(type === "json" ? { rows: 3 } : {})}
            />
            {rows.length > 1 && (
              <IconButton
                icon="close"
                label={words.remove_named(row.key)}
                onPress={() => onChange(rows.filter((other) => other.id !== row.id))}
              />
            )}
          </div>
        );
      })}
      {error && <FormError>{error}</FormError>}
      <Buttons>
        <Button icon="add" onPress={() => onChange([...rows, emptyRow()])}>
          {newFlagWords.value_add}
        </Button>
        <Muted>{type}</Muted>
      </Buttons>
    </fieldset>
  );
}
