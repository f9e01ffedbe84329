import { Label, Radio, RadioGroup } from "react-aria-components";
import styles from "./Field.module.css";

interface ChoiceProps<T extends string> {
  label: string;
  value: T;
  options: readonly { id: T; label: string }[];
  onChange: (value: T) => void;
  isLabelHidden?: boolean;
  isDisabled?: boolean;
}

// A few values, all of them seen.
export function Choice<T extends string>(props: ChoiceProps<T>) {
  const { label, value, options, onChange, isLabelHidden, isDisabled = false } = props;
  return (
    <RadioGroup
      className={styles.radios ?? ""}
      value={value}
      isDisabled={isDisabled}
      onChange={(next) => onChange(next as T)}
      orientation="horizontal"
    >
      <Label className={isLabelHidden ? "visually-hidden" : styles.label}>{label}</Label>
      <div className={styles.choices}>
        {options.map((option) => (
          <Radio key={option.id} value={option.id} className={styles.choice ?? ""}>
            {option.label}
          </Radio>
        ))}
      </div>
    </RadioGroup>
  );
}
