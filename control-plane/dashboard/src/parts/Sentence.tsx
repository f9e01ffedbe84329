import type { Part, Sentence as Parts } from "../model/index";
import { Link } from "./Link";
import styles from "./Sentence.module.css";

interface SentenceProps {
  parts: Parts;
  linkOf?: (part: Part) => string | undefined; // the page of what is named, where there is one
}

// A sentence of the model; what is set apart in it is set apart here.
export function Sentence({ parts, linkOf }: SentenceProps) {
  return (
    <span>
      {parts.map((part, i) =>
        part.kind === "text" ? (
          part.text
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: parts have nothing but their place
          <Named key={i} part={part} to={linkOf?.(part)} />
        ),
      )}
    </span>
  );
}

function Named({ part, to }: { part: Part; to: string | undefined }) {
  const name = (
    <span className={`${styles.mark} ${styles[part.kind] ?? ""}`}>
      <bdi>{part.text}</bdi>
    </span>
  );
  if (to === undefined) return name;
  return (
    <Link to={to} className={styles.link}>
      {name}
    </Link>
  );
}
