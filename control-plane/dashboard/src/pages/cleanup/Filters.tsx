import { useQuery } from "@tanstack/react-query";
import type { Place } from "../../api/queries/flags";
import { environmentsQuery } from "../../api/queries/projects";
import { ListTools } from "../../parts/ListPage";
import type { SearchOf } from "../../search";
import { cleanupWords } from "../../text/en/cleanup";
import { Choice } from "../../ui/Choice";
import { Select } from "../../ui/Select";
import type { Candidate } from "./candidates";
import { type Reason, reasons, type schema } from "./search";

interface FiltersProps {
  place: Place;
  all: readonly Candidate[];
  shown: number;
  search: SearchOf<typeof schema>;
  onChange: (changes: SearchOf<typeof schema>) => void;
}

const any = "-";

export function Filters({ place, all, shown, search, onChange }: FiltersProps) {
  const environments = useQuery(environmentsQuery(place.org, place.project)).data ?? [];
  const owners = [...new Set(all.map((one) => one.owner))].filter((owner) => owner !== "").sort();
  return (
    <ListTools>
      <Choice
        label={cleanupWords.reason}
        value={search.reason ?? any}
        options={[
          { id: any, label: cleanupWords.any_reason },
          ...reasons.map((id) => ({ id: id as string, label: cleanupWords.reasons[id] })),
        ]}
        onChange={(id) => onChange({ reason: id === any ? undefined : (id as Reason) })}
      />
      <Select
        label={cleanupWords.environment}
        value={search.env ?? any}
        options={[
          { id: any, label: cleanupWords.all_environments },
          ...environments.map(({ key, name }) => ({ id: key, label: name || key })),
        ]}
        onChange={(id) => onChange({ env: id === any ? undefined : id })}
      />
      <Select
        label={cleanupWords.owner}
        value={search.owner ?? any}
        options={[{ id: any, label: cleanupWords.any_owner }, ...owners.map((owner) => ({ id: owner, label: owner }))]}
        onChange={(id) => onChange({ owner: id === any ? undefined : id })}
      />
      <Choice
        label={cleanupWords.list}
        value={search.snoozed === "1" ? "snoozed" : "listed"}
        options={[
          { id: "listed", label: cleanupWords.listed },
          { id: "snoozed", label: cleanupWords.snoozed },
        ]}
        onChange={(id) => onChange({ snoozed: id === "snoozed" ? "1" : undefined, sel: undefined })}
      />
      <span role="status">{cleanupWords.shown(shown, all.length)}</span>
    </ListTools>
  );
}
