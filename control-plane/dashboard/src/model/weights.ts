// Splits written as percentages become ranges, as control-plane/flags/split_weights.cpp. Throws
// Refused.

import { limits, type Serve, type Split } from "./config";
import { isList, isNumber, isObject, type Json, type JsonObject, memberOf, spellingOf } from "./json";
import { percentOfSlots, slotsOfPercent } from "./percent";
import { Refused } from "./refusal";
import { isSameBucketing, planOf } from "./split";
import { layOut, type Share } from "./split_layout";

export type WeightsContext = {
  /** Of the flag. */
  readonly salt: string;
  readonly variations: readonly string[];
  /** What the rule or the fallthrough serves before; undefined: nothing. */
  readonly present: Serve | undefined;
  readonly inRule: boolean;
};

function shareOf(value: Json, place: string, variations: readonly string[]): Share {
  if (!isObject(value)) throw new Refused(place, "wrong_type", "must be an object");
  const variation = memberOf(value, "variation");
  if (variation === undefined) throw new Refused(`${place}/variation`, "missing", "`variation` is missing");
  if (typeof variation !== "string") throw new Refused(`${place}/variation`, "wrong_type", "must be a string");
  if (!variations.includes(variation))
    throw new Refused(`${place}/variation`, "unknown_reference", `there is no variation \`${variation}\``);
  const weight = memberOf(value, "weight");
  if (weight === undefined) throw new Refused(`${place}/weight`, "missing", "`weight` is missing");
  const slots = isNumber(weight) ? slotsOfPercent(spellingOf(weight)) : undefined;
  if (slots === undefined)
    throw new Refused(
      `${place}/weight`,
      "bad_weight",
      "a weight is a number from 0 to 100 (percent) with at most three decimals",
    );
  const other = Object.keys(value).find((name) => name !== "variation" && name !== "weight");
  if (other !== undefined) throw new Refused(`${place}/${other}`, "unknown_field", `there is no member \`${other}\``);
  return { variation, slots };
}

function sharesIn(split: JsonObject, place: string, variations: readonly string[]): Share[] {
  const weights = memberOf(split, "weights");
  if (!isList(weights)) throw new Refused(`${place}/weights`, "wrong_type", "must be an array");
  const seen = new Set<string>();
  const shares = weights.map((weight, i) => {
    const share = shareOf(weight, `${place}/weights/${i}`, variations);
    if (seen.has(share.variation))
      throw new Refused(`${place}/weights/${i}/variation`, "duplicate", `\`${share.variation}\` has a weight already`);
    seen.add(share.variation);
    return share;
  });
  const sum = shares.reduce((total, share) => total + share.slots, 0);
  if (sum > limits.slots)
    throw new Refused(
      `${place}/weights`,
      "bad_weight",
      `the weights add up to ${percentOfSlots(sum)} %, which is more than 100 %`,
    );
  return shares;
}

// Which variation has which slots now; null where the new split does not depend on it.
function planBefore(split: JsonObject, { present, inRule, salt }: WeightsContext): ReturnType<typeof planOf> | null {
  if (!present) return null;
  if (!("split" in present)) return planOf(present, inRule);
  return isSameBucketing(split as unknown as Split, present.split, salt) ? planOf(present, inRule) : null;
}

/** The serve with the ranges that its weights make; itself where it has none. `place`: of its split. */
export function withoutWeights(serve: Json, place: string, context: WeightsContext): Json {
  const split = isObject(serve) ? memberOf(serve, "split") : undefined;
  if (!isObject(serve) || !isObject(split) || memberOf(split, "weights") === undefined) return serve;
  if (memberOf(split, "ranges") !== undefined)
    throw new Refused(`${place}/weights`, "malformed", "give `weights` or `ranges`, not both");
  const shares = sharesIn(split, place, context.variations);
  const named = memberOf(split, "otherwise");
  const otherwise = typeof named === "string" && !(context.inRule && named === "next") ? named : null;
  const { weights: _weights, ...rest } = split;
  return { ...serve, split: { ...rest, ranges: layOut(planBefore(split, context), shares, otherwise) } };
}
