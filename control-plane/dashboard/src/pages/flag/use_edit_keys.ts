// `%` and `r` on the page of a flag: into the editor, in the environment that is meant.
import type { FlagEntry } from "../../api/queries/flag_index";
import type { Environment } from "../../api/queries/projects";
import { useShortcuts } from "../../parts/keyboard";
import { lastEnvironment } from "../../parts/last_environment";
import { useGo, useHasPage, useKeys } from "../../parts/page";
import { paths } from "../../paths";

// The one that the address names; for a share one that has some; then the one that was edited last here, and the first.
export function meantEnvironment(
  environments: readonly Environment[],
  entry: FlagEntry | undefined,
  { named, last, isShare }: { named: string | undefined; last: string | undefined; isShare: boolean },
): string | undefined {
  const keys = environments.map(({ key }) => key);
  const isPartial = (key: string) => {
    const share = entry?.environments[key]?.percent ?? 0;
    return share > 0 && share < 100;
  };
  const partial = isShare ? keys.filter(isPartial) : [];
  const among = partial.length > 0 ? partial : keys;
  return [named, last].find((key) => key !== undefined && (key === named ? keys : among).includes(key)) ?? among[0];
}

export function useEditKeys(
  environments: readonly Environment[],
  entry: FlagEntry | undefined,
  named: string | undefined,
): void {
  const { org, project, flag } = useKeys();
  const go = useGo();
  const hasEditor = useHasPage()("/$org/$project/flags/$flag/$env");
  const edit = (step: "else" | "rules") => () => {
    const last = lastEnvironment.read(org, project);
    const env = meantEnvironment(environments, entry, { named, last, isShare: step === "else" });
    if (env !== undefined) go(paths.editor(org, project, flag, env, `?step=${step}&edit=1`));
  };
  useShortcuts(hasEditor && entry ? { "%": edit("else"), r: edit("rules") } : {});
}
