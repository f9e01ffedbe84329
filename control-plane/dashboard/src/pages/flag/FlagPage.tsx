import { useQuery } from "@tanstack/react-query";
import { Suspense, useState } from "react";
import { flagIndexQuery } from "../../api/queries/flag_index";
import { type Environment, environmentsQuery } from "../../api/queries/projects";
import { Load } from "../../parts/Load";
import { Muted } from "../../parts/PageHead";
import { useKeys, usePageSearch, useSetSearch } from "../../parts/page";
import { Receipt } from "../../parts/Receipt";
import type { Toggle } from "../../parts/ToggleDialog";
import { isCareful, toggleAtOnce } from "../../parts/toggle";
import { WrittenText } from "../../parts/WrittenText";
import { flagWords } from "../../text/en/flag";
import { Choice } from "../../ui/Choice";
import { later } from "../../ui/later";
import { EnvironmentCard } from "./EnvironmentCard";
import { FlagFrame } from "./FlagFrame";
import styles from "./FlagPage.module.css";
import { schema } from "./search";
import { useEditKeys } from "./use_edit_keys";

const ToggleDialog = later(() => import("../../parts/ToggleDialog"));

// A flag in all environments, side by side.
export default function FlagPage() {
  const { org, project } = useKeys();
  const environments = useQuery(environmentsQuery(org, project));
  return (
    <FlagFrame section="environments">
      {({ description }) => (
        <>
          {description !== "" && <WrittenText text={description} />}
          <Load query={environments}>{(list) => <Cards environments={list} />}</Load>
        </>
      )}
    </FlagFrame>
  );
}

function Cards({ environments }: { environments: readonly Environment[] }) {
  const { org, project, flag } = useKeys();
  const place = { org, project };
  const { env } = usePageSearch(schema);
  const setSearch = useSetSearch<typeof schema>();
  const index = useQuery(flagIndexQuery(org, project));
  const entry = index.data?.flags.find((each) => each.key === flag);
  useEditKeys(environments, entry, env);
  const [asked, setAsked] = useState<Toggle>();
  const [changed, setChanged] = useState<{ env: string; at: number }>();
  const chosen = environments.find((each) => each.key === env)?.key ?? environments[0]?.key;
  if (chosen === undefined) return <Muted>{flagWords.no_environment}</Muted>;
  const toggle = async (change: Toggle) => {
    if (isCareful(change.env)) return setAsked(change);
    await toggleAtOnce(change);
    setChanged({ env: change.env.key, at: Date.now() });
  };
  return (
    <>
      {changed && <Receipt key={changed.at} place={place} env={changed.env} onClose={() => setChanged(undefined)} />}
      <div className={styles.switcher}>
        <Choice
          label={flagWords.environment}
          value={chosen}
          options={environments.map(({ key }) => ({ id: key, label: key }))}
          onChange={(key) => setSearch({ env: key })}
        />
      </div>
      <div className={styles.cards}>
        {environments.map((each, i) => (
          <EnvironmentCard
            key={each.key}
            env={each}
            entry={entry?.environments[each.key]}
            next={entry && environments[i + 1]}
            isChosen={each.key === chosen}
            onToggle={(change) => void toggle(change)}
          />
        ))}
      </div>
      {asked && (
        <Suspense fallback={null}>
          <ToggleDialog toggle={asked} onClose={() => setAsked(undefined)} />
        </Suspense>
      )}
    </>
  );
}
