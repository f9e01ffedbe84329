// One sentence that says what a configuration does: "25 % of DE and AT get on; alice, bob get on;
// everyone else off".

import { type Condition, type FlagConfig, isSegmentCondition, isSplit, limits, type Serve } from "./config";
import { english, type Texts } from "./english";
import { isNumber, spellingOf } from "./json";
import { percentOfSlots } from "./percent";
import { between, listed, type Part, type Piece, part, plainText, type Sentence, value, variation } from "./phrases";
import { ruleText } from "./rule_text";
import { planOf, sharesOf } from "./split";

const most = 3;

// Whom a condition is about, where that can be said shortly; else the condition itself.
function who(condition: Condition, texts: Texts): Sentence {
  if ("all" in condition && condition.all.length === 0) return texts.everyone();
  if ("all" in condition || "any" in condition || "bucket" in condition) return texts.those(ruleText(condition));
  if ("not" in condition) {
    const inner = condition.not;
    return isSegmentCondition(inner) && inner.op === "in_segment"
      ? texts.notThose(who(inner, texts))
      : texts.those(ruleText(condition));
  }
  if (isSegmentCondition(condition)) {
    const segments = texts.list(listed("segment", condition.values.map(String), most));
    return condition.op === "in_segment" ? texts.members(segments) : texts.notThose(texts.members(segments));
  }
  const { attribute, op, values = [] } = condition;
  const isShort = (op === "is" || op === "one_of") && values.length > 0 && !condition.ignore_case;
  if (!isShort) return texts.those(ruleText(condition));
  const names = texts.list(
    listed(
      "value",
      values.map((one) => (isNumber(one) ? spellingOf(one) : String(one))),
      most,
    ),
  );
  return values.every((one) => typeof one === "string") ? names : texts.withAttribute(attribute, names);
}

/** Who gets what of a serve: "25 % of DE get on, 10 % get blue". `isRest`: nobody is left after it. */
function serveClause(serve: Serve, whom: Sentence, inRule: boolean, texts: Texts): Sentence {
  const isOne = plainText(whom) === plainText(texts.everyone());
  if (!isSplit(serve)) return texts.get(whom, isOne, variation(serve.variation));
  const plan = planOf(serve, inRule);
  const shares = [...sharesOf(plan)].filter(([name]) => name !== null && name !== plan.otherwise) as [string, number][];
  const whole = shares.find(([, slots]) => slots === limits.slots);
  if (whole) return texts.get(whom, isOne, variation(whole[0]));
  const parts: Piece[] = shares.map(([name, slots], i) => {
    const percent = percentOfSlots(slots);
    const share = i === 0 ? texts.percentOf(percent, whom) : texts.percent(percent);
    return texts.get(share, false, variation(name));
  });
  if (plan.otherwise === null) return between(parts, ", ");
  if (parts.length === 0) return texts.get(whom, isOne, variation(plan.otherwise));
  return between([...parts, texts.theOthers(variation(plan.otherwise))], ", ");
}

function fallthroughClause(serve: Serve, isAlone: boolean, texts: Texts): Sentence {
  const plan = planOf(serve, false);
  const shares = [...sharesOf(plan)].filter(([, slots]) => slots > 0);
  const [only] = shares;
  if (shares.length === 1 && only?.[0]) {
    const served = variation(only[0]);
    return isAlone ? texts.get(texts.everyone(), true, served) : texts.everyoneElse(served);
  }
  return serveClause(serve, isAlone ? texts.everyone() : texts.ofEveryoneElse(), false, texts);
}

function targetClauses(config: FlagConfig, texts: Texts): Sentence[] {
  const groups = new Map<string, string[]>();
  for (const target of config.targets)
    groups.set(target.variation, [...(groups.get(target.variation) ?? []), ...target.values]);
  return [...groups].map(([name, values]) => {
    const isCut = values.length > most + 1;
    const names: Part[] = values.slice(0, isCut ? most : values.length).map((text) => value(text));
    const shown = isCut
      ? texts.list({ parts: between(names, ", "), more: values.length - most })
      : between(names, ", ");
    return texts.get(shown, values.length === 1, variation(name));
  });
}

/** What a configuration does, in the order in which it is said: rules, targets, everyone else. */
export function configSentence(config: FlagConfig, texts: Texts = english): Sentence {
  if (!config.enabled) return texts.off(config.off === null ? texts.callersDefault() : variation(config.off));
  const rules = config.rules.map(({ when, serve }) => serveClause(serve, who(when, texts), true, texts));
  const clauses = [...rules, ...targetClauses(config, texts)];
  const sentence = texts.clauses([...clauses, fallthroughClause(config.fallthrough, clauses.length === 0, texts)]);
  if (config.prerequisites.length === 0) return sentence;
  const needed = config.prerequisites.map(({ flag, variations }) =>
    texts.prerequisite(flag, variations.map(variation)),
  );
  return texts.onlyWhere(needed, sentence);
}

/** What a rule does, for its card. */
export function ruleSentence(when: Condition, serve: Serve, texts: Texts = english): Sentence {
  return serveClause(serve, who(when, texts), true, texts);
}

/** A name as a part, for titles. */
export const flagPart = (key: string): Part => part("flag", key);
