import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { flagIndexQuery } from "../../api/queries/flag_index";
import { environmentsQuery } from "../../api/queries/projects";
import { parseTime } from "../../model/index";
import { PageBody, PageHead, Section } from "../../parts/PageHead";
import { Problem } from "../../parts/Problem";
import { useKeys, usePageSearch, useSetSearch } from "../../parts/page";
import { playWords } from "../../text/en/play";
import { FormError } from "../../ui/Field";
import { Empty, Loading } from "../../ui/States";
import { Chosen } from "./Chosen";
import { ContextsPanel } from "./ContextsPanel";
import styles from "./Play.module.css";
import { Results } from "./Results";
import { schema } from "./search";
import { useAnswers } from "./use_answers";
import { useContexts } from "./use_contexts";

const none: readonly string[] = [];

export default function Play() {
  const { org, project } = useKeys();
  const place = useMemo(() => ({ org, project }), [org, project]);
  const search = usePageSearch(schema);
  const setSearch = useSetSearch<typeof schema>();
  const index = useQuery(flagIndexQuery(org, project)).data?.flags ?? [];
  const environments = useQuery(environmentsQuery(org, project)).data ?? [];
  const state = useContexts();
  const flags = search.flags ?? none;
  const first = environments[0]?.key;
  const envs = search.envs ?? (first === undefined ? none : [first]);
  const versions = new Map(
    (search.versions ?? none).flatMap((one) => {
      const [env = "", version = ""] = one.split(/:(.*)/);
      return envs.includes(env) && version !== "" ? [[env, version] as const] : [];
    }),
  );
  const now = search.now === undefined ? undefined : parseTime(search.now);
  const isNowWrong = search.now !== undefined && now === undefined;
  const known = useMemo(() => new Set(index.map((flag) => flag.key)), [index]);
  const asked = useMemo(() => flags.filter((flag) => known.has(flag)), [flags, known]);
  const answers = useAnswers({ place, flags: asked, envs, versions, contexts: state.texts, now });
  const setVersion = (env: string, version: string | undefined) => {
    const others = [...versions].filter(([key]) => key !== env);
    const next = version === undefined ? others : [...others, [env, version]];
    setSearch({ versions: next.length > 0 ? next.map((pair) => pair.join(":")) : undefined });
  };
  const { results, rulesets, contexts, at, milliseconds, error } = answers;
  return (
    <>
      <PageHead title={playWords.title} detail={playWords.detail} />
      <PageBody>
        <div className={styles.chooser}>
          <Chosen
            place={place}
            index={index}
            environments={environments}
            flags={flags}
            envs={envs}
            versions={versions}
            now={search.now ?? ""}
            isNowWrong={isNowWrong}
            onFlags={(next) => setSearch({ flags: next.length > 0 ? next : undefined })}
            onEnvs={(next) => setSearch({ envs: next.length > 0 ? next : undefined })}
            onVersion={setVersion}
            onNow={(text) => setSearch({ now: text || undefined })}
          />
          <ContextsPanel place={place} state={state} />
        </div>
        <Section title={playWords.results}>
          {flags.length === 0 ? (
            <Empty title={playWords.choose_flags} detail={playWords.choose_flags_detail} />
          ) : state.texts.length === 0 ? (
            <Empty title={playWords.no_contexts} detail={playWords.no_contexts_detail} />
          ) : error !== undefined ? (
            typeof error === "string" ? (
              <FormError>{error}</FormError>
            ) : (
              <Problem error={error} />
            )
          ) : results && rulesets && contexts && at !== undefined ? (
            <Results
              state={{ results, rulesets, contexts, at, ...(milliseconds === undefined ? {} : { milliseconds }) }}
              by={search.by}
              onBy={(by) => setSearch({ by })}
              isOnlyChanged={search.only === "changed"}
              onOnlyChanged={(isOnly) => setSearch({ only: isOnly ? "changed" : undefined })}
            />
          ) : (
            <Loading rows={6} label={playWords.computing} />
          )}
        </Section>
      </PageBody>
    </>
  );
}
