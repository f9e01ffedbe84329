import type { ReactNode } from "react";
import { Checkbox as AriaCheckbox, Switch as AriaSwitch } from "react-aria-components";
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
      <span className={styles.square}>{(isOn || isSome) && <Icon name={isSome ? "minus" : "check"} />}</span>
      {children}
    </AriaCheckbox>
  );
}
