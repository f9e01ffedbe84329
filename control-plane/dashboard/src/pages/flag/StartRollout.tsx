import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { exactConfigQuery, exactFlagQuery } from "../../api/queries/exact";
import type { Environment } from "../../api/queries/projects";
import { type RolloutPlan, startRollout, tryRollout } from "../../api/queries/start_rollout";
import { type FlagConfig, type FlagDefinition, isSplit, planText, readPlan, type Serve } from "../../model/index";
import { Load } from "../../parts/Load";
import { Buttons, Section } from "../../parts/PageHead";
import { useGo, useKeys } from "../../parts/page";
import type { Reviewed } from "../../parts/ReviewSheet";
import { paths } from "../../paths";
import { words } from "../../text/en";
import { startWords } from "../../text/en/start_rollout";
import { Button } from "../../ui/Button";
import { Field, Form } from "../../ui/Field";
import { Select } from "../../ui/Select";
import { Checkbox } from "../../ui/Switch";

const ReviewSheet = lazy(() => import("../../parts/ReviewSheet"));

const usual = planText([
  { share: 1_000, hold: "1h" },
  { share: 10_000, hold: "1d" },
  { share: 50_000, hold: "1d" },
  { share: 100_000 },
]);
const everyone = "everyone else"; // is no rule's id: it has a space
const errors = { evaluations: "share", reason: "ERROR", above: 0.01, window: "10m", on_breach: "rollback" } as const;

// The plan of a rollout: whom, from what to what, in which steps; then the review.
export function StartRollout({ env, onClose }: { env: Environment; onClose: () => void }) {
  const { org, project, flag } = useKeys();
  const definition = useQuery(exactFlagQuery({ org, project }, flag));
  const config = useQuery(exactConfigQuery({ org, project }, flag, env.key));
  return (
    <Section title={startWords.title} detail={startWords.detail}>
      <Load query={definition}>
        {(given) => (
          <Load query={config}>
            {(present) => <Plan env={env} flag={given} config={present.config} onClose={onClose} />}
          </Load>
        )}
      </Load>
    </Section>
  );
}

// What a rule serves to most now: where the rollout comes from.
const servedNow = (serve: Serve | undefined): string =>
  serve === undefined ? "" : isSplit(serve) ? (serve.split.otherwise ?? "") : serve.variation;

interface PlanProps {
  env: Environment;
  flag: FlagDefinition;
  config: FlagConfig;
  onClose: () => void;
}

function Plan({ env, flag, config, onClose }: PlanProps) {
  const { org, project } = useKeys();
  const go = useGo();
  const [rule, setRule] = useState(everyone);
  const [to, setTo] = useState<string>();
  const [text, setText] = useState(usual);
  const [isGuarded, setGuarded] = useState(true);
  const [isReviewed, setReviewed] = useState(false);
  const serve = rule === everyone ? config.fallthrough : config.rules.find((each) => each.id === rule)?.serve;
  const from = servedNow(serve);
  const others = flag.variations.filter(({ key }) => key !== from);
  const target = to ?? others[0]?.key ?? "";
  const read = readPlan(text);
  const fault = "fault" in read ? startWords.faults[read.fault.code](read.fault.line) : undefined;
  const plan: RolloutPlan | undefined =
    "steps" in read
      ? {
          ...{ flag: flag.key, rule: rule === everyone ? null : rule, from, to: target, steps: read.steps, offset: 0 },
          ...(isGuarded ? { guards: [errors] } : {}),
        }
      : undefined;
  const reviewed = (given: RolloutPlan): Reviewed => ({
    title: startWords.review_title(flag.key, env.key),
    verb: startWords.verb(env.key),
    environment: env,
    sentences: [
      [{ kind: "text", text: startWords.sentence(from, target) }],
      ...planText(given.steps as never)
        .split("\n")
        .map((line) => [{ kind: "text" as const, text: line }]),
    ],
    preview: {
      id: JSON.stringify([org, project, env.key, given]),
      run: () => tryRollout({ org, project }, env.key, given),
    },
    mayPublish: true,
    publish: async (confirmed) => {
      const made = await startRollout({ org, project }, env.key, given, confirmed);
      go(paths.rollout(org, project, made.id, env.key));
    },
  });
  return (
    <>
      <Form onSubmit={() => plan && setReviewed(true)}>
        <Select
          label={startWords.whom}
          value={rule}
          options={[
            { id: everyone, label: startWords.everyone },
            ...config.rules.map(({ id }, i) => ({ id, label: startWords.rule(i + 1), detail: id })),
          ]}
          onChange={setRule}
        />
        <Select
          label={startWords.to}
          hint={startWords.from(from)}
          value={target}
          options={others.map(({ key }) => ({ id: key, label: key }))}
          onChange={setTo}
        />
        <Field
          label={startWords.steps}
          hint={startWords.steps_hint}
          isCode
          rows={5}
          value={text}
          onChange={setText}
          error={fault}
        />
        <Checkbox isOn={isGuarded} onChange={setGuarded}>
          {startWords.guard}
        </Checkbox>
        <Buttons>
          <Button kind="primary" type="submit" isDisabled={plan === undefined || target === ""}>
            {startWords.review}
          </Button>
          <Button onPress={onClose}>{words.cancel}</Button>
        </Buttons>
      </Form>
      <Suspense>
        {isReviewed && plan && (
          <ReviewSheet reviewed={reviewed(plan)} onClose={() => setReviewed(false)} onDone={onClose} />
        )}
      </Suspense>
    </>
  );
}
