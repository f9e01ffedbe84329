import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { environmentsQuery } from "../../api/queries/projects";
import { type Propagation as Given, propagationQuery } from "../../api/queries/propagation";
import { latestVersionsQuery } from "../../api/queries/versions";
import { Link } from "../../parts/Link";
import { Load } from "../../parts/Load";
import { Muted, PageBody, PageHead } from "../../parts/PageHead";
import { useKeys, usePageSearch } from "../../parts/page";
import { countOf, standings, statusOf } from "../../parts/relay_standing";
import { askAgainIn, standingOf } from "../../parts/standing";
import { paths } from "../../paths";
import { propagationWords } from "../../text/en/propagation";
import { relayWords } from "../../text/en/relays";
import { ago, count } from "../../text/format";
import { Empty } from "../../ui/States";
import { Status } from "../../ui/Status";
import styles from "./Propagation.module.css";
import { RelayTable } from "./RelayTable";
import { Stage } from "./Stage";
import { schema } from "./search";
import { arrivalsOf } from "./steps";

export default function Propagation() {
  const { org, project, env } = useKeys();
  const { version } = usePageSearch(schema);
  const place = { org, project };
  const [since] = useState(() => Date.now());
  const query = useQuery({
    ...propagationQuery(place, env, version),
    // Relays report by themselves, so one may fall behind later.
    refetchInterval: ({ state }) =>
      askAgainIn(state.data && standingOf(state.data.relays), Date.now() - since) || 5_000,
  });
  const environment = useQuery(environmentsQuery(org, project)).data?.find((one) => one.key === env);
  const versions = useQuery(latestVersionsQuery(place, env)).data;
  const shown = version ?? query.data?.version;
  const published = versions?.find((one) => one.version === shown);
  const by = published && (published.actor?.email ?? published.actor?.id ?? propagationWords.system);
  return (
    <>
      <PageHead
        title={propagationWords.title(env)}
        detail={propagationWords.detail}
        actions={
          <>
            {version && (
              <Link to={paths.environment(org, project, env, "propagation")}>{propagationWords.show_newest}</Link>
            )}
            <Link to={paths.orgPart(org, "relays")}>{propagationWords.all_relays}</Link>
          </>
        }
      />
      <PageBody>
        <Load query={query}>
          {(given) => (
            <>
              <div>
                <p className={styles.version}>
                  {version === undefined && `${propagationWords.newest}: `}
                  <code>{given.version}</code>
                </p>
                {published && by && <Muted>{propagationWords.published(ago(published.at), by)}</Muted>}
              </div>
              <Counts given={given} />
              {given.stage && (
                <Stage
                  environment={environment}
                  version={given.version}
                  stage={given.stage}
                  waiting={given.relays.filter((relay) => relay.standing === "held").length}
                />
              )}
              {given.relays.length > 0 && <RelayTable org={org} given={given} />}
            </>
          )}
        </Load>
      </PageBody>
    </>
  );
}

// How many relays have it, as a number and as a bar; each standing with its glyph and word.
function Counts({ given }: { given: Given }) {
  const all = given.relays.length;
  const by = countOf(given.relays.map((relay) => relay.standing));
  const { half, all: last } = arrivalsOf(given);
  if (all === 0) return <Empty title={propagationWords.none} detail={propagationWords.none_detail} />;
  return (
    <div className={styles.counts}>
      <p role="status" className={styles.have}>
        {propagationWords.have(by.up_to_date, all)}
      </p>
      <div aria-hidden className={styles.bar}>
        {[...standings].reverse().map((standing) => (
          <span
            key={standing}
            className={`${styles.part} ${styles[standing]}`}
            style={{ "--share": by[standing] } as object}
          />
        ))}
      </div>
      <ul aria-label={relayWords.standing} className={styles.legend}>
        {[...standings]
          .reverse()
          .filter((standing) => by[standing] > 0)
          .map((standing) => (
            <li key={standing}>
              <Status {...statusOf(standing)} /> {count(by[standing])}
            </li>
          ))}
      </ul>
      <Muted>
        {progress(given)} {half !== undefined && propagationWords.half(half)}{" "}
        {last !== undefined && propagationWords.all(last)}
      </Muted>
    </div>
  );
}

function progress({ complete, stage }: Given): string {
  if (complete) return propagationWords.complete;
  if (stage?.state === "withdrawn") return propagationWords.taken_back;
  return stage?.state === "held" ? propagationWords.held : propagationWords.waiting;
}
