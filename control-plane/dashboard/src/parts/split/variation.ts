// The colour of a flag's variation, the same everywhere: by its place, a false boolean as off.
import type { Variation } from "../../model/index";

const colours = 8;

export function colourOf(variations: readonly Variation[], key: string | null): string {
  if (key === null) return "var(--edge)";
  const at = variations.findIndex((variation) => variation.key === key);
  if (variations[at]?.value === false) return "var(--off)";
  return at < 0 ? "var(--muted)" : `var(--variation-${(at % colours) + 1})`;
}

// From the ninth on, a colour comes again, with a pattern.
export const isPatterned = (variations: readonly Variation[], key: string | null): boolean =>
  key !== null && variations.findIndex((variation) => variation.key === key) >= colours;
