import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { environmentsQuery } from "../../api/queries/projects";
import { segmentQuery } from "../../api/queries/segments";
import { Link } from "../../parts/Link";
import { PageBody, PageHead } from "../../parts/PageHead";
import { Problem } from "../../parts/Problem";
import { useKeys } from "../../parts/page";
import { paths } from "../../paths";
import { segmentWords } from "../../text/en/segments";
import { Status } from "../../ui/Status";
import { TabLinks } from "../../ui/Tabs";
import { SegmentMenu } from "./SegmentMenu";

type Section = "members" | "history" | "uses";

// What the pages of a segment have around them: its name, and links to its parts.
export function SegmentFrame({ current, children }: { current: Section; children: ReactNode }) {
  const { org, project, segment, env } = useKeys();
  const given = useQuery(segmentQuery({ org, project, segment }));
  const environments = useQuery(environmentsQuery(org, project)).data ?? [];
  const first = env || environments[0]?.key;
  const tabs = [
    { id: "members", label: segmentWords.members, href: paths.segment(org, project, segment, first) },
    { id: "history", label: segmentWords.history, href: paths.segmentPart(org, project, segment, "history") },
    { id: "uses", label: segmentWords.uses, href: paths.segmentPart(org, project, segment, "uses") },
  ];
  if (given.isError && given.data === undefined)
    return (
      <>
        <PageHead title={segment} />
        <PageBody>
          <Problem error={given.error} onRetry={() => void given.refetch()} />
        </PageBody>
      </>
    );
  const definition = given.data?.value;
  return (
    <>
      <PageHead
        title={definition?.name || segment}
        mark={definition?.archived && <Status kind="archived" />}
        detail={
          <>
            <code>{segment}</code>
            {definition?.description && ` · ${definition.description}`}
          </>
        }
        actions={
          given.data && (
            <SegmentMenu
              place={{ org, project, segment }}
              environments={environments}
              segment={given.data.value}
              etag={given.data.etag}
            />
          )
        }
      />
      <TabLinks
        label={segmentWords.tabs}
        tabs={tabs}
        current={current}
        renderLink={(tab, className, inside) => (
          <Link key={tab.id} to={tab.href} className={className} isCurrent={tab.id === current}>
            {inside}
          </Link>
        )}
      />
      <PageBody>{children}</PageBody>
    </>
  );
}
