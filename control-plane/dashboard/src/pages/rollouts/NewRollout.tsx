import { useQuery } from "@tanstack/react-query";
import { Suspense, useMemo, useState } from "react";
import { exactConfigQuery, exactFlagQuery } from "../../api/queries/exact";
import type { Place } from "../../api/queries/flags";
import { type Environment, environmentsQuery } from "../../api/queries/projects";
import { type DryRun, isUnderWay, rolloutsQuery, tryRollout } from "../../api/queries/rollouts";
import type { FlagConfig, FlagDefinition } from "../../model/index";
import { Link } from "../../parts/Link";
import { Load } from "../../parts/Load";
import { Buttons, PageBody, PageHead, Section } from "../../parts/PageHead";
import { useKeys, usePageSearch, useSetSearch } from "../../parts/page";
import { useOffer } from "../../parts/session";
import { useAttempt } from "../../parts/use_attempt";
import { WhyNot } from "../../parts/WhyNot";
import { paths } from "../../paths";
import { newRolloutWords } from "../../text/en/new_rollout";
import { Button } from "../../ui/Button";
import { Form, FormError } from "../../ui/Field";
import { later } from "../../ui/later";
import { Banner } from "../../ui/States";
import { GuardsEditor } from "./GuardsEditor";
import { OfWhat } from "./OfWhat";
import { type PlanForm, planOf, usualSteps, variationsOf } from "./plan";
import { StepsEditor } from "./StepsEditor";
import { newSchema } from "./search";
import { WhatGrows } from "./WhatGrows";

const StartDialog = later(() => import("./StartDialog"));

// A rollout before it begins: of what, what grows, in which steps, watched by what.
export default function NewRollout() {
  const { org, project } = useKeys();
  const place = useMemo(() => ({ org, project }), [org, project]);
  const { flag, env } = usePageSearch(newSchema);
  const environments = useQuery(environmentsQuery(org, project));
  const environment = environments.data?.find((each) => each.key === env);
  return (
    <>
      <PageHead
        title={newRolloutWords.title}
        detail={
          flag && env ? <Link to={paths.editor(org, project, flag, env)}>{newRolloutWords.editor(flag, env)}</Link> : ""
        }
      />
      <PageBody isNarrow>
        <Load query={environments}>{(list) => <OfWhat place={place} environments={list} />}</Load>
        {flag && environment && (
          <Chosen key={`${flag} ${environment.key}`} place={place} flag={flag} environment={environment} />
        )}
      </PageBody>
    </>
  );
}

interface ChosenProps {
  place: Place;
  flag: string;
  environment: Environment;
}

function Chosen({ place, flag, environment }: ChosenProps) {
  const env = environment.key;
  const definition = useQuery(exactFlagQuery(place, flag));
  const config = useQuery(exactConfigQuery(place, flag, env));
  const present = useQuery(rolloutsQuery(place, [env])).data?.find(
    ({ rollout }) => rollout.flag === flag && isUnderWay(rollout.state),
  );
  return (
    <>
      {present && (
        <Banner tone="info">
          {newRolloutWords.present}{" "}
          <Link to={paths.rollout(place.org, place.project, present.rollout.id, env)}>
            {newRolloutWords.open_present}
          </Link>
        </Banner>
      )}
      <Load query={definition}>
        {(found) => (
          <Load query={config}>
            {({ config: held }) => <Plan place={place} flag={found} config={held} environment={environment} />}
          </Load>
        )}
      </Load>
    </>
  );
}

interface PlanProps {
  place: Place;
  flag: FlagDefinition;
  config: FlagConfig;
  environment: Environment;
}

function Plan({ place, flag, config, environment }: PlanProps) {
  const search = usePageSearch(newSchema);
  const setSearch = useSetSearch<typeof newSchema>();
  const offered = useOffer()("roll_out", place.org, place.project, environment);
  const [typed, setTyped] = useState<Pick<PlanForm, "steps" | "guards">>({ steps: usualSteps, guards: [] });
  const [tried, setTried] = useState<DryRun>();
  const attempt = useAttempt();
  const serve = config.rules.find(({ id }) => id === search.rule)?.serve ?? config.fallthrough;
  const guess = variationsOf(
    serve,
    flag.variations.map(({ key }) => key),
  );
  const form: PlanForm = {
    ...typed,
    flag: flag.key,
    rule: search.rule ?? null,
    from: search.from ?? guess.from,
    to: search.to ?? guess.to,
  };
  if (offered.kind === "denied")
    return <WhyNot action="roll_out" place={environment.name || environment.key} isProtected={environment.protected} />;
  const review = () =>
    attempt.run(async () => setTried(await tryRollout(place, environment.key, planOf(form)))).then(() => undefined);
  const problem = attempt.apartFrom(["/from", "/to", "/rule", "/steps", "/guards"]);
  return (
    <Form onSubmit={() => void review()}>
      {!config.enabled && <Banner tone="stale">{newRolloutWords.is_off}</Banner>}
      <WhatGrows flag={flag} config={config} form={form} errorAt={attempt.at} onChange={setSearch} />
      <Section title={newRolloutWords.steps} detail={newRolloutWords.steps_detail}>
        <StepsEditor steps={form.steps} errorAt={attempt.at} onChange={(steps) => setTyped({ ...typed, steps })} />
      </Section>
      <Section title={newRolloutWords.guards} detail={newRolloutWords.guards_detail}>
        <GuardsEditor
          org={place.org}
          to={form.to}
          guards={form.guards}
          errorAt={attempt.at}
          onChange={(guards) => setTyped({ ...typed, guards })}
        />
      </Section>
      {problem && <FormError>{problem}</FormError>}
      <Buttons>
        <Button kind="primary" type="submit" isPending={attempt.isBusy}>
          {newRolloutWords.review}
        </Button>
      </Buttons>
      <Suspense>
        {tried && (
          <StartDialog
            place={place}
            environment={environment}
            offered={offered}
            plan={planOf(form)}
            tried={tried}
            onClose={() => setTried(undefined)}
          />
        )}
      </Suspense>
    </Form>
  );
}
