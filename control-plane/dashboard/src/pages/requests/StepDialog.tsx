import { useState } from "react";
import { ProblemError } from "../../api/errors";
import type { Environment } from "../../api/queries/projects";
import { type ChangeRequest, type RequestPlace, type RequestStep, takeStep } from "../../api/queries/requests";
import { rfc3339 } from "../../model/index";
import { useShortcuts } from "../../parts/keyboard";
import { Buttons } from "../../parts/PageHead";
import { problemText } from "../../parts/Problem";
import { readWall } from "../../parts/review/wall";
import { TimeField } from "../../parts/TimeField";
import { words } from "../../text/en";
import { changeWords } from "../../text/en/changes";
import { requestWords } from "../../text/en/requests";
import { timeZone } from "../../text/format";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Field, Form, FormError } from "../../ui/Field";
import { toast } from "../../ui/toasts";
import type { Step } from "./Actions";

interface StepDialogProps {
  step: Step;
  place: RequestPlace;
  request: ChangeRequest;
  environment: Environment | undefined;
  onClose: () => void;
}

export default function StepDialog({ step, place, request, environment, onClose }: StepDialogProps) {
  const [text, setText] = useState("");
  const [at, setAt] = useState("");
  const [typed, setTyped] = useState("");
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const time = readWall(at, timeZone());
  const isPast = time !== undefined && time.time <= Date.now();
  const isMade = step === "apply" || step === "apply_at" || step === "bypass";
  const mustType = isMade && environment?.confirmation === "type";
  const isReady =
    (step !== "bypass" || text.trim() !== "") &&
    (step !== "apply_at" || (time !== undefined && !isPast)) &&
    (!mustType || typed === environment?.key);
  const made = stepOf(step, text.trim(), time && rfc3339(time.time));

  const submit = async () => {
    if (!isReady || isBusy) return;
    setBusy(true);
    try {
      await takeStep(place, request.version, made);
      toast(step === "apply_at" ? requestWords.scheduled : requestWords.done[made.kind]);
      onClose();
    } catch (failed) {
      setError(failed);
      setBusy(false);
    }
  };
  useShortcuts({ "Ctrl+Enter": () => void submit() });
  const { title, verb } = wordsOf(step, place.env);
  return (
    <Dialog title={title} isOpen isAlert={step === "bypass"} onClose={onClose}>
      <Form onSubmit={() => void submit()}>
        {step === "bypass" && <p>{requestWords.bypass_detail}</p>}
        {step === "apply_at" && (
          <TimeField
            label={requestWords.at}
            value={at}
            onChange={setAt}
            error={error instanceof ProblemError ? error.at("/at") : undefined}
          />
        )}
        {step !== "apply" && step !== "apply_at" && (
          <Field
            label={requestWords.reason}
            hint={step === "bypass" ? requestWords.reason_needed : undefined}
            isOptional={step !== "bypass"}
            value={text}
            onChange={setText}
            maxLength={1000}
          />
        )}
        {mustType && environment && (
          <Field
            label={changeWords.type_key(environment.key)}
            isCode
            value={typed}
            onChange={setTyped}
            autoComplete="off"
          />
        )}
        {error !== undefined && <FormError>{problemText(error)}</FormError>}
        <Buttons>
          <Button
            kind={step === "bypass" || step === "decline" || step === "withdraw" ? "danger" : "primary"}
            type="submit"
            keys="Ctrl Enter"
            isDisabled={!isReady}
            isPending={isBusy}
            autoFocus={step === "apply" && !mustType}
          >
            {verb}
          </Button>
          <Button onPress={onClose}>{words.cancel}</Button>
        </Buttons>
      </Form>
    </Dialog>
  );
}

function stepOf(step: Step, text: string, at: string | undefined): RequestStep {
  switch (step) {
    case "apply":
      return { kind: "apply" };
    case "apply_at":
      return { kind: "apply", at: at ?? "" };
    default:
      return { kind: step, reason: text };
  }
}

function wordsOf(step: Step, env: string): { title: string; verb: string } {
  switch (step) {
    case "decline":
      return { title: requestWords.decline_title, verb: requestWords.decline };
    case "withdraw":
      return { title: requestWords.withdraw_title, verb: requestWords.withdraw };
    case "apply":
      return { title: requestWords.apply_title(env), verb: requestWords.apply_to(env) };
    case "apply_at":
      return { title: requestWords.apply_at, verb: requestWords.apply_later };
    case "bypass":
      return { title: requestWords.bypass, verb: requestWords.apply_to(env) };
  }
}
