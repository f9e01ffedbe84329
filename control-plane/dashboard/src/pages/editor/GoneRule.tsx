import { type Rule, ruleSentence } from "../../model/index";
import { Sentence } from "../../parts/Sentence";
import { editorWords } from "../../text/en/editor";
import { Button } from "../../ui/Button";
import styles from "./Editor.module.css";

interface GoneRuleProps {
  rule: Rule;
  isReadOnly: boolean;
  onRestore: () => void;
}

// A rule that the draft leaves out: it is there until that is published.
export function GoneRule({ rule, isReadOnly, onRestore }: GoneRuleProps) {
  return (
    <li className={styles.card} data-gone>
      <div className={styles.cardHead}>
        <div className={styles.sentence}>
          <del>
            <Sentence parts={ruleSentence(rule.when, rule.serve)} />
          </del>
          <p className={styles.muted}>{editorWords.disabled}</p>
        </div>
        {!isReadOnly && (
          <Button kind="quiet" onPress={onRestore}>
            {editorWords.restore}
          </Button>
        )}
      </div>
    </li>
  );
}
