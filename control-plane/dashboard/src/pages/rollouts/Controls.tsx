import { useQuery } from "@tanstack/react-query";
import { Suspense, useState } from "react";
import { flagConfigQuery } from "../../api/queries/flag_config";
import type { Place } from "../../api/queries/flags";
import type { Environment } from "../../api/queries/projects";
import {
  isUnderWay,
  type PlacedRollout,
  type RolloutStepName,
  rolloutQuery,
  takeNextStep,
  takeRolloutStep,
} from "../../api/queries/rollouts";
import { queries } from "../../api/query";
import { ConfirmDialog } from "../../parts/ConfirmDialog";
import { Muted } from "../../parts/PageHead";
import { problemText } from "../../parts/Problem";
import { useOffer } from "../../parts/session";
import { whyNot } from "../../parts/why_not";
import { rolloutWords } from "../../text/en/schedules";
import { Button } from "../../ui/Button";
import { later } from "../../ui/later";
import { toast } from "../../ui/toasts";
import { percentText } from "./stairs";

const ToggleDialog = later(() => import("../../parts/ToggleDialog"));

interface ControlsProps {
  place: Place;
  placed: PlacedRollout;
  environment: Environment | undefined;
}

// What a person may do with a rollout: people win over what it would do by itself.
export function Controls({ place, placed, environment }: ControlsProps) {
  const [step, setStep] = useState<RolloutStepName | "advance">();
  const [isTurningOff, setTurningOff] = useState(false);
  const { env, rollout } = placed;
  const config = useQuery({ ...flagConfigQuery(place, rollout.flag, env), enabled: isTurningOff }).data?.value;
  const offered = useOffer()("steer_rollout", place.org, place.project, environment);
  if (!isUnderWay(rollout.state) || !environment) return null;
  if (offered.kind === "denied")
    return <Muted>{whyNot("steer_rollout", environment.name || env, environment.protected)}</Muted>;
  const next = rollout.steps[rollout.step];
  const waits = next?.approval === true && !rollout.approved;
  return (
    <>
      {waits && (
        <Button kind="primary" onPress={() => setStep("approve")}>
          {rolloutWords.approve}
        </Button>
      )}
      {next && next.approval !== true && rollout.state === "running" && rollout.step > 0 && (
        <Button onPress={() => setStep("advance")}>{rolloutWords.advance}</Button>
      )}
      {rollout.state === "running" && <Button onPress={() => setStep("pause")}>{rolloutWords.pause}</Button>}
      {rollout.state !== "running" && <Button onPress={() => setStep("resume")}>{rolloutWords.resume}</Button>}
      <Button onPress={() => setStep("cancel")}>{rolloutWords.cancel}</Button>
      <Button kind="danger" onPress={() => setTurningOff(true)}>
        {rolloutWords.turn_off}
      </Button>
      {step && (
        <ConfirmDialog
          title={rolloutWords.confirm(rolloutWords[step], rollout.flag, env)}
          env={environment}
          action={rolloutWords[step]}
          isDanger={step === "cancel"}
          onConfirm={async () => {
            if (step === "advance") await takeNextStep(place, placed, "");
            else await takeRolloutStep(place, placed, step);
            toast(rolloutWords.done[step]);
          }}
          onClose={() => setStep(undefined)}
        >
          {step === "cancel" && <p>{rolloutWords.cancel_detail}</p>}
          {step === "advance" && next && (
            <p>{rolloutWords.advance_detail(rollout.to, percentText(rollout.share), percentText(next.share))}</p>
          )}
        </ConfirmDialog>
      )}
      <Suspense>
        {isTurningOff && config && environment && (
          <ToggleDialog
            toggle={{ place, flag: rollout.flag, env: environment, isOn: false, version: config.version, percent: 0 }}
            onDone={() => void stop(place, placed)}
            onClose={() => setTurningOff(false)}
          />
        )}
      </Suspense>
    </>
  );
}

// The flag is off already; the rollout may have noticed, and be at another version by now.
async function stop(place: Place, { env, rollout }: PlacedRollout): Promise<void> {
  try {
    const now = await queries.fetchQuery({ ...rolloutQuery(place, rollout.id, [env]), staleTime: 0 });
    if (isUnderWay(now.rollout.state)) await takeRolloutStep(place, now, "cancel");
  } catch (error) {
    toast(problemText(error), { tone: "failed" });
  }
}
