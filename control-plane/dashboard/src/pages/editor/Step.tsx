import { type ReactNode, useEffect, useRef } from "react";
import type { Warning } from "../../api/queries/exact";
import { Icon } from "../../ui/Icon";
import styles from "./Editor.module.css";
import type { StepId } from "./editing";

interface StepProps {
  id: StepId;
  title: string;
  isLit: boolean;
  isOpen: boolean; // the address names it
  warnings?: readonly Warning[];
  actions?: ReactNode;
  children: ReactNode;
}

// One station of the line along which a flag is evaluated.
export function Step({ id, title, isLit, isOpen, warnings = [], actions, children }: StepProps) {
  const section = useRef<HTMLElement>(null);
  useEffect(() => {
    if (isOpen) section.current?.scrollIntoView({ block: "nearest" });
  }, [isOpen]);
  return (
    <section ref={section} id={`step-${id}`} aria-label={title} className={styles.step} data-lit={isLit || undefined}>
      <div className={styles.stepHead}>
        <h2>{title}</h2>
        {actions}
      </div>
      <WarningList warnings={warnings} />
      {children}
    </section>
  );
}

export function WarningList({ warnings }: { warnings: readonly Warning[] }) {
  return warnings.map((warning) => (
    <p key={`${warning.pointer} ${warning.code}`} className={styles.warning}>
      <Icon name="warning" />
      <span>{warning.detail}</span>
    </p>
  ));
}
