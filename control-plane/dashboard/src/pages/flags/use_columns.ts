import { useMemo, useRef } from "react";
import type { FlagEntry } from "../../api/queries/flag_index";
import type { Place } from "../../api/queries/flags";
import type { Environment } from "../../api/queries/projects";
import { useMay } from "../../parts/session";
import { isCareful } from "../../parts/toggle";
import { useIsNarrow } from "../../ui/use_media";
import type { Column } from "../../ui/VirtualTable";
import { type ColumnsGiven, columnsOf } from "./columns";
import { type ColumnId, columnIds, usualColumns } from "./search";

interface Given extends Pick<ColumnsGiven, "environments" | "order" | "onOrder" | "onState" | "onIntent"> {
  place: Place;
  cols: readonly string[] | undefined; // of the address
  env: string | undefined; // that is shown where one has room
}

interface Columns {
  columns: Column<FlagEntry>[]; // the same ones while they say the same, so that rows are not drawn anew for nothing
  chosen: ColumnId[];
  shownEnv: string | undefined; // where only one has room
}

export function useColumns(given: Given): Columns {
  const { place, environments, order, onState, onIntent, cols, env } = given;
  const { org, project } = place;
  const may = useMay();
  const isNarrow = useIsNarrow();
  const onOrder = useRef(given.onOrder);
  onOrder.current = given.onOrder;
  const chosen = (cols ?? usualColumns).filter((id): id is ColumnId => columnIds.includes(id as ColumnId));
  const shownEnv = isNarrow ? (env ?? environments[0]?.key) : undefined;
  const counted = (environments.find((one) => one.protected) ?? environments[0])?.key ?? "";
  const shown = isNarrow ? environments.filter((one) => one.key === shownEnv) : environments;
  const mayEdit = (one: Environment) => may(one.protected ? "edit_protected" : "edit", org, project, one.key);
  const said = JSON.stringify([
    shown.map((one) => [one.key, isCareful(one), mayEdit(one)]),
    isNarrow ? [] : chosen,
    counted,
  ]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: by what they say
  const columns = useMemo(
    () =>
      columnsOf({
        ...{
          org,
          project,
          environments: shown,
          shown: isNarrow ? [] : chosen,
          order,
          onState,
          onIntent,
          mayEdit,
          counted,
        },
        onOrder: (next) => onOrder.current(next),
      }),
    [org, project, said, order, onState, onIntent],
  );
  return { columns, chosen, shownEnv };
}
