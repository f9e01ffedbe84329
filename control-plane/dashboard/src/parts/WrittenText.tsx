import { linkedText } from "../model/index";
import styles from "./WrittenText.module.css";

// What somebody has written about a thing: its lines, and links to the addresses in it, which learn nothing of this page.
export function WrittenText({ text }: { text: string }) {
  return (
    <p dir="auto" className={styles.text}>
      {linkedText(text).map(({ text: shown, href }, i) =>
        href === undefined ? (
          shown
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: parts have nothing but their place
          <a key={i} href={href} target="_blank" rel="noopener noreferrer">
            {shown}
          </a>
        ),
      )}
    </p>
  );
}
