import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ProblemError } from "../../api/errors";
import type { Place } from "../../api/queries/flags";
import type { Environment } from "../../api/queries/projects";
import { type Promoted, type PromotionPart, promotionDryRun } from "../../api/queries/promotion";
import type { Offer } from "../../model/index";
import { wantsApproval } from "../../parts/approval";
import { ItemDifferenceList, Sides } from "../../parts/ItemDifferenceList";
import { itemSentence } from "../../parts/item_sentence";
import { isSegment, itemId, itemName } from "../../parts/items";
import { Problem } from "../../parts/Problem";
import { PublishDialog } from "../../parts/PublishDialog";
import type { Given } from "../../parts/ReviewSheet";
import { Warnings } from "../../parts/Warnings";
import { changeWords } from "../../text/en/changes";
import { compareWords } from "../../text/en/compare";
import { Loading } from "../../ui/States";
import { Checkbox } from "../../ui/Switch";
import styles from "./Compare.module.css";
import { promoteWithUndo } from "./promote";
import { promotionOf } from "./select";

interface PromoteDialogProps {
  place: Place;
  from: string;
  target: Environment;
  offered: Offer;
  version: string;
  ids: string[];
  parts: readonly PromotionPart[];
  onClose: (isDone: boolean) => void;
}

export default function PromoteDialog(props: PromoteDialogProps) {
  const { place, from, target, offered, version, ids, parts, onClose } = props;
  const [takesAlong, setTakesAlong] = useState(true);
  const to = target.key;
  const input = promotionOf(from, version, ids, parts, takesAlong);
  const tried = useQuery({
    queryKey: ["promotion", place, to, JSON.stringify(input)],
    queryFn: () => promotionDryRun(place, to, input),
    gcTime: 0,
    staleTime: 0,
  });
  const isBlocked = offered.kind === "allowed" && wantsApproval(tried.data?.value.warnings);
  // What is made later takes what the source has then: a version of today would only stand in its way.
  const { from_version: _, ...whenever } = input;
  const later = {
    method: "POST",
    path: `projects/${place.project}/environments/${to}/promote`,
    type: "application/json",
    body: whenever,
  } as const;

  const publish = async ({ comment }: Given) => {
    if (!tried.data) return;
    await promoteWithUndo(place, to, { ...input, ...(comment ? { comment } : {}) }, tried.data.etag);
  };
  return (
    <PublishDialog
      title={compareWords.promote_title(ids.length, from, to)}
      place={place}
      env={target}
      offered={offered}
      verb={compareWords.publish_to(to)}
      sentences={(tried.data?.value.changes ?? []).map(itemSentence)}
      isReady={tried.data !== undefined && tried.data.value.changes.length > 0}
      isBlocked={isBlocked}
      later={later}
      publish={publish}
      onClose={onClose}
    >
      {tried.isPending && <Loading rows={4} />}
      {tried.isError && <Refused error={tried.error} />}
      {tried.data && <Effects promoted={tried.data.value} from={from} to={to} />}
      <Checkbox isOn={takesAlong} onChange={setTakesAlong}>
        {compareWords.take_along}
      </Checkbox>
    </PublishDialog>
  );
}

function Effects({ promoted, from, to }: { promoted: Promoted; from: string; to: string }) {
  if (promoted.changes.length === 0) return <p>{compareWords.no_changes}</p>;
  const along = new Set(promoted.taken_along.map(itemId));
  return (
    <div className={styles.effects}>
      <Sides from={changeWords.present(to)} to={changeWords.as_in(from)} />
      {promoted.changes.map((item) => (
        <section key={itemId(item)} aria-label={itemName(item)}>
          <h3>
            <code>{itemName(item)}</code> {isSegment(item) && compareWords.segment}{" "}
            {along.has(itemId(item)) && <small>{compareWords.taken_along}</small>}
          </h3>
          <ItemDifferenceList item={item} from={changeWords.present(to)} to={changeWords.as_in(from)} />
        </section>
      ))}
      {promoted.different.length > 0 && (
        <p>
          {compareWords.different}:{" "}
          {promoted.different.map((item) => (
            <code key={itemId(item)}>{itemName(item)} </code>
          ))}
        </p>
      )}
      <Warnings warnings={promoted.warnings ?? []} />
    </div>
  );
}

function Refused({ error }: { error: unknown }) {
  if (!(error instanceof ProblemError) || error.errors.length === 0) return <Problem error={error} />;
  const isMissing = error.has("missing_flag") || error.has("missing_segment");
  return (
    <div role="alert" className={styles.effects}>
      {isMissing && <p>{compareWords.missing}</p>}
      <ul>
        {error.errors.map((one) => (
          <li key={`${one.pointer} ${one.detail}`}>
            {one.pointer && <code>{one.pointer}</code>} {one.detail}
          </li>
        ))}
      </ul>
    </div>
  );
}
