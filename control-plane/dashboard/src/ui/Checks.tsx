import { Checkbox, CheckboxGroup, FieldError, Label } from "react-aria-components";
import styles from "./Field.module.css";
import { Icon } from "./Icon";

interface ChecksProps<T extends string> {
  label: string;
  options: readonly { id: T; label: string }[];
  value: readonly string[];
  onChange: (value: T[]) => void;
  error?: string | undefined;
  isReadOnly?: boolean;
}

// Any number of a few values, all of them seen.
export function Checks<T extends string>({ label, options, value, onChange, error, isReadOnly }: ChecksProps<T>) {
  return (
    <CheckboxGroup
      className={styles.radios ?? ""}
      value={[...value]}
      onChange={(next) => onChange(options.map((option) => option.id).filter((id) => next.includes(id)))}
      isReadOnly={isReadOnly ?? false}
      isInvalid={error !== undefined}
      validationBehavior="aria"
    >
      <Label className={styles.label}>{label}</Label>
      <div className={styles.checks}>
        {options.map((option) => (
          <Checkbox key={option.id} value={option.id} className={styles.check ?? ""}>
            <span className={styles.square}>{value.includes(option.id) && <Icon name="check" />}</span>
            {option.label}
          </Checkbox>
        ))}
      </div>
      <FieldError className={styles.error ?? ""}>{error}</FieldError>
    </CheckboxGroup>
  );
}
