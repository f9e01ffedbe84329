import type { SavedContext } from "../../api/queries/try_it";
import type { RulesetRef } from "../../evaluator/client";
import { diffRules, type FlagConfig, type FlagDefinition } from "../../model/index";
import { words } from "../../text/en";
import { editorWords } from "../../text/en/editor";
import { reviewWords } from "../../text/en/review";
import { serveMove } from "../split/movement";
import styles from "./Review.module.css";
import { useCompared } from "./use_compared";

interface ImpactProps {
  flag: FlagDefinition;
  before: FlagConfig;
  after: FlagConfig;
  saved: RulesetRef | undefined;
  draft: RulesetRef | undefined;
  contexts: readonly SavedContext[] | undefined;
}

const mostListed = 12;

function movesOf(flag: FlagDefinition, before: FlagConfig, after: FlagConfig): { where: string; text: string }[] {
  const rules = diffRules(before.rules, after.rules).flatMap((change) => {
    const move = change.before && change.after && serveMove(change.before.serve, change.after.serve, true, flag.salt);
    return move ? [{ where: editorWords.rule(change.to + 1), text: move.text }] : [];
  });
  const rest = serveMove(before.fallthrough, after.fallthrough, false, flag.salt);
  return rest ? [...rules, { where: editorWords.else, text: rest.text }] : rules;
}

// Who gets another answer: exactly, where a split changes; of the saved contexts, which.
export function Impact({ flag, before, after, saved, draft, contexts }: ImpactProps) {
  const texts = (contexts ?? []).map(({ context }) => JSON.stringify(context ?? {}));
  const compared = useCompared(saved, draft, flag.key, texts);
  const moves = movesOf(flag, before, after);
  const changed = (compared ?? []).flatMap((each, i) =>
    each.isChanged ? [{ ...each, name: contexts?.[i]?.name ?? "" }] : [],
  );
  const named = (variation: string | undefined) => variation ?? editorWords.try_default;
  return (
    <>
      <h4>{editorWords.impact_exact}</h4>
      {moves.length === 0 && <p className={styles.muted}>{editorWords.impact_none}</p>}
      {moves.map(({ where, text }) => (
        <p key={where}>{editorWords.impact_for(where, text)}</p>
      ))}
      <h4>{editorWords.impact_contexts}</h4>
      {contexts?.length === 0 && <p className={styles.muted}>{editorWords.impact_no_contexts}</p>}
      {contexts && contexts.length > 0 && (
        <p>{compared ? reviewWords.contexts_change(changed.length, compared.length) : words.loading}</p>
      )}
      {changed.slice(0, mostListed).map(({ name, now, draft: next }) => (
        <p key={name} className={styles.muted}>
          {editorWords.impact_change(name, named(now.variation), named(next.variation))}
        </p>
      ))}
    </>
  );
}
