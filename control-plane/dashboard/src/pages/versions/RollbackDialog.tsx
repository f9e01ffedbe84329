import { useQuery } from "@tanstack/react-query";
import type { Place } from "../../api/queries/flags";
import type { Environment } from "../../api/queries/projects";
import { type RolledBack, rollBack, rollbackDryRun } from "../../api/queries/promotion";
import { approvalsQuery } from "../../api/queries/requests";
import type { Offer } from "../../model/index";
import { wantsApproval } from "../../parts/approval";
import { ItemDifferenceList, Sides } from "../../parts/ItemDifferenceList";
import { itemSentence } from "../../parts/item_sentence";
import { itemId, itemName } from "../../parts/items";
import { Problem } from "../../parts/Problem";
import { PublishDialog } from "../../parts/PublishDialog";
import type { Given } from "../../parts/ReviewSheet";
import { versionNumber } from "../../parts/standing";
import { Warnings } from "../../parts/Warnings";
import { changeWords } from "../../text/en/changes";
import { versionWords } from "../../text/en/compare";
import { Loading } from "../../ui/States";
import { Tokens } from "../../ui/Tokens";
import { toast } from "../../ui/toasts";

interface RollbackDialogProps {
  place: Place;
  environment: Environment;
  offered: Offer;
  version: string;
  only: readonly string[] | undefined;
  onOnly: (flags: readonly string[] | undefined) => void;
  onClose: () => void;
}

export default function RollbackDialog(props: RollbackDialogProps) {
  const { place, environment, offered, version, only, onOnly, onClose } = props;
  const env = environment.key;
  const input = { version, ...(only ? { flags: [...only] } : {}) };
  const tried = useQuery({
    queryKey: ["rollback", place, env, JSON.stringify(input)],
    queryFn: () => rollbackDryRun(place, env, input),
    gcTime: 0,
    staleTime: 0,
  });
  const required = useQuery(approvalsQuery(place, env)).data ?? 0;
  const isBlocked = required > 0 || wantsApproval(tried.data?.value.warnings);
  const publish = async ({ comment }: Given) => {
    if (!tried.data) return;
    await rollBack(place, env, { ...input, ...(comment ? { comment } : {}) }, tried.data.etag);
    toast(versionWords.rolled_back(env, versionNumber(version)));
  };
  const path = `projects/${place.project}/environments/${env}/rollback`;
  return (
    <PublishDialog
      title={versionWords.roll_back_title(versionNumber(version), env)}
      place={place}
      env={environment}
      offered={offered}
      verb={versionWords.roll_back_publish(env)}
      sentences={(tried.data?.value.changes ?? []).map(itemSentence)}
      isDanger
      isReady={tried.data !== undefined && tried.data.value.changes.length > 0}
      isBlocked={offered.kind === "allowed" && isBlocked}
      later={{ method: "POST", path, type: "application/json", body: input }}
      publish={publish}
      onClose={onClose}
    >
      <p>{versionWords.roll_back_detail}</p>
      <Tokens
        label={versionWords.only}
        hint={versionWords.only_hint}
        isCode
        values={only ?? []}
        onChange={(flags) => onOnly(flags.length > 0 ? flags : undefined)}
      />
      {tried.isPending && <Loading rows={4} />}
      {tried.isError && <Problem error={tried.error} onRetry={() => void tried.refetch()} />}
      {tried.data && <Effects result={tried.data.value} version={version} />}
    </PublishDialog>
  );
}

function Effects({ result, version }: { result: RolledBack; version: string }) {
  return (
    <>
      {result.changes.length === 0 ? (
        <p>{changeWords.nothing}</p>
      ) : (
        <Sides from={versionWords.at_present} to={versionWords.at_version(versionNumber(version))} />
      )}
      {result.changes.map((item) => (
        <section key={itemId(item)} aria-label={itemName(item)}>
          <h3>
            <code>{itemName(item)}</code>
          </h3>
          <ItemDifferenceList
            item={item}
            from={versionWords.at_present}
            to={versionWords.at_version(versionNumber(version))}
          />
        </section>
      ))}
      {result.skipped.length > 0 && (
        <>
          <h3>{versionWords.skipped}</h3>
          <ul>
            {result.skipped.map((item) => (
              <li key={itemId(item)}>
                <code>{itemName(item)}</code> {versionWords.reasons[item.code]}
              </li>
            ))}
          </ul>
        </>
      )}
      <Warnings warnings={result.warnings ?? []} />
    </>
  );
}
