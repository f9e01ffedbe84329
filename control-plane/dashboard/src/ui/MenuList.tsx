import type { ReactElement, RefObject } from "react";
import { Menu as AriaMenu, Header, MenuItem, MenuSection, Popover, Separator } from "react-aria-components";
import { Icon } from "./Icon";
import type { Action, Begin, MenuContent } from "./Menu";
import styles from "./Overlay.module.css";

interface MenuListProps extends MenuContent {
  id: string;
  begin: Begin;
  button: RefObject<HTMLElement | null>; // that it stands at
  popover: RefObject<HTMLElement | null>;
  onClose: () => void;
}

export default function MenuList(props: MenuListProps) {
  const { id, label, groups, header, selected, selection = "single", begin, button, popover, onClose } = props;
  return (
    <Popover
      ref={popover}
      triggerRef={button}
      isOpen
      onOpenChange={onClose}
      aria-label={label}
      className={styles.popover ?? ""}
      placement="bottom end"
    >
      {header && <div className={styles.heading}>{header}</div>}
      <AriaMenu
        id={id}
        aria-label={label}
        autoFocus={begin === "none" || begin}
        onClose={onClose}
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
