import { type ReactNode, useEffect } from "react";
import { words } from "../text/en";
import styles from "./PageHead.module.css";

interface PageHeadProps {
  title: string;
  detail?: ReactNode;
  actions?: ReactNode;
  mark?: ReactNode; // beside the title
  documentTitle?: string;
}

// The head of a page, which also names the browser's tab.
export function PageHead({ title, detail, actions, mark, documentTitle }: PageHeadProps) {
  useEffect(() => {
    document.title = `${documentTitle ?? title} · ${words.product}`;
  }, [title, documentTitle]);
  return (
    <header className={styles.head}>
      <div className={styles.words}>
        <h1>
          {title}
          {mark && <span className={styles.mark}>{mark}</span>}
        </h1>
        {detail && <p className={styles.detail}>{detail}</p>}
      </div>
      {actions && <div className={styles.actions}>{actions}</div>}
    </header>
  );
}

// The body of a page that is read, not filled by a list.
export function PageBody({ children, isNarrow = false }: { children: ReactNode; isNarrow?: boolean }) {
  return (
    <div className={styles.body} data-narrow={isNarrow || undefined}>
      {children}
    </div>
  );
}

export function Section({
  title,
  detail,
  actions,
  children,
}: Omit<PageHeadProps, "mark" | "documentTitle"> & { children: ReactNode }) {
  return (
    <section className={styles.section}>
      <div className={styles.sectionHead}>
        <div>
          <h2>{title}</h2>
          {detail && <p className={styles.detail}>{detail}</p>}
        </div>
        {actions && <div className={styles.actions}>{actions}</div>}
      </div>
      {children}
    </section>
  );
}

// What is filled in, on a page that is wider than a form should be.
export const Narrow = ({ children }: { children: ReactNode }) => <div className={styles.narrow}>{children}</div>;

// Things of one kind, one line each.
export function Lines({ label, children }: { label: string; children: ReactNode }) {
  return (
    <ul aria-label={label} className={styles.lines}>
      {children}
    </ul>
  );
}

export function Line({ children, end }: { children: ReactNode; end?: ReactNode }) {
  return (
    <li className={styles.line}>
      <div className={styles.lineText}>{children}</div>
      {end && <div className={styles.actions}>{end}</div>}
    </li>
  );
}

export const Muted = ({ children }: { children: ReactNode }) => <span className={styles.muted}>{children}</span>;

export const Buttons = ({ children }: { children: ReactNode }) => <div className={styles.actions}>{children}</div>;
