import { Suspense, useRef, useState } from "react";
import type { Environment } from "../../api/queries/projects";
import { type ChangeRequest, openDraft, type RequestPlace, takeStep } from "../../api/queries/requests";
import type { Action } from "../../model/index";
import { useShortcuts } from "../../parts/keyboard";
import { Muted } from "../../parts/PageHead";
import { problemText } from "../../parts/Problem";
import { useMe, useOffer } from "../../parts/session";
import { whyNot } from "../../parts/why_not";
import { requestWords } from "../../text/en/requests";
import { Button } from "../../ui/Button";
import { later } from "../../ui/later";
import { toast } from "../../ui/toasts";
import { approvalsMissing, hasEnded } from "./standing";

const StepDialog = later(() => import("./StepDialog"));

export type Step = "decline" | "withdraw" | "apply" | "apply_at" | "bypass";

interface ActionsProps {
  place: RequestPlace;
  request: ChangeRequest;
  environment: Environment | undefined;
}

// What this person may do with the request now; and why not, where approving is not theirs.
export function Actions({ place, request, environment }: ActionsProps) {
  const offered = useOffer();
  const me = useMe()?.user?.id;
  const [step, setStep] = useState<Step>();
  const [isBusy, setBusy] = useState(false);
  const can = (action: Action) => offered(action, place.org, place.project, environment).kind === "allowed";
  const isOwn = request.author.id === me;
  const isOpen = request.state === "open" || request.state === "approved";
  const isMade = request.result.digest !== "";
  const isApproved = isOpen && isMade && approvalsMissing(request) === 0;
  const hasApproved = request.approvals.some((approval) => approval.stands && approval.user === me);
  const mayApprove = isOpen && isMade && !isOwn && !hasApproved && can("approve");
  const mayApply = isApproved && can("apply_request");
  const approve = useRef<HTMLSpanElement>(null);
  const approveNow = async () => {
    setBusy(true);
    try {
      await takeStep(place, request.version, { kind: "approve", digest: request.result.digest, comment: "" });
      toast(requestWords.done.approve);
    } catch (error) {
      toast(problemText(error), { tone: "failed" });
    } finally {
      setBusy(false);
    }
  };
  // The key only goes to the button: Enter is the second thought.
  useShortcuts({ a: mayApprove ? () => approve.current?.querySelector("button")?.focus() : undefined });
  if (hasEnded(request.state)) return null;
  const publishDraft = () =>
    openDraft(place, request.version).catch((error) => toast(problemText(error), { tone: "failed" }));
  return (
    <>
      {isOpen && isOwn && !isApproved && <Muted>{requestWords.own}</Muted>}
      {isOpen && !isOwn && !isApproved && environment && !can("approve") && (
        <Muted>{whyNot("approve", environment.name || place.env)}</Muted>
      )}
      {isApproved && environment && !mayApply && <Muted>{requestWords.apply_by}</Muted>}
      {request.state === "draft" && isOwn && (
        <Button kind="primary" onPress={() => void publishDraft()}>
          {requestWords.open_draft}
        </Button>
      )}
      {mayApprove && (
        <span ref={approve}>
          <Button kind={mayApply ? "plain" : "primary"} keys="a" isPending={isBusy} onPress={() => void approveNow()}>
            {requestWords.approve}
          </Button>
        </span>
      )}
      {mayApply && (
        <>
          <Button kind="primary" onPress={() => setStep("apply")}>
            {requestWords.apply}
          </Button>
          <Button onPress={() => setStep("apply_at")}>{requestWords.apply_at}</Button>
        </>
      )}
      {isOpen && !isOwn && can("approve") && <Button onPress={() => setStep("decline")}>{requestWords.decline}</Button>}
      {isOwn && <Button onPress={() => setStep("withdraw")}>{requestWords.withdraw}</Button>}
      {isOpen && isMade && !mayApply && can("bypass_approval") && (
        <Button kind="danger" onPress={() => setStep("bypass")}>
          {requestWords.bypass_short}
        </Button>
      )}
      <Suspense>
        {step && (
          <StepDialog
            step={step}
            place={place}
            request={request}
            environment={environment}
            onClose={() => setStep(undefined)}
          />
        )}
      </Suspense>
    </>
  );
}
