import styles from "./Swatch.module.css";

// The colour of a line, beside its name.
export function Swatch({ colour }: { colour: number }) {
  const name = colour === 0 ? "var(--off)" : `var(--variation-${((colour - 1) % 8) + 1})`;
  return <span aria-hidden className={styles.swatch} style={{ "--swatch": name } as object} />;
}
