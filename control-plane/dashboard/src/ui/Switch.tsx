import type { ReactNode } from "react";
import { Checkbox as AriaCheckbox, Switch as AriaSwitch, Label, Radio, RadioGroup } from "react-aria-components";
import styles from "./Field.module.css";
import { Icon } from "./Icon";

interface OnOff {
  isOn: boolean;
  onChange: (isOn: boolean) => void;
  children?: ReactNode;
  label?: string; // where there is no text beside it
  isDisabled?: boolean;
}

export function Switch({ isOn, onChange, children, label, isDisabled = false }: OnOff) {
  const named = label ? { "aria-label": label } : {};
  return (
    <AriaSwitch
      className={styles.switch ?? ""}
      isSelected={isOn}
      onChange={onChange}
      isDisabled={isDisabled}
      {...named}
    >
      <span className={styles.track} />
      {children}
    </AriaSwitch>
  );
}

export function Checkbox({
  isOn,
  onChange,
  children,
  label,
  isDisabled = false,
  isSome = false,
}: OnOff & { isSome?: boolean }) {
  const named = label ? { "aria-label": label } : {};
  return (
    <AriaCheckbox
      className={styles.check ?? ""}
      isSelected={isOn}
      isIndeterminate={isSome}
      onChange={onChange}
      isDisabled={isDisabled}
      {...named}
    >
      <span className={styles.square}>{(isOn || isSome) && <Icon name="check" />}</span>
      {children}
    </AriaCheckbox>
  );
}

interface ChoiceProps<T extends string> {
  label: string;
  value: T;
  options: readonly { id: T; label: string }[];
  onChange: (value: T) => void;
}

// A few values, all of them seen.
export function Choice<T extends string>({ label, value, options, onChange }: ChoiceProps<T>) {
  return (
    <RadioGroup
      className={styles.radios ?? ""}
      value={value}
      onChange={(next) => onChange(next as T)}
      orientation="horizontal"
    >
      <Label className={styles.label}>{label}</Label>
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
