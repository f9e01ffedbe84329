// The colour of a flag's variation, the same everywhere: by its place, a false boolean as off.
import type { Variation } from "../../model/index";

const colours = 8;

// From 1 in the order of the variations, 0 for off; undefined for what the flag does not have.
export function colourNumber(variations: readonly Variation[], key: string): number | undefined {
  const at = variations.findIndex((variation) => variation.key === key);
  if (at < 0) return undefined;
  return variations[at]?.value === false ? 0 : at + 1;
}

export function colourOf(variations: readonly Variation[], key: string | null): string {
  if (key === null) return "var(--edge)";
  const number = colourNumber(variations, key);
  if (number === undefined) return "var(--muted)";
  return number === 0 ? "var(--off)" : `var(--variation-${((number - 1) % colours) + 1})`;
}

// From the ninth on, a colour comes again, with a pattern.
export const isPatterned = (variations: readonly Variation[], key: string | null): boolean =>
  key !== null && variations.findIndex((variation) => variation.key === key) >= colours;
