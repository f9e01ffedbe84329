import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { environmentsQuery } from "../../api/queries/projects";
import { useGo, useKeys } from "../../parts/page";
import { paths } from "../../paths";
import { Loading } from "../../ui/States";
import { SegmentFrame } from "./SegmentFrame";

// A segment without an environment in its address: the first one is shown.
export default function FirstMembers() {
  const { org, project, segment } = useKeys();
  const first = useQuery(environmentsQuery(org, project)).data?.[0]?.key;
  const go = useGo();
  useEffect(() => {
    if (first !== undefined) go(paths.segment(org, project, segment, first), true);
  }, [first, org, project, segment, go]);
  return (
    <SegmentFrame current="members">
      <Loading />
    </SegmentFrame>
  );
}
