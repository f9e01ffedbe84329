import { useQuery } from "@tanstack/react-query";
import { Suspense, useEffect, useMemo } from "react";
import { type ExactConfig, exactConfigQuery, exactFlagQuery } from "../../api/queries/exact";
import type { Place } from "../../api/queries/flags";
import { type Environment, environmentsQuery } from "../../api/queries/projects";
import type { ApplyOptions, FlagDefinition } from "../../model/index";
import { useConfigDraft } from "../../parts/draft/use_config_draft";
import { EnvironmentLinks } from "../../parts/EnvironmentLinks";
import { useShortcuts } from "../../parts/keyboard";
import { Link } from "../../parts/Link";
import { Load } from "../../parts/Load";
import { neighbour } from "../../parts/list_walk";
import { PageBody, PageHead } from "../../parts/PageHead";
import { Problem } from "../../parts/Problem";
import { useGo, useKeys, usePageSearch } from "../../parts/page";
import { useMay, useMe } from "../../parts/session";
import { paths } from "../../paths";
import { words } from "../../text/en";
import { editorWords } from "../../text/en/editor";
import { later } from "../../ui/later";
import { Loading, NotFound } from "../../ui/States";
import { Status } from "../../ui/Status";
import { EditorView } from "./EditorView";
import { schema } from "./search";

const PastVersion = later(() => import("./PastVersion"));

// /{org}/{project}/flags/{flag}/{env}
export default function Editor() {
  const { org, project, flag: key, env: envKey } = useKeys();
  const place = useMemo(() => ({ org, project }), [org, project]);
  const { at } = usePageSearch(schema);
  const flag = useQuery(exactFlagQuery(place, key));
  const environments = useQuery(environmentsQuery(org, project));
  const config = useQuery(exactConfigQuery(place, key, envKey));
  const env = environments.data?.find((each) => each.key === envKey);
  const failed = [flag, environments, config].find((query) => query.isError && query.data === undefined);
  const title = flag.data?.name || key;
  useWalk(place, key, envKey, environments.data ?? []);
  return (
    <>
      <PageHead
        title={title}
        documentTitle={editorWords.title(title, envKey)}
        mark={env?.protected && <Status kind="protected" />}
        detail={
          <>
            <Link to={paths.flag(org, project, key)}>
              <code>{key}</code>
            </Link>{" "}
            · <Link to={paths.newRollout(org, project, key, envKey)}>{editorWords.roll_out}</Link>
          </>
        }
      />
      <EnvironmentLinks
        label={editorWords.environments}
        environments={environments.data ?? []}
        current={envKey}
        pathOf={(each) => paths.editor(org, project, key, each)}
      />
      {failed ? (
        <PageBody>
          <Problem error={failed.error} onRetry={() => void failed.refetch()} />
        </PageBody>
      ) : environments.data && !env ? (
        <PageBody>
          <NotFound />
        </PageBody>
      ) : (
        <Load query={config} rows={10}>
          {(present) =>
            flag.data && env ? (
              at ? (
                <Suspense fallback={<Loading />}>
                  <PastVersion place={place} flag={flag.data} env={env} version={at} />
                </Suspense>
              ) : (
                <Drafted key={`${key} ${envKey}`} place={place} flag={flag.data} env={env} present={present} />
              )
            ) : (
              <PageBody>
                <Loading rows={10} />
              </PageBody>
            )
          }
        </Load>
      )}
    </>
  );
}

// `1` to `9` lead to the environments, `[` and `]` through the list that one came from.
function useWalk(place: Place, flag: string, env: string, environments: readonly Environment[]): void {
  const go = useGo();
  const to = (key: string | undefined, where: string) => () => {
    if (key !== undefined) go(paths.editor(place.org, place.project, key, where));
  };
  const numbers = environments.slice(0, 9).map((each, i) => [String(i + 1), to(flag, each.key)] as const);
  useShortcuts({
    ...Object.fromEntries(numbers),
    "[": to(neighbour(place, flag, -1), env),
    "]": to(neighbour(place, flag, 1), env),
  });
}

interface DraftedProps {
  place: Place;
  flag: FlagDefinition;
  env: Environment;
  present: ExactConfig;
}

function Drafted({ place, flag, env, present }: DraftedProps) {
  const me = useMe();
  const may = useMay();
  const options = useMemo(
    (): ApplyOptions => ({ salt: flag.salt, variations: flag.variations.map(({ key }) => key) }),
    [flag],
  );
  const person = me?.user?.id ?? "";
  const resource = `projects/${place.project}/flags/${flag.key}/environments/${env.key}`;
  const state = useConfigDraft({ person, org: place.org, resource }, present, options);
  const isEmpty = state?.isEmpty ?? true;
  useEffect(() => {
    const title = `${editorWords.title(flag.name || flag.key, env.key)} · ${words.product}`;
    document.title = isEmpty ? title : editorWords.draft_title(title);
  }, [isEmpty, flag, env]);
  if (!state) {
    return (
      <PageBody>
        <Loading rows={10} />
      </PageBody>
    );
  }
  const isReadOnly = flag.archived || !may("edit", place.org, place.project, env.key);
  return <EditorView place={place} flag={flag} env={env} present={present} state={state} isReadOnly={isReadOnly} />;
}
