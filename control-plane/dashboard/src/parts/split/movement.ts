// What a change of a split does, in words. Pure.
import {
  dealtAnew,
  isSameBucketing,
  isSplit,
  losersOf,
  type Movement,
  movementOf,
  percentOfSlots,
  planOf,
  type Serve,
  sharesOf,
} from "../../model/index";
import { splitWords } from "../../text/en/split";

const named = (name: string | null): string => name ?? splitWords.next_rule;

// Three decimals, as slots have them.
export const exactPercent = (slots: number): string => (slots / 1000).toFixed(3);

export function movementText(movement: Movement, held: readonly (string | null)[]): string {
  if (movement.moved === 0) return splitWords.nobody_moves;
  const [first] = movement.moves;
  const parts =
    movement.moves.length === 1 && first
      ? [splitWords.move(named(first.from), named(first.to))]
      : movement.moves.map(({ from, to, slots }) =>
          splitWords.move_part(percentOfSlots(slots), named(from), named(to)),
        );
  const losers = new Set(losersOf(movement));
  const keepers = held.filter((name) => name !== null && !losers.has(name)).map(named);
  const moves = splitWords.moves(exactPercent(movement.moved), parts);
  return keepers.length === 0 ? moves : `${moves} ${splitWords.nobody_loses(keepers)}`;
}

export interface ServeMove {
  text: string;
  moved: number; // slots; of those dealt anew, expected
  isAnew: boolean;
}

// From what is published to what the draft has; undefined where both serve the same.
export function serveMove(before: Serve, after: Serve, inRule: boolean, salt: string): ServeMove | undefined {
  const [old, now] = [planOf(before, inRule), planOf(after, inRule)];
  if (isSplit(before) && isSplit(after) && !isSameBucketing(before.split, after.split, salt)) {
    const moved = dealtAnew(old, now);
    return { text: splitWords.anew(exactPercent(moved)), moved, isAnew: true };
  }
  const movement = movementOf(old, now);
  if (movement.moved === 0) return undefined;
  return { text: movementText(movement, [...sharesOf(old).keys()]), moved: movement.moved, isAnew: false };
}
