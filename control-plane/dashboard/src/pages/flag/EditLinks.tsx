import type { FlagConfigEntry } from "../../api/queries/flag_index";
import type { Environment } from "../../api/queries/projects";
import { Link } from "../../parts/Link";
import { useHasPage, useKeys } from "../../parts/page";
import { useMay } from "../../parts/session";
import { paths } from "../../paths";
import { editLinkWords } from "../../text/en/edit_links";
import { percent } from "../../text/format";
import styles from "./FlagPage.module.css";

// From a card straight to what is done most: another share, another rule, the answer for somebody.
export function EditLinks({ env, entry }: { env: Environment; entry: FlagConfigEntry | undefined }) {
  const { org, project, flag } = useKeys();
  const may = useMay();
  const hasPage = useHasPage();
  if (!hasPage("/$org/$project/flags/$flag/$env")) return null;
  const mayEdit = entry !== undefined && may("edit", org, project, env.key);
  const at = (query: string) => paths.editor(org, project, flag, env.key, query);
  const isPartial = entry !== undefined && entry.percent > 0 && entry.percent < 100;
  return (
    <div className={styles.badges}>
      {mayEdit && (
        <Link to={at("?step=else&edit=1")}>
          {isPartial ? editLinkWords.share(percent(entry.percent)) : editLinkWords.split}
        </Link>
      )}
      {mayEdit && <Link to={at("?step=rules&edit=1")}>{editLinkWords.rule}</Link>}
      <Link to={paths.editorPart(org, project, flag, env.key, "why")}>{editLinkWords.try_it}</Link>
    </div>
  );
}
