import type { ReactNode } from "react";
import { Button as AriaButton, type ButtonProps as AriaProps } from "react-aria-components";
import styles from "./Button.module.css";
import { Icon, type IconName } from "./Icon";
import { Tooltip } from "./Tooltip";

export interface ButtonProps
  extends Pick<AriaProps, "onPress" | "isDisabled" | "isPending" | "type" | "autoFocus" | "slot"> {
  children: ReactNode;
  kind?: "primary" | "plain" | "quiet" | "danger";
  icon?: IconName;
  keys?: string | undefined; // that do the same, shown on the button
  describedBy?: string;
  isExpanded?: boolean; // of what it shows and hides
}

export function Button({ children, kind = "plain", icon, keys, describedBy, isExpanded, ...rest }: ButtonProps) {
  return (
    <AriaButton
      {...rest}
      className={`${styles.button} ${styles[kind]}`}
      {...(describedBy ? { "aria-describedby": describedBy } : {})}
      {...(isExpanded === undefined ? {} : { "aria-expanded": isExpanded })}
    >
      {icon && <Icon name={icon} />}
      <span>{children}</span>
      {keys && <kbd className={styles.keys}>{keys}</kbd>}
    </AriaButton>
  );
}

export interface IconButtonProps extends Pick<AriaProps, "onPress" | "isDisabled" | "slot"> {
  icon: IconName;
  label: string;
  isPressed?: boolean;
}

export function IconButton({ icon, label, isPressed, ...rest }: IconButtonProps) {
  return (
    <Tooltip text={label}>
      <AriaButton
        {...rest}
        aria-label={label}
        className={`${styles.button} ${styles.quiet} ${styles.only}`}
        {...(isPressed === undefined ? {} : { "aria-pressed": isPressed })}
      >
        <Icon name={icon} />
      </AriaButton>
    </Tooltip>
  );
}
