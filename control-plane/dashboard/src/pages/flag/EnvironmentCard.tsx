import { useQuery } from "@tanstack/react-query";
import { lastHourQuery } from "../../api/queries/flag";
import { flagConfigQuery } from "../../api/queries/flag_config";
import type { FlagConfigEntry } from "../../api/queries/flag_index";
import type { Environment } from "../../api/queries/projects";
import { capitalised, configSentence, type FlagConfig } from "../../model/index";
import { stateOf } from "../../parts/flag_state";
import { Link } from "../../parts/Link";
import { Load } from "../../parts/Load";
import { Muted } from "../../parts/PageHead";
import { useHasPage, useKeys } from "../../parts/page";
import { RelaysHave } from "../../parts/RelaysHave";
import { Sentence } from "../../parts/Sentence";
import { useMay } from "../../parts/session";
import type { Toggle } from "../../parts/ToggleDialog";
import { paths } from "../../paths";
import { flagWords } from "../../text/en/flag";
import { flagsWords } from "../../text/en/flags";
import { ago } from "../../text/format";
import { Icon } from "../../ui/Icon";
import { Status } from "../../ui/Status";
import { Switch } from "../../ui/Switch";
import { EditLinks } from "./EditLinks";
import styles from "./FlagPage.module.css";

interface EnvironmentCardProps {
  env: Environment;
  entry: FlagConfigEntry | undefined; // of the index; an archived flag has none
  next: Environment | undefined; // the one that follows
  isChosen: boolean;
  onToggle: (change: Toggle) => void;
}

export function EnvironmentCard({ env, entry, next, isChosen, onToggle }: EnvironmentCardProps) {
  const { org, project, flag } = useKeys();
  const place = { org, project };
  const may = useMay();
  const query = useQuery(flagConfigQuery(place, flag, env.key));
  const hasEditor = useHasPage()("/$org/$project/flags/$flag/$env");
  const mayChange = may(env.protected ? "edit_protected" : "edit", org, project, env.key);
  const toggle = (isOn: boolean) => {
    if (entry) onToggle({ place, flag, env, isOn, version: entry.version, percent: entry.percent });
  };
  return (
    <section
      className={styles.card}
      aria-label={env.key}
      data-protected={env.protected || undefined}
      data-chosen={isChosen || undefined}
    >
      <div className={styles.head}>
        <h2>
          {env.protected && <Icon name="lock" />}
          {hasEditor ? <Link to={paths.editor(org, project, flag, env.key)}>{env.key}</Link> : env.key}
        </h2>
        <Status {...stateOf(entry)} />
        {entry && (
          <Switch
            isOn={entry.enabled}
            onChange={toggle}
            isDisabled={!mayChange}
            label={(entry.enabled ? flagsWords.turn_off_in : flagsWords.turn_on_in)(flag, env.key)}
          />
        )}
      </div>
      <div className={styles.facts}>
        {entry && !mayChange && <Muted>{flagWords.may_not}</Muted>}
        <Load query={query} rows={3}>
          {({ value }) => (
            <>
              <p>
                <Sentence parts={capitalised(configSentence(value as unknown as FlagConfig))} />
              </p>
              <Rates env={env.key} />
              <Muted>
                {flagWords.version(value.version)} · {flagWords.changed(ago(value.updated_at))}
                {value.warnings && value.warnings.length > 0 && ` · ${flagWords.warnings(value.warnings.length)}`}
              </Muted>
            </>
          )}
        </Load>
        <Badges entry={entry} />
        <RelaysHave place={place} env={env.key} />
        <EditLinks env={env} entry={entry} />
        {next && <Promote from={env} to={next} />}
      </div>
    </section>
  );
}

// To the next environment in their order: what differs, and the review of taking it over.
function Promote({ from, to }: { from: Environment; to: Environment }) {
  const { org, project, flag } = useKeys();
  const may = useMay();
  const pair = `?from=${encodeURIComponent(from.key)}&to=${encodeURIComponent(to.key)}&sel=${encodeURIComponent(flag)}`;
  return (
    <div className={styles.badges}>
      <Link to={paths.compare(org, project, `${pair}&open=${encodeURIComponent(flag)}`)}>
        {flagWords.compare(to.key)}
      </Link>
      {may(to.protected ? "edit_protected" : "edit", org, project, to.key) && (
        <Link to={paths.compare(org, project, `${pair}&promote=1`)}>{flagWords.promote(to.key)}</Link>
      )}
    </div>
  );
}

function Badges({ entry }: { entry: FlagConfigEntry | undefined }) {
  if (!entry || (!entry.requests && !entry.schedules && !entry.rollouts && !entry.stale)) return null;
  return (
    <div className={styles.badges}>
      {entry.requests > 0 && <Status kind="needs_approval" text={flagWords.requests(entry.requests)} />}
      {entry.schedules > 0 && <Status kind="scheduled" text={flagWords.schedules(entry.schedules)} />}
      {entry.rollouts > 0 && <Status kind="rolling_out" text={flagWords.rollouts(entry.rollouts)} />}
      {entry.stale && <Status kind="stale" />}
    </div>
  );
}

// Counts and shares of the last hour. What is not known is not drawn as nothing.
function Rates({ env }: { env: string }) {
  const { org, project, flag } = useKeys();
  const { data, isError } = useQuery(lastHourQuery({ org, project }, flag, env));
  if (isError) return <Muted>{flagWords.last_hour_unknown}</Muted>;
  if (data === undefined) return null;
  if (data === null || data.count === 0) return <Muted>{flagWords.last_hour_none}</Muted>;
  const shares = data.variations.map(({ variation, count }) =>
    flagWords.share(variation ?? flagWords.callers_default, (100 * count) / data.count),
  );
  return (
    <span>
      {flagWords.last_hour(data.count)}: {shares.join(", ")}
    </span>
  );
}
