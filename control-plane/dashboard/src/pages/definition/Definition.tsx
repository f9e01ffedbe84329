import { useQueries, useQuery } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { type ExactConfig, exactConfigQuery, exactFlagQuery } from "../../api/queries/exact";
import type { Place } from "../../api/queries/flags";
import { type Environment, environmentsQuery } from "../../api/queries/projects";
import type { FlagDefinition } from "../../model/index";
import { useDraft } from "../../parts/draft/use_draft";
import { Load } from "../../parts/Load";
import { Problem } from "../../parts/Problem";
import { useKeys } from "../../parts/page";
import { useMe } from "../../parts/session";
import { words } from "../../text/en";
import { definitionWords } from "../../text/en/definition";
import { editorWords } from "../../text/en/editor";
import { Loading } from "../../ui/States";
import { FlagFrame } from "../flag/FlagFrame";
import { DefinitionView } from "./DefinitionView";

// /{org}/{project}/flags/{flag}/-/definition
export default function Definition() {
  return <FlagFrame section="definition">{() => <Read />}</FlagFrame>;
}

// A variation that is renamed changes the configurations that serve it, so all of them are read.
function Read() {
  const { org, project, flag: key } = useKeys();
  const place = useMemo(() => ({ org, project }), [org, project]);
  const flag = useQuery(exactFlagQuery(place, key));
  const environments = useQuery(environmentsQuery(org, project));
  const list = environments.data ?? [];
  const configs = useQueries({ queries: list.map((env) => exactConfigQuery(place, key, env.key)) });
  const failed = configs.find((one) => one.isError && one.data === undefined);
  if (failed) return <Problem error={failed.error} onRetry={() => void failed.refetch()} />;
  const read = configs.map((one) => one.data);
  return (
    <Load query={flag} rows={10}>
      {(given) =>
        environments.isSuccess && read.every((one) => one !== undefined) ? (
          <Drafted key={key} place={place} flag={given} environments={list} configs={read as ExactConfig[]} />
        ) : (
          <Loading rows={10} />
        )
      }
    </Load>
  );
}

interface DraftedProps {
  place: Place;
  flag: FlagDefinition & { version: number };
  environments: readonly Environment[];
  configs: readonly ExactConfig[];
}

const noOptions = { salt: "", variations: [] }; // of configurations; a definition has its own

function Drafted({ place, flag, environments, configs }: DraftedProps) {
  const person = useMe()?.user?.id ?? "";
  const names = environments.map((env) => env.key).join(" ");
  const versions = configs.map((one) => one.version).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: by their versions, so that a draft is not made anew for nothing
  const present = useMemo(
    () => ({
      version: flag.version,
      state: {
        definition: flag,
        configs: Object.fromEntries(names.split(" ").map((name, i) => [name, configs[i]?.config])) as never,
      },
    }),
    [flag, names, versions],
  );
  const resource = `projects/${place.project}/flags/${flag.key}`;
  const state = useDraft("definition", { person, org: place.org, resource }, present, noOptions);
  const isEmpty = state?.isEmpty ?? true;
  useEffect(() => {
    const title = `${definitionWords.title}, ${flag.key} · ${words.product}`;
    document.title = isEmpty ? title : editorWords.draft_title(title);
  }, [isEmpty, flag.key]);
  if (!state) return <Loading rows={10} />;
  return <DefinitionView place={place} environments={environments} state={state} present={present} />;
}
