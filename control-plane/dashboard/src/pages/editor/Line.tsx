import type { Serve } from "../../model/index";
import { usePageSearch, useSetSearch } from "../../parts/page";
import styles from "./Editor.module.css";
import type { Editing } from "./editing";
import { PrerequisitesStep } from "./PrerequisitesStep";
import { RulesStep } from "./RulesStep";
import { ElseStep, EnabledStep, OffStep } from "./Steps";
import { schema } from "./search";
import { TargetsStep } from "./TargetsStep";
import type { Flush } from "./use_review";

interface LineProps {
  editing: Editing;
  fresh?: { id: string; serve: Serve } | undefined; // a rule of which nothing has been typed yet
  focus?: number; // each new number puts the focus into the first share of everyone else
  onAdd?: () => void;
  onFlush?: (flush: Flush) => () => void;
}

const nothing = () => undefined;

// All stations, in the order of evaluation. Which of them is open, the address says.
export function Line({ editing, fresh, focus = 0, onAdd = nothing, onFlush = () => nothing }: LineProps) {
  const { step, rule, as } = usePageSearch(schema);
  const setSearch = useSetSearch<typeof schema>();
  return (
    <div className={styles.line}>
      <EnabledStep editing={editing} isOpen={step === "enabled"} />
      <PrerequisitesStep editing={editing} isOpen={step === "prerequisites"} />
      <TargetsStep editing={editing} isOpen={step === "targets"} />
      <RulesStep
        editing={editing}
        fresh={fresh}
        isOpen={step === "rules"}
        open={rule}
        view={as ?? "text"}
        onOpen={(next) => setSearch({ rule: next, step: undefined, edit: undefined })}
        onView={(view) => setSearch({ as: view === "text" ? undefined : view })}
        onAdd={onAdd}
        onFlush={onFlush}
      />
      <ElseStep editing={editing} isOpen={step === "else"} focus={focus} />
      <OffStep editing={editing} isOpen={step === "off"} />
    </div>
  );
}
