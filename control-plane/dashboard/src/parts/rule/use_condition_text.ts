// A condition's text while it is typed: parsed at every pause, the last good tree kept.
import { useCallback, useEffect, useRef, useState } from "react";
import type { NodePlace, RuleMistake } from "../../evaluator/protocol";
import { offsetOf } from "../../evaluator/text_place";
import { type Condition, isSame, type Json, parseJson, ruleText } from "../../model/index";
import type { Mark } from "../../ui/CodeField";
import { evaluator, failureText } from "../workbench";

const pause = 100;

export interface ConditionText {
  text: string;
  type: (text: string) => void;
  flush: () => Promise<boolean>; // parses what has been typed; whether there is no mistake
  tidy: () => void; // the canonical text, on leaving the field
  marks: readonly Mark[];
  mistake: string | undefined;
  places: readonly NodePlace[];
}

function markOf(text: string, mistake: RuleMistake): Mark {
  const from = offsetOf(text, mistake);
  const rest = /^\S+/.exec(text.slice(from))?.[0].length ?? 0;
  return { from: rest === 0 ? Math.max(0, from - 1) : from, to: from + rest, text: mistake.detail };
}

export function useConditionText(when: Condition | undefined, onWhen: (when: Condition) => void): ConditionText {
  const written = when === undefined ? "" : ruleText(when);
  const [text, setText] = useState(written);
  const [parsed, setParsed] = useState<{
    text: string;
    mistake?: RuleMistake;
    failed?: string;
    places: readonly NodePlace[];
  }>();
  const known = useRef<Condition | undefined>(when); // what the text says
  const latest = useRef({ text, onWhen });
  latest.current = { text, onWhen };

  // Changed from elsewhere: the tree, undo.
  useEffect(() => {
    if (when === undefined || isSame(when as Json, (known.current ?? null) as Json)) return;
    known.current = when;
    setText(ruleText(when));
  }, [when]);

  const parse = useCallback(async (): Promise<boolean> => {
    const asked = latest.current.text;
    if (asked.trim() === "") {
      setParsed(undefined);
      return true;
    }
    try {
      const found = await evaluator().parseRule(asked);
      if (found.mistake) {
        setParsed({ text: asked, mistake: found.mistake, places: [] });
        return false;
      }
      const tree = parseJson(found.when) as unknown as Condition;
      setParsed({ text: asked, places: found.places });
      if (!isSame(tree as Json, (known.current ?? null) as Json)) {
        known.current = tree;
        latest.current.onWhen(tree);
      }
      return true;
    } catch (error) {
      setParsed({ text: asked, failed: failureText(error), places: [] });
      return false;
    }
  }, []);

  useEffect(() => {
    if (text === "") return setParsed(undefined);
    const timer = setTimeout(() => void parse(), pause);
    return () => clearTimeout(timer);
  }, [text, parse]);

  const tidy = () => {
    void parse().then((isGood) => {
      if (isGood && known.current && latest.current.text.trim() !== "") setText(ruleText(known.current));
    });
  };
  const { mistake, failed, places = [] } = parsed ?? {};
  return {
    text,
    type: setText,
    flush: parse,
    tidy,
    marks: mistake && parsed?.text === text ? [markOf(text, mistake)] : none,
    mistake: failed ?? mistake?.detail,
    places,
  };
}

const none: readonly Mark[] = [];
