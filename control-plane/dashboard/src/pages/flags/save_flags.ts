import type { FlagEntry } from "../../api/queries/flag_index";
import { exportCsv } from "../../model/index";
import { saveFile } from "../../parts/save_file";
import { exportRows } from "./export";

export const saveFlags = (project: string, flags: readonly FlagEntry[], envs: readonly string[]): void =>
  saveFile(`${project}-flags.csv`, "text/csv", exportCsv(exportRows(flags, envs)));
