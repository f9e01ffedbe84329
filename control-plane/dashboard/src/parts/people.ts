// Names of an organisation's members by their ids.
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { memberNamesQuery } from "../api/queries/member_names";
import { homeWords } from "../text/en/home";
import { useMe } from "./session";

// Whoever may not list the members sees ids, and their own name.
export function usePeople(org: string): (id: string) => string {
  const me = useMe()?.user;
  const names = useQuery({ ...memberNamesQuery(org), enabled: org !== "" }).data;
  return useMemo(() => {
    const all = new Map(names);
    if (me) all.set(me.id, me.email);
    return (id: string) => (id === "" ? homeWords.system : (all.get(id) ?? id));
  }, [names, me]);
}
