import type { ReactNode } from "react";
import type { Place } from "../../api/queries/flags";
import type { TestContext } from "../../api/queries/saved_contexts";
import type { RulesetRef } from "../../evaluator/client";
import { diffRules, type FlagConfig, type FlagDefinition } from "../../model/index";
import { paths } from "../../paths";
import { words } from "../../text/en";
import { impactWords } from "../../text/en/impact";
import { Link } from "../Link";
import { serveMove } from "../split/movement";
import styles from "./Review.module.css";
import { countAt, touchedSteps } from "./step_counts";
import { useCompared } from "./use_compared";
import type { Counted } from "./use_step_counts";

interface ImpactProps {
  place: Place;
  flag: FlagDefinition;
  env: string;
  before: FlagConfig;
  after: FlagConfig;
  saved: RulesetRef | undefined;
  draft: RulesetRef | undefined;
  contexts: readonly TestContext[] | undefined;
  counted?: Counted; // of what is published
}

// Who gets another answer. Each number says where it comes from, and what is not there, how to get it.
export function Impact(props: ImpactProps) {
  const { place, flag, env } = props;
  const play = `play?flags=${encodeURIComponent(flag.key)}&envs=${encodeURIComponent(env)}`;
  return (
    <div className={styles.sources}>
      <ExactShare {...props} />
      <TestContexts {...props} />
      {props.counted && <CountedShare {...props} counted={props.counted} />}
      <Source title={impactWords.recorded} kind={impactWords.not_available}>
        <p className={styles.muted}>
          {impactWords.recorded_none}{" "}
          <Link to={paths.projectPart(place.org, place.project, play)}>{impactWords.open_playground}</Link>
        </p>
      </Source>
    </div>
  );
}

function Source({ title, kind, children }: { title: string; kind: string; children: ReactNode }) {
  return (
    <section className={styles.source} aria-label={title}>
      <h4>
        {title} <span className={styles.kind}>{kind}</span>
      </h4>
      {children}
    </section>
  );
}

function movesOf(flag: FlagDefinition, before: FlagConfig, after: FlagConfig): { where: string; text: string }[] {
  const rules = diffRules(before.rules, after.rules).flatMap((change) => {
    const move = change.before && change.after && serveMove(change.before.serve, change.after.serve, true, flag.salt);
    return move ? [{ where: impactWords.of_rule(change.to + 1), text: move.text }] : [];
  });
  const rest = serveMove(before.fallthrough, after.fallthrough, false, flag.salt);
  return rest ? [...rules, { where: impactWords.of_rest, text: rest.text }] : rules;
}

function ExactShare({ flag, before, after }: ImpactProps) {
  const moves = movesOf(flag, before, after);
  return (
    <Source title={impactWords.slots} kind={impactWords.exact}>
      {moves.length === 0 && <p className={styles.muted}>{impactWords.no_split}</p>}
      {moves.map(({ where, text }) => (
        <p key={where}>{impactWords.for(where, text)}</p>
      ))}
    </Source>
  );
}

const mostListed = 12;

function TestContexts({ flag, saved, draft, contexts }: ImpactProps) {
  const compared = useCompared(
    saved,
    draft,
    flag.key,
    (contexts ?? []).map(({ text }) => text),
  );
  const changed = (compared ?? []).flatMap((each, i) =>
    each.isChanged ? [{ ...each, name: contexts?.[i]?.name ?? "", id: contexts?.[i]?.id ?? String(i) }] : [],
  );
  const named = (variation: string | undefined) => variation ?? impactWords.callers_default;
  return (
    <Source title={impactWords.contexts} kind={impactWords.exact}>
      {contexts?.length === 0 && <p className={styles.muted}>{impactWords.no_contexts}</p>}
      {contexts && contexts.length > 0 && (
        <p>{compared ? impactWords.contexts_change(changed.length, compared.length) : words.loading}</p>
      )}
      {changed.length > 0 && (
        <ul className={styles.changes}>
          {changed.slice(0, mostListed).map(({ id, name, now, draft: next }) => (
            <li key={id}>{impactWords.context_change(name, named(now.variation), named(next.variation))}</li>
          ))}
          {changed.length > mostListed && <li>{impactWords.more(changed.length - mostListed)}</li>}
        </ul>
      )}
    </Source>
  );
}

function CountedShare({ before, after, counted }: ImpactProps & { counted: Counted }) {
  const { counts, isKnown } = counted;
  const ended = counts && countAt(counts, touchedSteps(before, after));
  return (
    <Source title={impactWords.evaluations} kind={counts ? impactWords.counted : impactWords.not_available}>
      {counts && ended !== undefined ? (
        <p>{impactWords.ended(ended, counts.of)}</p>
      ) : (
        <p className={styles.muted}>{isKnown ? impactWords.none_counted : impactWords.counts_unknown}</p>
      )}
    </Source>
  );
}
