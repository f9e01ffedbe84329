// What a serve is while it is edited, and the instruction that makes it so. Pure.
import {
  type ConfigInstruction,
  type Field,
  type FieldError,
  type Hash,
  isNumber,
  isSplit,
  newRanges,
  numberOf,
  percentOfSlots,
  planOf,
  type Serve,
  type ServeInput,
  sharesOf,
  slotsOfPercent,
  spellingOf,
  type Variation,
  type WeightedSplit,
} from "../../model/index";
import { splitWords } from "../../text/en/split";

export interface Bucketing {
  by?: string;
  salt?: string;
  hash?: Hash;
}

// A field for each variation, and one for what goes on to the next rule where there is such a share.
export function fieldsOf(
  serve: Serve,
  variations: readonly Variation[],
  inRule: boolean,
  locked: ReadonlySet<string | null>,
): Field[] {
  const plan = planOf(serve, inRule);
  const shares = sharesOf(plan);
  const names: (string | null)[] = variations.map(({ key }) => key);
  if (shares.has(null) || (inRule && isSplit(serve) && serve.split.otherwise === "next")) names.push(null);
  return names.map((name) => ({ name, slots: shares.get(name) ?? 0, isLocked: locked.has(name) }));
}

export const fieldErrors: Record<FieldError, string> = {
  not_a_percentage: splitWords.wrong,
  no_such_field: splitWords.no_such_field,
  locked_sum: splitWords.locked,
};

// Whoever has the remainder now keeps having it, so that few ranges are stored.
function remainderOf(serve: Serve, fields: readonly Field[]): string | undefined {
  if (!isSplit(serve)) return serve.variation;
  if (serve.split.otherwise !== undefined) return serve.split.otherwise;
  return fields.some((field) => field.name === null) ? "next" : undefined;
}

export function splitInput(serve: Serve, fields: readonly Field[], bucketing: Bucketing = {}): WeightedSplit {
  const otherwise = remainderOf(serve, fields);
  const held = isSplit(serve) ? serve.split : {};
  const { by, salt, hash } = { ...held, ...bucketing } as Bucketing;
  return {
    ...(by ? { by } : {}),
    ...(salt ? { salt } : {}),
    ...(hash ? { hash } : {}),
    weights: fields
      .filter(({ name, slots }) => name !== null && name !== otherwise && slots > 0)
      .map(({ name, slots }) => ({ variation: name as string, weight: numberOf(percentOfSlots(slots)) })),
    ...(otherwise === undefined ? {} : { otherwise }),
  };
}

// The same as it would be stored, where nothing was served before.
export function servedBy(input: ServeInput): Serve {
  if (!("split" in input)) return input;
  if ("ranges" in input.split) return { split: input.split };
  const { weights, otherwise, ...rest } = input.split;
  const shares = weights.flatMap(({ variation, weight }) => {
    const slots = isNumber(weight) ? slotsOfPercent(spellingOf(weight)) : undefined;
    return slots === undefined ? [] : [{ variation, slots }];
  });
  const ranges = newRanges(null, shares, otherwise === undefined || otherwise === "next" ? null : otherwise);
  return { split: { ...rest, ranges, ...(otherwise === undefined ? {} : { otherwise }) } };
}

// `rule` undefined: everyone else.
export function serveInstruction(rule: string | undefined, serve: ServeInput): ConfigInstruction {
  if (rule !== undefined) return { kind: "replace_rule", rule, serve };
  return "split" in serve
    ? { kind: "set_fallthrough", split: serve.split }
    : { kind: "set_fallthrough", variation: serve.variation };
}
