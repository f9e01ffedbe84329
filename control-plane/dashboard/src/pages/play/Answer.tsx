import { Swatch } from "../../ui/Swatch";

// The number of a variation's colour; undefined is the caller's own default, or not known.
export type ColourOf = (flag: string, variation: string | undefined) => number | undefined;

// What is served, in the colour that the variation has everywhere.
export function Answer({ text, colour }: { text: string; colour: number | undefined }) {
  return (
    <>
      {colour !== undefined && <Swatch colour={colour} />}
      <code>{text}</code>
    </>
  );
}
