import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useMemo } from "react";
import { environmentsQuery } from "../../api/queries/projects";
import { type PastVersion, versionsQuery } from "../../api/queries/promotion";
import { Link } from "../../parts/Link";
import { Line, Lines, Muted, PageBody, PageHead } from "../../parts/PageHead";
import { Problem } from "../../parts/Problem";
import { useGo, useKeys, usePageSearch, useSetSearch } from "../../parts/page";
import { useOffer } from "../../parts/session";
import { paths } from "../../paths";
import { versionWords } from "../../text/en/compare";
import { ago, exactTime, list as listed } from "../../text/format";
import { Button } from "../../ui/Button";
import { Choice } from "../../ui/Choice";
import { Empty, Loading } from "../../ui/States";
import { schema } from "./search";

const RollbackDialog = lazy(() => import("./RollbackDialog"));

export default function Versions() {
  const { org, project, env } = useKeys();
  const place = useMemo(() => ({ org, project }), [org, project]);
  const search = usePageSearch(schema);
  const setSearch = useSetSearch<typeof schema>();
  const go = useGo();
  const environment = useQuery(environmentsQuery(org, project)).data?.find((each) => each.key === env);
  const versions = useInfiniteQuery(versionsQuery(place, env, search.flag ?? ""));
  const offered = useOffer()("roll_back", org, project, environment);
  const mayRollBack = offered.kind !== "denied";
  const rows = versions.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <PageHead
        title={versionWords.title(environment?.name || env)}
        detail={versionWords.detail}
        actions={
          <Button onPress={() => go(paths.compare(org, project, `?from=${encodeURIComponent(env)}`))}>
            {versionWords.compare}
          </Button>
        }
      />
      <PageBody>
        {search.flag && (
          <Choice
            label={versionWords.list}
            value="flag"
            options={[
              { id: "flag", label: versionWords.of_flag(search.flag) },
              { id: "all", label: versionWords.all_flags },
            ]}
            onChange={(id) => id === "all" && setSearch({ flag: undefined })}
          />
        )}
        {versions.isPending && <Loading rows={8} />}
        {versions.isError && rows.length === 0 && (
          <Problem error={versions.error} onRetry={() => void versions.refetch()} />
        )}
        {versions.isSuccess && rows.length === 0 && (
          <Empty title={versionWords.empty} detail={versionWords.empty_detail} />
        )}
        {rows.length > 0 && (
          <Lines label={versionWords.list}>
            {rows.map((version) => (
              <Version
                key={version.version}
                org={org}
                version={version}
                isPresent={version.version === environment?.ruleset_version}
                onBack={mayRollBack ? () => setSearch({ back: version.version }) : undefined}
              />
            ))}
          </Lines>
        )}
        {versions.hasNextPage ? (
          <div>
            <Button isPending={versions.isFetchingNextPage} onPress={() => void versions.fetchNextPage()}>
              {versionWords.older}
            </Button>
          </div>
        ) : (
          versions.isSuccess && rows.length > 0 && <Muted>{versionWords.kept}</Muted>
        )}
        <Suspense>
          {search.back && environment && mayRollBack && (
            <RollbackDialog
              place={place}
              environment={environment}
              offered={offered}
              version={search.back}
              only={search.only}
              onOnly={(only) => setSearch({ only })}
              onClose={() => setSearch({ back: undefined, only: undefined })}
            />
          )}
        </Suspense>
      </PageBody>
    </>
  );
}

const shownNames = 5;

interface VersionProps {
  org: string;
  version: PastVersion;
  isPresent: boolean;
  onBack: (() => void) | undefined;
}

function Version({ org, version, isPresent, onBack }: VersionProps) {
  const names = [...version.flags, ...version.segments];
  const others = version.changes - Math.min(names.length, shownNames);
  const who = version.actor === null ? versionWords.by_itself : (version.actor.email ?? version.actor.id);
  return (
    <Line
      end={
        isPresent ? (
          <Muted>{versionWords.present}</Muted>
        ) : (
          onBack && <Button onPress={onBack}>{versionWords.roll_back}</Button>
        )
      }
    >
      <span>
        <code>{version.version}</code> {names.length > 0 && versionWords.changed(listed(names.slice(0, shownNames)))}
        {names.length > 0 && others > 0 && ` ${versionWords.and_more(others)}`}
        {names.length === 0 && version.keys.length > 0 && versionWords.changed(versionWords.keys(version.keys.length))}
      </span>
      <Muted>
        {who} · <time dateTime={version.at}>{ago(version.at)}</time> · {exactTime(version.at)}
        {version.comment && ` · ${version.comment}`} · {versionWords.root} <code>{version.root.slice(0, 12)}</code>
        {version.audit_id && (
          <>
            {" "}
            · <Link to={paths.audit(org, `?entry=${encodeURIComponent(version.audit_id)}`)}>{versionWords.entry}</Link>
          </>
        )}
      </Muted>
    </Line>
  );
}
