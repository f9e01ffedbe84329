import { useState } from "react";
import { Button as AriaButton } from "react-aria-components";
import { words } from "../text/en";
import styles from "./CopyText.module.css";
import { Icon } from "./Icon";

// A key, a command, an id: one press copies it.
export function CopyText({ text, isBlock = false, shown }: { text: string; isBlock?: boolean; shown?: string }) {
  const [isCopied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
  };
  return (
    <span className={isBlock ? styles.block : styles.line}>
      {/* A line of a block is as long as it is: it is scrolled, by keys too. */}
      <code className={styles.text} {...(isBlock ? { tabIndex: 0 } : {})}>
        {shown ?? text}
      </code>
      <AriaButton
        className={styles.button ?? ""}
        aria-label={isCopied ? words.copied : `${words.copy} ${isBlock ? "" : text}`.trim()}
        onPress={copy}
        onBlur={() => setCopied(false)}
      >
        <Icon name={isCopied ? "check" : "copy"} />
      </AriaButton>
    </span>
  );
}
