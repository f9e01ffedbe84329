import type { ReactNode } from "react";
import { Disclosure as AriaDisclosure, Button, DisclosurePanel } from "react-aria-components";
import styles from "./Disclosure.module.css";
import { Icon } from "./Icon";

interface DisclosureProps {
  title: string;
  children: ReactNode;
  isOpen?: boolean; // at first
}

// What is needed seldom, one press away.
export function Disclosure({ title, children, isOpen = false }: DisclosureProps) {
  return (
    <AriaDisclosure defaultExpanded={isOpen} className={styles.disclosure ?? ""}>
      <Button slot="trigger" className={styles.button ?? ""}>
        <Icon name="forward" />
        {title}
      </Button>
      <DisclosurePanel className={styles.panel ?? ""}>{children}</DisclosurePanel>
    </AriaDisclosure>
  );
}
