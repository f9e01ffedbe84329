import type { Sentence } from "../model";
import { Link } from "./Link";
import styles from "./Said.module.css";

interface SaidProps {
  sentence: Sentence;
  linkOf?: (kind: string, text: string) => string | undefined;
}

// A sentence of the model: names and values are set apart, and lead to what they name where there is a page of it.
export function Said({ sentence, linkOf }: SaidProps) {
  return (
    <span>
      {sentence.map((part, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: parts have nothing but their place
        <Piece key={i} part={part} to={linkOf?.(part.kind, part.text)} />
      ))}
    </span>
  );
}

function Piece({ part, to }: { part: Sentence[number]; to: string | undefined }) {
  if (part.kind === "text") return part.text;
  const inside = part.kind === "person" ? <strong>{part.text}</strong> : <code>{part.text}</code>;
  if (!to) return inside;
  return (
    <Link to={to} className={styles.link}>
      {inside}
    </Link>
  );
}
