import { useEffect, useState } from "react";
import type { RulesetRef } from "../../evaluator/client";
import { evaluator, failureText } from "../../parts/workbench";
import { playWords } from "../../text/en/play";
import { Dialog } from "../../ui/Dialog";
import { FormError } from "../../ui/Field";
import { Loading } from "../../ui/States";
import { Tree, type TreeNode } from "../../ui/Tree";
import { type Explained, type Line, readExplanation } from "./explanation";
import styles from "./Play.module.css";

export interface Asking {
  flag: string;
  env: string;
  context: string;
  at: number;
  now: RulesetRef;
  before: RulesetRef | undefined;
  version: string | undefined;
}

// Why a context gets an answer: each step with the value that was seen, as it is and as it was.
export default function ExplainSheet({ asking, onClose }: { asking: Asking; onClose: () => void }) {
  const { flag, env, context, now, before, version } = asking;
  return (
    <Dialog title={playWords.explain(flag, env)} isOpen onClose={onClose} size="wide" shape="sheet">
      <pre className={styles.given}>{context}</pre>
      <Explanation title={before ? playWords.explain_now : undefined} ruleset={now} asking={asking} />
      {before && version && <Explanation title={playWords.explain_before(version)} ruleset={before} asking={asking} />}
    </Dialog>
  );
}

function Explanation({ title, ruleset, asking }: { title: string | undefined; ruleset: RulesetRef; asking: Asking }) {
  const { flag, context, at } = asking;
  const [explained, setExplained] = useState<Explained>();
  const [error, setError] = useState<string>();
  useEffect(() => {
    const stop = new AbortController();
    evaluator()
      .explain(ruleset, { flag, context, now: at }, { signal: stop.signal })
      .then((text) => setExplained(readExplanation(text)))
      .catch((failed: unknown) => stop.signal.aborted || setError(failureText(failed)));
    return () => stop.abort();
  }, [ruleset, flag, context, at]);
  return (
    <section className={styles.explanation}>
      {title && <h3>{title}</h3>}
      {error && (
        <FormError>
          {playWords.explain_failed} {error}
        </FormError>
      )}
      {!explained && !error && <Loading rows={4} />}
      {explained && (
        <>
          <p>
            <strong>
              {playWords.explain_answer(explained.variation ?? playWords.callers_default, explained.reason)}
            </strong>{" "}
            {explained.value && <code>{explained.value}</code>}
          </p>
          <Tree label={playWords.explain(flag, asking.env)} nodes={explained.lines.map(nodeOf)} />
        </>
      )}
    </section>
  );
}

const marks = { true: "✓", false: "✗", undefined: "" };

function nodeOf({ id, text, holds, children }: Line): TreeNode {
  const word = holds === undefined ? "" : holds ? playWords.yes : playWords.no;
  return {
    id,
    text: `${word} ${text}`.trim(),
    content: (
      <span className={styles.line} data-holds={holds}>
        <span aria-hidden className={styles.mark}>
          {marks[`${holds}`]}
        </span>
        <span className="visually-hidden">{word}</span>
        <code>{text}</code>
      </span>
    ),
    ...(children.length > 0 ? { children: children.map(nodeOf) } : {}),
  };
}
