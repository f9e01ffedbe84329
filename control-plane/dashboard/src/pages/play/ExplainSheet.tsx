import type { RulesetRef } from "../../evaluator/client";
import { writeJson } from "../../model/index";
import { Explanation } from "../../parts/Explanation";
import { useExplained } from "../../parts/use_explained";
import { playWords } from "../../text/en/play";
import { Dialog } from "../../ui/Dialog";
import { FormError } from "../../ui/Field";
import { Loading } from "../../ui/States";
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
      <Answer title={before ? playWords.explain_now : undefined} ruleset={now} asking={asking} />
      {before && version && <Answer title={playWords.explain_before(version)} ruleset={before} asking={asking} />}
    </Dialog>
  );
}

function Answer({ title, ruleset, asking }: { title: string | undefined; ruleset: RulesetRef; asking: Asking }) {
  const { explained, error } = useExplained(ruleset, asking.flag, asking.context, asking.at);
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
            {explained.value !== undefined && explained.value !== null && <code>{writeJson(explained.value)}</code>}
          </p>
          <Explanation explained={explained} />
        </>
      )}
    </section>
  );
}
