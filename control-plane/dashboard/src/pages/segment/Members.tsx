import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { environmentsQuery } from "../../api/queries/projects";
import { segmentBodyQuery, usesQuery } from "../../api/queries/segments";
import { EnvironmentLinks } from "../../parts/EnvironmentLinks";
import { Load } from "../../parts/Load";
import { useKeys } from "../../parts/page";
import { paths } from "../../paths";
import { segmentWords } from "../../text/en/segments";
import { list } from "../../text/format";
import { Banner } from "../../ui/States";
import { MemberLists } from "./MemberLists";
import { Rules } from "./Rules";
import { SegmentFrame } from "./SegmentFrame";

export default function Members() {
  const { org, project, segment, env } = useKeys();
  const place = useMemo(() => ({ org, project, segment }), [org, project, segment]);
  const environments = useQuery(environmentsQuery(org, project)).data ?? [];
  const here = environments.find((one) => one.key === env);
  const members = useQuery(segmentBodyQuery(place, env));
  const uses = useQuery(usesQuery(place)).data?.items ?? [];
  const flags = [...new Set(uses.filter((use) => use.environment === env && !use.archived).map((use) => use.key))];
  return (
    <SegmentFrame current="members">
      <EnvironmentLinks
        label={segmentWords.environments}
        environments={environments}
        current={env}
        pathOf={(key) => paths.segment(org, project, segment, key)}
      />
      {here?.protected && flags.length > 0 && (
        <Banner tone="protected">{segmentWords.depends(here.name || env, list(named(flags)))}</Banner>
      )}
      <Load query={members}>
        {({ value, etag }) => (
          <>
            <MemberLists place={place} environment={here} env={env} body={value} etag={etag} />
            <Rules place={place} environment={here} env={env} body={value} etag={etag} />
          </>
        )}
      </Load>
    </SegmentFrame>
  );
}

const most = 5;

const named = (flags: readonly string[]): readonly string[] =>
  flags.length <= most ? flags : [...flags.slice(0, most), segmentWords.depends_more(flags.length - most)];
