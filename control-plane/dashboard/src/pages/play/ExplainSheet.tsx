import type { RulesetRef } from "../../evaluator/client";
import { writeJson } from "../../model/index";
import { Explanation } from "../../parts/Explanation";
import { useExplained } from "../../parts/use_explained";
import { playWords } from "../../text/en/play";
import { Dialog } from "../../ui/Dialog";
import { FormError } from "../../ui/Field";
import { Loading } from "../../ui/States";
import { Answer, type ColourOf } from "./Answer";
import styles from "./Play.module.css";
import type { Loaded } from "./use_rulesets";

export interface Asking {
  flag: string;
  context: string;
  at: number;
  loaded: Loaded;
}

interface ExplainSheetProps {
  asking: Asking;
  colourOf: ColourOf;
  onClose: () => void;
}

// Why a context gets an answer: each step with the value that was seen, by what is shown and by what it is compared with.
export default function ExplainSheet({ asking, colourOf, onClose }: ExplainSheetProps) {
  const { flag, context, loaded } = asking;
  const { env, now, before, against } = loaded;
  const titles = against?.drafts
    ? [against.said, playWords.explain_saved]
    : [playWords.explain_saved, against && playWords.explain_version(against.version)];
  return (
    <Dialog title={playWords.explain(flag, env)} isOpen onClose={onClose} size="wide" shape="sheet">
      <pre className={styles.given}>{context}</pre>
      <One title={before && titles[0]} ruleset={now} asking={asking} colourOf={colourOf} />
      {before && <One title={titles[1]} ruleset={before} asking={asking} colourOf={colourOf} />}
    </Dialog>
  );
}

interface OneProps {
  title: string | undefined;
  ruleset: RulesetRef;
  asking: Asking;
  colourOf: ColourOf;
}

function One({ title, ruleset, asking, colourOf }: OneProps) {
  const { flag, context, at } = asking;
  const { explained, error } = useExplained(ruleset, flag, context, at);
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
          <p className={styles.said}>
            <Answer
              text={explained.variation ?? playWords.callers_default}
              colour={colourOf(flag, explained.variation)}
            />
            {explained.value !== undefined && explained.value !== null && <code>{writeJson(explained.value)}</code>}
            <span className={styles.was}>{explained.reason}</span>
          </p>
          <Explanation explained={explained} />
        </>
      )}
    </section>
  );
}
