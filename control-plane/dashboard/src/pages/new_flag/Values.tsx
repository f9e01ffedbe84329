import type { FlagType } from "../../model/index";
import { Buttons } from "../../parts/PageHead";
import { ValueField } from "../../parts/variations/ValueField";
import { emptyVariation, type NewVariation } from "../../parts/variations/values";
import { words } from "../../text/en";
import { definitionWords } from "../../text/en/definition";
import { Button, IconButton } from "../../ui/Button";
import { Field, FormError } from "../../ui/Field";
import styles from "./NewFlag.module.css";

interface ValuesProps {
  type: FlagType;
  rows: readonly NewVariation[];
  onChange: (rows: NewVariation[]) => void;
  isTried: boolean; // then what is missing is said
  at: (pointer: string) => string | undefined; // what the server says of a row
  error?: string | undefined;
}

export function Values({ type, rows, onChange, isTried, at, error }: ValuesProps) {
  const set = (id: number, changes: Partial<NewVariation>) =>
    onChange(rows.map((row) => (row.id === id ? { ...row, ...changes } : row)));
  return (
    <fieldset className={styles.values}>
      <legend>{definitionWords.variations}</legend>
      {rows.map((row, i) => (
        <div key={row.id} className={styles.value}>
          <Field
            label={definitionWords.key}
            isCode
            value={row.key}
            onChange={(key) => set(row.id, { key })}
            error={at(`/variations/${i}/key`)}
          />
          <ValueField
            type={type}
            label={definitionWords.value}
            text={row.text}
            onChange={(text) => set(row.id, { text })}
            error={
              at(`/variations/${i}/value`) ??
              (isTried && row.key !== "" && row.text === "" && type !== "string"
                ? definitionWords.value_missing
                : undefined)
            }
          />
          <IconButton
            icon="close"
            label={words.remove_named(row.key)}
            isDisabled={rows.length === 1}
            onPress={() => onChange(rows.filter((other) => other.id !== row.id))}
          />
        </div>
      ))}
      {error && <FormError>{error}</FormError>}
      <Buttons>
        <Button icon="add" onPress={() => onChange([...rows, emptyVariation()])}>
          {definitionWords.add}
        </Button>
      </Buttons>
    </fieldset>
  );
}
