import type { ReactNode } from "react";
import { words } from "../../text/en";
import { Pennant } from "../../ui/Pennant";
import styles from "./SignIn.module.css";

// What the pages before signing in have around them.
export function Before({ title, detail, children }: { title: string; detail?: ReactNode; children: ReactNode }) {
  return (
    <main className={styles.before}>
      <div className={styles.column}>
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
