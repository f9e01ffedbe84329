import { Suspense } from "react";
import type { FlagEntry } from "../../api/queries/flag_index";
import type { Environment } from "../../api/queries/projects";
import type { SortName } from "../../model/index";
import { stateOf } from "../../parts/flag_state";
import { NameCell } from "../../parts/ListPage";
import { isCareful } from "../../parts/toggle";
import { paths } from "../../paths";
import { words } from "../../text/en";
import { flagsWords } from "../../text/en/flags";
import { ago } from "../../text/format";
import { Icon } from "../../ui/Icon";
import { later } from "../../ui/later";
import { Status } from "../../ui/Status";
import type { Column } from "../../ui/VirtualTable";
import styles from "./FlagList.module.css";
import type { ColumnId } from "./search";

const Spark = later(() => import("./Spark")); // the list stands before what it counts

export interface ColumnsGiven {
  org: string;
  project: string;
  environments: readonly Environment[];
  shown: readonly ColumnId[];
  counted: string; // environment whose evaluations are shown
  order: string;
  onOrder: (order: string) => void;
  onState: (flag: FlagEntry, env: Environment) => void;
  onIntent: (flag: FlagEntry) => void; // it may be opened next
  mayEdit: (env: Environment) => boolean;
}

export function columnsOf(given: ColumnsGiven): Column<FlagEntry>[] {
  const { org, project, environments, shown, counted, order, onOrder, onState, onIntent, mayEdit } = given;
  const sortable = (by: SortName) => ({
    sort: order === by ? ("ascending" as const) : order === `-${by}` ? ("descending" as const) : ("none" as const),
    onSort: () => onOrder(order === by ? `-${by}` : by),
  });
  const state = (env: Environment): Column<FlagEntry> => ({
    id: `env-${env.key}`,
    width: "minmax(72px, 104px)",
    head: (
      <span className={styles.env}>
        {env.protected && <Icon name="lock" />}
        {env.key}
      </span>
    ),
    cell: (flag, isActive) => (
      <StateCell
        flag={flag}
        env={env}
        isInTabOrder={isActive}
        onPress={mayEdit(env) ? () => onState(flag, env) : undefined}
      />
    ),
  });
  const others: Record<ColumnId, Column<FlagEntry>> = {
    type: { id: "type", head: flagsWords.type, width: "72px", ...sortable("type"), cell: (flag) => flag.type },
    tags: {
      id: "tags",
      head: flagsWords.tags,
      width: "minmax(80px, 1fr)",
      cell: (flag) =>
        flag.tags.map((tag) => (
          <span key={tag} className={styles.tag}>
            {tag}
          </span>
        )),
    },
    owner: {
      id: "owner",
      head: flagsWords.owner,
      width: "minmax(80px, 0.8fr)",
      ...sortable("owner"),
      cell: (flag) => flag.owner,
    },
    life: {
      id: "life",
      head: flagsWords.life,
      width: "104px",
      ...sortable("life"),
      cell: (flag) => flag.lifetime ?? "",
    },
    sparks: {
      id: "sparks",
      head: <span className={styles.env}>{flagsWords.sparks_in(counted)}</span>,
      width: "104px",
      cell: (flag) => (
        <Suspense>
          <Spark place={{ org, project }} env={counted} flag={flag.key} />
        </Suspense>
      ),
    },
    changed: {
      id: "changed",
      head: flagsWords.changed,
      width: "88px",
      isEnd: true,
      ...sortable("changed"),
      cell: (flag) => <time dateTime={flag.updated_at}>{ago(flag.updated_at)}</time>,
    },
  };
  const name: Column<FlagEntry> = {
    id: "name",
    head: flagsWords.flag,
    width: "minmax(160px, 2fr)",
    ...sortable("name"),
    cell: (flag, isActive) => (
      <NameCell
        to={paths.flag(org, project, flag.key)}
        name={flag.name}
        code={flag.key}
        isActive={isActive}
        onIntent={() => onIntent(flag)}
      />
    ),
  };
  return [name, ...environments.map(state), ...shown.map((id) => others[id])];
}

interface StateCellProps {
  flag: FlagEntry;
  env: Environment;
  isInTabOrder: boolean;
  onPress: (() => void) | undefined;
}

// What the flag is in an environment. Pressing it changes that: at once where that is allowed, else after a dialog.
function StateCell({ flag, env, isInTabOrder, onPress }: StateCellProps) {
  const config = flag.environments[env.key];
  const present = stateOf(config);
  const drawn = <Status {...present} isShort />;
  const stale = config?.stale && <Status kind="stale" isGlyphOnly />;
  if (onPress === undefined || config === undefined) {
    return (
      <>
        {drawn}
        {stale}
      </>
    );
  }
  const isShare = present.kind === "partial" && present.percent !== undefined;
  const shown = isShare ? `${Math.round(present.percent ?? 0)} %` : words.status[present.kind];
  const verb = (config.enabled ? flagsWords.turn_off_in : flagsWords.turn_on_in)(flag.key, env.key);
  return (
    <>
      <button
        type="button"
        className={styles.state}
        data-careful={isCareful(env) || undefined}
        aria-label={`${shown}: ${verb}`}
        tabIndex={isInTabOrder ? 0 : -1}
        onClick={onPress}
      >
        {drawn}
      </button>
      {stale}
    </>
  );
}
