import { useQuery } from "@tanstack/react-query";
import { Suspense, useState } from "react";
import { deleteFlag, previewDefinition, publishDefinition, tryDeleteFlag } from "../../api/queries/definition";
import { usesQuery } from "../../api/queries/flag";
import type { Place } from "../../api/queries/flags";
import type { Environment } from "../../api/queries/projects";
import { describeDefinition, type FlagDefinition } from "../../model/index";
import { DeleteDialog } from "../../parts/DeleteDialog";
import { Link } from "../../parts/Link";
import { Line, Lines, Section } from "../../parts/PageHead";
import { useGo } from "../../parts/page";
import type { Reviewed } from "../../parts/ReviewSheet";
import { StillAsked } from "../../parts/StillAsked";
import { useMay } from "../../parts/session";
import { strictest } from "../../parts/strictest";
import { paths } from "../../paths";
import { definitionWords as words } from "../../text/en/definition";
import { Button } from "../../ui/Button";
import { later } from "../../ui/later";
import { toast } from "../../ui/toasts";
import styles from "./Definition.module.css";

const ReviewSheet = later(() => import("../../parts/ReviewSheet"));

interface EndingProps {
  place: Place;
  environments: readonly Environment[];
  flag: FlagDefinition; // as it is, not as a draft makes it
  version: number;
}

// Archiving and restoring through the review; deleting by typing the key. Both say who still asks.
export function Ending({ place, environments, flag, version }: EndingProps) {
  const may = useMay();
  const go = useGo();
  const [dialog, setDialog] = useState<"review" | "delete">();
  const uses = useQuery(usesQuery(place, flag.key)).data?.items ?? [];
  const mayArchive = may("archive", place.org, place.project);
  const mayDelete = may("delete", place.org, place.project);
  const mayCopy = may("edit", place.org, place.project) && !flag.archived;
  if (!mayArchive && !mayDelete && !mayCopy) return null;
  const close = () => setDialog(undefined);
  return (
    <Section title={words.end}>
      {uses.length > 0 && (
        <>
          <p>{words.uses_first}</p>
          <Lines label={words.uses_first}>
            {uses.map((use) => (
              <Line key={`${use.kind} ${use.key} ${use.environment} ${use.pointer}`}>
                <span>
                  <Link to={paths.flag(place.org, place.project, use.key)}>{use.key}</Link> {use.environment}
                </span>
              </Line>
            ))}
          </Lines>
        </>
      )}
      {mayCopy && (
        <div className={styles.ending}>
          <p className={styles.hint}>{words.copy_detail}</p>
          <Button onPress={() => go(paths.newFlag(place.org, place.project, `?from=${encodeURIComponent(flag.key)}`))}>
            {words.copy}
          </Button>
        </div>
      )}
      {mayArchive && (
        <div className={styles.ending}>
          <p className={styles.hint}>{flag.archived ? words.restore_detail : words.archive_detail}</p>
          <Button onPress={() => setDialog("review")} isDisabled={!flag.archived && uses.length > 0}>
            {flag.archived ? words.restore : words.archive}
          </Button>
        </div>
      )}
      {mayDelete && (
        <div className={styles.ending}>
          <p className={styles.hint}>{words.delete_detail}</p>
          <Button kind="danger" onPress={() => setDialog("delete")} isDisabled={uses.length > 0}>
            {words.delete}
          </Button>
        </div>
      )}
      <Suspense>
        {dialog === "review" && (
          <ReviewSheet reviewed={archivingOf({ place, environments, flag, version })} onClose={close} onDone={close} />
        )}
      </Suspense>
      {dialog === "delete" && (
        <DeleteDialog
          name={flag.key}
          action={words.delete}
          detail={words.delete_detail}
          onTry={() => tryDeleteFlag(place, flag.key, version)}
          onDelete={async () => {
            await deleteFlag(place, flag.key, version);
            toast(words.deleted_done(flag.key));
            go(paths.flags(place.org, place.project));
          }}
          onClose={close}
        >
          <StillAsked place={place} flags={[flag.key]} />
        </DeleteDialog>
      )}
    </Section>
  );
}

function archivingOf({ place, environments, flag, version }: EndingProps): Reviewed {
  const kind = flag.archived ? ("restore" as const) : ("archive" as const);
  const patch = (comment: string) => ({
    place,
    flag: flag.key,
    body: JSON.stringify({ ...(comment ? { comment } : {}), instructions: [{ kind }] }),
    version,
  });
  const env = strictest(environments);
  return {
    title: flag.archived ? words.restore_title(flag.key) : words.archive_title(flag.key),
    verb: flag.archived ? words.restore : words.archive,
    environment: env,
    sentences: describeDefinition(flag, { ...flag, archived: !flag.archived }),
    impact: flag.archived ? undefined : <StillAsked place={place} flags={[flag.key]} />,
    preview: {
      id: `${kind} ${place.org} ${place.project} ${flag.key} ${version}`,
      run: () => previewDefinition(patch(env?.comment_required ? "-" : "")),
    },
    mayPublish: true,
    isDanger: !flag.archived,
    publish: async ({ comment, key }) => {
      await publishDefinition(patch(comment), key);
      toast(flag.archived ? words.restored_done(flag.key) : words.archived_done(flag.key));
    },
  };
}
