import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { flagIndexQuery } from "../../api/queries/flag_index";
import type { Place } from "../../api/queries/flags";
import type { Environment } from "../../api/queries/projects";
import { EnvironmentPicker } from "../../parts/EnvironmentPicker";
import { usePageSearch, useSetSearch } from "../../parts/page";
import { newRolloutWords } from "../../text/en/new_rollout";
import { scheduleWords } from "../../text/en/schedules";
import { ComboBox } from "../../ui/Select";
import styles from "./Rollouts.module.css";
import { newSchema } from "./search";

interface OfWhatProps {
  place: Place;
  environments: readonly Environment[];
}

const most = 50; // flags that are offered at a time

// The flag and the environment of a rollout, which the address has.
export function OfWhat({ place, environments }: OfWhatProps) {
  const { flag, env } = usePageSearch(newSchema);
  const setSearch = useSetSearch<typeof newSchema>();
  const flags = useQuery(flagIndexQuery(place.org, place.project)).data?.flags ?? [];
  const [typed, setTyped] = useState(flag ?? "");
  const other = { rule: undefined, from: undefined, to: undefined };
  const found = flags.filter(({ key, name }) => `${key} ${name}`.toLowerCase().includes(typed.toLowerCase()));
  return (
    <div className={styles.fields}>
      <ComboBox
        label={newRolloutWords.flag}
        options={found
          .slice(0, most)
          .map(({ key, name }) => ({ id: key, label: key, detail: name === key ? "" : name }))}
        value={flag ?? null}
        input={typed}
        onInput={setTyped}
        onChange={(key) => {
          setTyped(key ?? "");
          setSearch({ flag: key ?? undefined, ...other });
        }}
      />
      <EnvironmentPicker
        label={scheduleWords.environment}
        environments={environments}
        value={env ?? ""}
        onChange={(key) => setSearch({ env: key, ...other })}
      />
    </div>
  );
}
