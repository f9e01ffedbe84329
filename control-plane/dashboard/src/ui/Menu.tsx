import type { ReactElement, ReactNode } from "react";
import {
  Menu as AriaMenu,
  Header,
  MenuItem,
  MenuSection,
  MenuTrigger,
  Popover,
  Separator,
} from "react-aria-components";
import { Icon, type IconName } from "./Icon";
import styles from "./Overlay.module.css";

export interface Action {
  id: string;
  label: string;
  detail?: string; // keys, or what it is now
  icon?: IconName;
  href?: string;
  onAction?: () => void;
  isDanger?: boolean;
  isDisabled?: boolean;
}

export interface ActionGroup {
  id: string;
  title?: string;
  actions: readonly Action[];
}

export interface MenuProps {
  trigger: ReactElement; // a button
  label: string;
  groups: readonly ActionGroup[];
  header?: ReactNode;
  selected?: Iterable<string>; // with it, each action is a choice that is marked
  selection?: "single" | "multiple";
}

export function Menu({ trigger, label, groups, header, selected, selection = "single" }: MenuProps) {
  return (
    <MenuTrigger>
      {trigger}
      <Popover className={styles.popover ?? ""} placement="bottom end">
        {header && <div className={styles.heading}>{header}</div>}
        <AriaMenu
          aria-label={label}
          className={styles.list ?? ""}
          {...(selected ? { selectionMode: selection, selectedKeys: selected } : {})}
        >
          {groups.map((group, i) => (
            <MenuSection key={group.id} id={`group:${group.id}`} aria-label={group.title ?? label}>
              {i > 0 && <Separator className={styles.line ?? ""} />}
              {group.title && <Header className={styles.heading}>{group.title}</Header>}
              {group.actions.map((action) => item(action, selected !== undefined))}
            </MenuSection>
          ))}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  );
}

function item(action: Action, isChoice: boolean): ReactElement {
  return (
    <MenuItem
      key={action.id}
      id={action.id}
      textValue={action.label}
      className={`${styles.item} ${action.isDanger ? styles.danger : ""}`}
      isDisabled={action.isDisabled ?? false}
      {...(action.href ? { href: action.href } : {})}
      {...(action.onAction ? { onAction: action.onAction } : {})}
    >
      {({ isSelected }) => (
        <>
          {isChoice && <span className={styles.mark}>{isSelected && <Icon name="check" />}</span>}
          {action.icon && <Icon name={action.icon} />}
          <span>{action.label}</span>
          {action.detail && <span className={styles.detail}>{action.detail}</span>}
        </>
      )}
    </MenuItem>
  );
}
