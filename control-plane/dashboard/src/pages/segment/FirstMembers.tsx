import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { environmentsQuery } from "../../api/queries/projects";
import { Load } from "../../parts/Load";
import { useGo, useKeys } from "../../parts/page";
import { paths } from "../../paths";
import { Loading } from "../../ui/States";
import { SegmentFrame } from "./SegmentFrame";

// A segment without an environment in its address: the first one is shown.
export default function FirstMembers() {
  const { org, project, segment } = useKeys();
  const environments = useQuery(environmentsQuery(org, project));
  const first = environments.data?.[0]?.key;
  const go = useGo();
  useEffect(() => {
    if (first !== undefined) go(paths.segment(org, project, segment, first), true);
  }, [first, org, project, segment, go]);
  return (
    <SegmentFrame current="members">
      <Load query={environments}>{() => <Loading />}</Load>
    </SegmentFrame>
  );
}
