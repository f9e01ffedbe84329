// Percentages with at most three decimals, held as slots of 0.001 %. As common/model/percent.cpp.

import { limits } from "./config";

const form = /^(0|[1-9][0-9]*)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]+))?$/;
const decimals = 3;
const maxDigits = 6;
const maxExponent = 100;

/**
 * The slots of a percentage as JSON spells numbers: "12.5" is 12,500. Undefined where the text is no
 * number from 0 to 100, or has a fourth decimal that is not zero.
 */
export function slotsOfPercent(text: string): number | undefined {
  const [, whole, fraction = "", exponent = "0"] = form.exec(text) ?? [];
  if (whole === undefined || Math.abs(Number(exponent)) > maxExponent) return undefined;
  const digits = (whole + fraction).replace(/^0+/, "");
  const significant = digits.replace(/0+$/, "");
  if (significant === "") return 0;
  const power = digits.length - significant.length - fraction.length + Number(exponent) + decimals;
  if (significant.length > maxDigits || power < 0 || power >= maxDigits) return undefined;
  const slots = Number(significant) * 10 ** power;
  return slots <= limits.slots ? slots : undefined;
}

/** "12.5", "0.001", "100": without zeros at the end. Also of more than 100 %. */
export function percentOfSlots(slots: number): string {
  const thousandths = String(1000 + (slots % 1000))
    .slice(1)
    .replace(/0+$/, "");
  const whole = String(Math.floor(slots / 1000));
  return thousandths === "" ? whole : `${whole}.${thousandths}`;
}

/** What people type into a percent field: a decimal comma, a sign and spaces are taken too. */
export function slotsOfInput(text: string): number | undefined {
  return slotsOfPercent(text.trim().replace(/\s*%$/, "").replace(",", ".").replace(/^\./, "0.").replace(/\.$/, ""));
}
