// Percent fields that always add up to 100 %: what one gains, the unlocked others lose in proportion.

import { limits } from "./config";
import { slotsOfInput } from "./percent";

/** `name` null is the remainder's field, which goes on to the next rule. */
export type Field = { readonly name: string | null; readonly slots: number; readonly isLocked: boolean };

export type FieldError = "not_a_percentage" | "no_such_field" | "locked_sum";

/**
 * Fields with `name` set to `slots`. It is bounded by what the locked fields leave; if all others
 * are locked, nothing can change. The sum stays 100,000.
 */
export function setField(fields: readonly Field[], name: string | null, slots: number): Field[] {
  const others = fields.filter((field) => field.name !== name && !field.isLocked);
  const locked = fields.reduce((sum, field) => sum + (field.name !== name && field.isLocked ? field.slots : 0), 0);
  const room = limits.slots - locked;
  const own = others.length === 0 ? room : Math.max(0, Math.min(slots, room));
  const shared = share(
    others.map((field) => field.slots),
    room - own,
  );
  const given = new Map(others.map((field, i) => [field.name, shared[i] ?? 0]));
  return fields.map((field) => ({
    ...field,
    slots: field.name === name ? own : (given.get(field.name) ?? field.slots),
  }));
}

/** The same from what was typed, "12.5 %". */
export function typeField(fields: readonly Field[], name: string | null, text: string): Field[] | FieldError {
  const slots = slotsOfInput(text);
  if (slots === undefined) return "not_a_percentage";
  if (!fields.some((field) => field.name === name)) return "no_such_field";
  const set = setField(fields, name, slots);
  return set.find((field) => field.name === name)?.slots === slots ? set : "locked_sum";
}

export function lockField(fields: readonly Field[], name: string | null, isLocked: boolean): Field[] {
  return fields.map((field) => (field.name === name ? { ...field, isLocked } : field));
}

/** Gives each unlocked field the same; the first ones get what is left over, a slot each. */
export function shareEqually(fields: readonly Field[]): Field[] {
  const room = fields.reduce((left, field) => left - (field.isLocked ? field.slots : 0), limits.slots);
  const shared = share(
    fields.filter((field) => !field.isLocked).map(() => 1),
    room,
  );
  let next = 0;
  return fields.map((field) => {
    if (field.isLocked) return field;
    next += 1;
    return { ...field, slots: shared[next - 1] ?? 0 };
  });
}

// Divides `total` in proportion to `weights` (equally if all are 0), by largest remainders.
function share(weights: readonly number[], total: number): number[] {
  const sum = weights.reduce((a, b) => a + b, 0);
  const exact = weights.map((weight) => (sum === 0 ? total / weights.length : (total * weight) / sum));
  const given = exact.map(Math.floor);
  const byRemainder = exact
    .map((value, i) => ({ i, rest: value - Math.floor(value) }))
    .sort((a, b) => b.rest - a.rest || a.i - b.i);
  let left = total - given.reduce((a, b) => a + b, 0);
  for (const { i } of byRemainder) {
    if (left <= 0) break;
    given[i] = (given[i] ?? 0) + 1;
    left -= 1;
  }
  return given;
}
