import type { ReactNode } from "react";
import { Link } from "./Link";
import styles from "./ListPage.module.css";

// A page that a long list fills to its lower edge.
export const ListPage = ({ children }: { children: ReactNode }) => <div className={styles.page}>{children}</div>;

// What filters the list, above it.
export const ListTools = ({ children }: { children: ReactNode }) => (
  <search className={styles.tools}>{children}</search>
);

interface NameCellProps {
  to: string;
  name: string; // empty: the key stands for it
  code: string;
  isActive: boolean; // the row has the focus, or would get it
  below?: string; // instead of the key
  onIntent?: () => void; // as of a link
}

// The first cell of a row: the name, which leads to the page, over the key.
export function NameCell({ to, name, code, isActive, below, onIntent }: NameCellProps) {
  return (
    <span className={styles.name}>
      <Link to={to} isInTabOrder={isActive} className={styles.link} {...(onIntent ? { onIntent } : {})}>
        {name || code}
      </Link>
      {below === undefined ? <code>{code}</code> : <span className={styles.below}>{below}</span>}
    </span>
  );
}
