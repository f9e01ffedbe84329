// The lower half of the review sheet: what is filled in, whether it is enough, and sending it once.
import { useRef, useState } from "react";
import { newIdempotencyKey } from "../../api/client";
import { isProblem } from "../../api/errors";
import { timeZone } from "../../text/format";
import type { Given, InSteps, Reviewed, When } from "./reviewed";
import { type PlanStep, proposedShares, readSteps } from "./steps";
import { readWall } from "./wall";

export function whens({ mayPublish, approvals = 0, schedule, inSteps, request }: Reviewed): When[] {
  const isFree = mayPublish && approvals === 0;
  return [
    ...(isFree ? (["now"] as const) : []),
    ...(isFree && schedule ? (["later"] as const) : []),
    ...(isFree && inSteps ? (["steps"] as const) : []),
    ...(request ? (["ask"] as const) : []),
  ];
}

const usualHold = "1h";

function useSteps(inSteps: InSteps | undefined) {
  const [shares, setShares] = useState(() => (inSteps ? proposedShares(inSteps.present, inSteps.share) : ""));
  const [hold, setHold] = useState(usualHold);
  const steps = inSteps && readSteps(shares, hold, inSteps.present, inSteps.share);
  const plan: PlanStep[] | undefined = typeof steps === "string" ? undefined : steps;
  return { shares, setShares, hold, setHold, plan, error: typeof steps === "string" ? steps : undefined };
}

export function useConfirm(reviewed: Reviewed, onDone: () => void) {
  const key = useRef(newIdempotencyKey()); // one for the sheet, however often it is pressed
  const sending = useRef(false);
  const [own, setOwn] = useState("");
  const [typed, setTyped] = useState("");
  const options = whens(reviewed);
  const [chosen, setWhen] = useState<When>();
  const when = options.find((each) => each === chosen) ?? options[0] ?? "now";
  const [at, setAt] = useState("");
  const [title, setTitle] = useState(reviewed.title);
  const steps = useSteps(reviewed.inSteps);
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const comment = reviewed.comment ?? own;
  const setComment = reviewed.onComment ?? setOwn;
  const env = reviewed.environment;
  const time = readWall(at, timeZone());
  const isTyped = when === "ask" || env?.confirmation !== "type" || typed === env.key;
  const isTimed = when !== "later" || (time !== undefined && time.time > Date.now());
  const isTitled = when !== "ask" || title.trim() !== "";
  const isCommented = !env?.comment_required || comment.trim() !== "";
  const isPlanned = when !== "steps" || steps.plan !== undefined;
  const isReady = options.length > 0 && isTyped && isTimed && isTitled && isCommented && isPlanned;

  const send = async () => {
    if (sending.current || !isReady) return;
    sending.current = true;
    setBusy(true);
    setError(undefined);
    const given: Given = { comment: comment.trim(), key: key.current };
    try {
      if (when === "later" && time) await reviewed.schedule?.(given, new Date(time.time).toISOString());
      else if (when === "steps" && steps.plan) await reviewed.inSteps?.start(given, steps.plan);
      else if (when === "ask") await reviewed.request?.(given, title.trim());
      else await reviewed.publish(given);
      onDone();
    } catch (failed) {
      setError(failed);
    } finally {
      sending.current = false;
      setBusy(false);
    }
  };

  const errorAt = (pointer: string) => (isProblem(error) ? error.at(pointer) : undefined);
  return {
    ...{ comment, setComment, typed, setTyped, options, when, setWhen, at, setAt, title, setTitle, steps },
    ...{ error, errorAt, isBusy, isReady, send },
  };
}
