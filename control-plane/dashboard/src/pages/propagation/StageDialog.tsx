import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Environment } from "../../api/queries/projects";
import { endStage, type Stage, type StageEnd } from "../../api/queries/stages";
import { latestVersionsQuery } from "../../api/queries/versions";
import { ConfirmDialog } from "../../parts/ConfirmDialog";
import { useKeys } from "../../parts/page";
import { versionNumber } from "../../parts/standing";
import { propagationWords as words } from "../../text/en/propagation";
import { reviewWords } from "../../text/en/review";
import { Field } from "../../ui/Field";
import { toast } from "../../ui/toasts";
import { changedSince } from "./steps";

interface StageDialogProps {
  how: StageEnd;
  environment: Environment | undefined;
  version: string;
  stage: Stage;
  waiting: number;
  onClose: () => void;
}

// Sending a held version on, or taking it back: what that does, and why it is done.
export function StageDialog({ how, environment, version, stage, waiting, onClose }: StageDialogProps) {
  const { org, project, env } = useKeys();
  const place = { org, project };
  const [comment, setComment] = useState("");
  const versions = useQuery({ ...latestVersionsQuery(place, env), enabled: how === "withdraw" }).data;
  const number = versionNumber(version);
  const isRelease = how === "release";
  const end = async () => {
    await endStage(place, env, how, { version, comment: comment.trim() });
    toast(isRelease ? words.released_done(number) : words.withdrawn_done(number));
  };
  return (
    <ConfirmDialog
      title={isRelease ? words.release_title(number, env) : words.withdraw_title(number, env)}
      action={isRelease ? words.release : words.withdraw_verb}
      env={environment}
      isDanger={!isRelease}
      isReady={!environment?.comment_required || comment.trim() !== ""}
      onConfirm={end}
      onClose={onClose}
    >
      {isRelease ? (
        <p>
          {words.release_detail(waiting)} {stage.waits_for !== "soaked" && words.release_early}
        </p>
      ) : (
        <PutBack released={stage.released} keys={versions && changedSince(versions, stage.released)} />
      )}
      <Field
        label={words.comment}
        isOptional={!environment?.comment_required}
        hint={environment?.comment_required ? reviewWords.comment_required : undefined}
        value={comment}
        onChange={setComment}
        maxLength={1000}
      />
    </ConfirmDialog>
  );
}

function PutBack({ released, keys }: { released: string; keys: readonly string[] | undefined }) {
  if (keys === undefined || keys.length === 0) return <p>{words.withdraw_all}</p>;
  return (
    <>
      <p>{words.withdraw_detail(versionNumber(released))}</p>
      <ul>
        {keys.map((key) => (
          <li key={key}>
            <code>{key}</code>
          </li>
        ))}
      </ul>
    </>
  );
}
