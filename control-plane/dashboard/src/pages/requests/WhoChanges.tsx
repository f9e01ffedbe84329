import { useQuery } from "@tanstack/react-query";
import { exactFlagQuery, rulesetQuery } from "../../api/queries/exact";
import type { Place } from "../../api/queries/flags";
import { testContextsQuery } from "../../api/queries/saved_contexts";
import { type FlagConfig, type Json, writeJson } from "../../model/index";
import { Impact } from "../../parts/review/Impact";
import { useStepCounts } from "../../parts/review/use_step_counts";
import { useDraftRuleset, useRuleset } from "../../parts/workbench";
import { requestWords } from "../../text/en/requests";
import type { ConfigPlace } from "./outcome";
import styles from "./Requests.module.css";

interface WhoChangesProps {
  place: Place;
  at: ConfigPlace;
  before: FlagConfig;
  after: FlagConfig;
}

// Who would get another answer by the request, of what is published at present.
export function WhoChanges({ place, at, before, after }: WhoChangesProps) {
  const flag = useQuery(exactFlagQuery(place, at.flag)).data;
  const needed = [at.flag, ...after.prerequisites.map((each) => each.flag)];
  const ruleset = useQuery(rulesetQuery(place, at.env, needed)).data;
  const contexts = useQuery(testContextsQuery(place)).data?.contexts;
  const counted = useStepCounts(place, at.env, at.flag, before);
  const saved = useRuleset(ruleset);
  const wanted = useDraftRuleset(saved.ruleset, at.flag, at.env, writeJson(after as unknown as Json));
  if (!flag) return null;
  return (
    <section aria-label={requestWords.who} className={styles.who}>
      <Impact
        {...{ place, flag, env: at.env }}
        before={before}
        after={after}
        saved={saved.ruleset}
        draft={wanted.ruleset}
        contexts={contexts}
        counted={counted}
      />
    </section>
  );
}
