import type { Place } from "../../api/queries/flags";
import type { Environment } from "../../api/queries/projects";
import { type DryRun, type RolloutInput, startRollout } from "../../api/queries/rollouts";
import type { Offer } from "../../model/index";
import { wantsApproval } from "../../parts/approval";
import { PublishDialog } from "../../parts/PublishDialog";
import { useGo } from "../../parts/page";
import type { Given } from "../../parts/ReviewSheet";
import { Warnings } from "../../parts/Warnings";
import { paths } from "../../paths";
import { newRolloutWords } from "../../text/en/new_rollout";
import { toast } from "../../ui/toasts";

interface StartDialogProps {
  place: Place;
  environment: Environment;
  offered: Offer;
  plan: RolloutInput;
  tried: DryRun;
  onClose: () => void;
}

// The review of a plan: its steps as the control plane understands them.
export default function StartDialog({ place, environment, offered, plan, tried, onClose }: StartDialogProps) {
  const go = useGo();
  const env = environment.key;
  const start = async ({ comment, key }: Given) => {
    const started = await startRollout(place, env, plan, comment, key);
    toast(newRolloutWords.started(plan.flag, env));
    go(paths.rollout(place.org, place.project, started.id, env));
  };
  return (
    <PublishDialog
      title={newRolloutWords.start_title(plan.flag, env)}
      place={place}
      env={environment}
      verb={newRolloutWords.start(env)}
      sentences={tried.changes.map((sentence) => [{ kind: "text", text: sentence }])}
      isReady
      offered={offered}
      isBlocked={offered.kind === "allowed" && wantsApproval(tried.warnings)}
      later={{
        method: "POST",
        path: `projects/${place.project}/environments/${env}/rollouts`,
        type: "application/json",
        body: plan,
      }}
      publish={start}
      onClose={onClose}
    >
      <Warnings warnings={tried.warnings} />
    </PublishDialog>
  );
}
