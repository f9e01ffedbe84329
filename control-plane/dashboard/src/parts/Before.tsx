import { type ReactNode, useEffect } from "react";
import { words } from "../text/en";
import { Pennant } from "../ui/Pennant";
import styles from "./Before.module.css";

interface BeforeProps {
  title: string;
  detail?: ReactNode;
  isWide?: boolean;
  children: ReactNode;
}

// What the pages before signing in have around them.
export function Before({ title, detail, isWide = false, children }: BeforeProps) {
  useEffect(() => {
    document.title = `${title} · ${words.product}`;
  }, [title]);
  return (
    <main className={styles.before}>
      <div className={styles.column} data-wide={isWide || undefined}>
        <div className={styles.brand}>
          <Pennant kind="on" />
          {words.product}
        </div>
        <h1>{title}</h1>
        {detail && <p className={styles.detail}>{detail}</p>}
        {children}
      </div>
    </main>
  );
}
