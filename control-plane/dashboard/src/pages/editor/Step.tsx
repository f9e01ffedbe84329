import { type ReactNode, useEffect, useRef } from "react";
import type { Warning } from "../../api/queries/exact";
import { impactWords } from "../../text/en/impact";
import { Icon } from "../../ui/Icon";
import { Hint } from "../../ui/Tooltip";
import styles from "./Editor.module.css";
import type { Editing, StepId } from "./editing";

interface StepProps {
  id: StepId;
  title: string;
  editing: Editing;
  isOpen: boolean; // the address names it
  warnings?: readonly Warning[];
  actions?: ReactNode;
  children: ReactNode;
}

// One station of the line along which a flag is evaluated.
export function Step({ id, title, editing, isOpen, warnings = [], actions, children }: StepProps) {
  const section = useRef<HTMLElement>(null);
  useEffect(() => {
    if (isOpen) section.current?.scrollIntoView({ block: "nearest" });
  }, [isOpen]);
  return (
    <section
      ref={section}
      id={`step-${id}`}
      aria-label={title}
      className={styles.step}
      data-lit={editing.lit === id || undefined}
    >
      <div className={styles.stepHead}>
        <h2>{title}</h2>
        <EndsHere editing={editing} step={id} />
        {actions && <div className={styles.stepActions}>{actions}</div>}
      </div>
      <WarningList warnings={warnings} />
      {children}
    </section>
  );
}

// How many evaluations ended at a station, where that was counted.
export function EndsHere({ editing: { counts }, step }: { editing: Editing; step: string }) {
  const ended = counts?.at.get(step);
  if (!counts || ended === undefined) return null;
  return (
    <Hint text={impactWords.ends_here_detail(ended, counts.of)} className={styles.ends}>
      {impactWords.ends_here(ended, counts.of)}
    </Hint>
  );
}

interface WarningListProps {
  warnings: readonly Warning[];
  actionFor?: (warning: Warning) => ReactNode;
}

export function WarningList({ warnings, actionFor }: WarningListProps) {
  return warnings.map((warning) => (
    <div key={`${warning.pointer} ${warning.code}`} className={styles.warning}>
      <Icon name="warning" />
      <p>{warning.detail}</p>
      {actionFor?.(warning)}
    </div>
  ));
}
