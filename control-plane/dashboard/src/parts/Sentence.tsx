import type { Sentence as Parts } from "../model/index";
import styles from "./Sentence.module.css";

// A sentence of the model; what is set apart in it is set apart here.
export function Sentence({ parts }: { parts: Parts }) {
  return (
    <span>
      {parts.map((part, i) =>
        part.kind === "text" ? (
          part.text
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: parts have nothing but their place
          <span key={i} className={`${styles.mark} ${styles[part.kind] ?? ""}`}>
            <bdi>{part.text}</bdi>
          </span>
        ),
      )}
    </span>
  );
}
