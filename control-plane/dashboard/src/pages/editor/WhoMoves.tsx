import { useMemo, useState } from "react";
import type { RulesetRef } from "../../evaluator/client";
import { contextsFromKeys, type Json, writeJson } from "../../model/index";
import { useCompared } from "../../parts/review/use_compared";
import { splitWords } from "../../text/en/split";
import { count } from "../../text/format";
import { Disclosure } from "../../ui/Disclosure";
import { Field } from "../../ui/Field";
import styles from "./Editor.module.css";

interface WhoMovesProps {
  flag: string;
  saved: RulesetRef | undefined;
  draft: RulesetRef | undefined;
}

const mostListed = 20;

// Keys that are pasted: which of them get another answer with the draft.
export function WhoMoves({ flag, saved, draft }: WhoMovesProps) {
  const [typed, setTyped] = useState("");
  const contexts = useMemo(() => {
    const read = contextsFromKeys(typed);
    return "contexts" in read ? read.contexts : [];
  }, [typed]);
  const texts = useMemo(() => contexts.map((context) => writeJson(context as Json)), [contexts]);
  const compared = useCompared(saved, draft, flag, texts);
  const moved = (compared ?? []).flatMap((each, i) =>
    each.isChanged ? [String(contexts[i]?.targetingKey ?? "")] : [],
  );
  return (
    <Disclosure title={splitWords.who}>
      <Field label={splitWords.who} hint={splitWords.who_hint} isCode rows={3} value={typed} onChange={setTyped} />
      {compared && (
        <p role="status">
          {splitWords.who_answer(count(moved.length), count(compared.length))}{" "}
          <span className={styles.code}>
            {moved.slice(0, mostListed).join(", ")}
            {moved.length > mostListed && ", …"}
          </span>
        </p>
      )}
    </Disclosure>
  );
}
