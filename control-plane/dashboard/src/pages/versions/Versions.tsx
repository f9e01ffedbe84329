import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Suspense, useMemo } from "react";
import { environmentsQuery } from "../../api/queries/projects";
import { versionsQuery } from "../../api/queries/promotion";
import { Lines, Muted, PageBody, PageHead } from "../../parts/PageHead";
import { Problem } from "../../parts/Problem";
import { useGo, useKeys, usePageSearch, useSetSearch } from "../../parts/page";
import { useOffer } from "../../parts/session";
import { WhyNot } from "../../parts/WhyNot";
import { paths } from "../../paths";
import { versionWords } from "../../text/en/compare";
import { Button } from "../../ui/Button";
import { Choice } from "../../ui/Choice";
import { later } from "../../ui/later";
import { Empty, Loading } from "../../ui/States";
import { schema } from "./search";
import { VersionLine } from "./VersionLine";

const RollbackDialog = later(() => import("./RollbackDialog"));

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
        {environment && !mayRollBack && (
          <WhyNot action="roll_back" place={environment.name || env} isProtected={environment.protected} />
        )}
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
              <VersionLine
                key={version.version}
                place={place}
                env={env}
                isOpen={search.open === version.version}
                onOpen={(isOpen) => setSearch({ open: isOpen ? version.version : undefined })}
                version={version}
                isPresent={version.version === environment?.ruleset_version}
                mustAsk={offered.kind !== "allowed"}
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
