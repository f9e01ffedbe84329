import type { ServeInput } from "../../model/index";
import { ServeEditor } from "../../parts/ServeEditor";
import { serveInstruction } from "../../parts/split/serve";
import { editorWords } from "../../text/en/editor";
import { Select } from "../../ui/Select";
import { Status } from "../../ui/Status";
import { Switch } from "../../ui/Switch";
import styles from "./Editor.module.css";
import { type Editing, warningsAt } from "./editing";
import { Step } from "./Step";

interface StepProps {
  editing: Editing;
  isOpen: boolean;
}

export function EnabledStep({ editing, isOpen }: StepProps) {
  const { config, isReadOnly, change } = editing;
  return (
    <Step id="enabled" title={editorWords.enabled} editing={editing} isOpen={isOpen}>
      <div className={styles.row}>
        {isReadOnly ? (
          <Status kind={config.enabled ? "on" : "off"} />
        ) : (
          <Switch isOn={config.enabled} onChange={(isOn) => change([{ kind: isOn ? "turn_on" : "turn_off" }])}>
            {editorWords.turn_on}
          </Switch>
        )}
        <span className={styles.muted}>{config.enabled ? editorWords.enabled_on : editorWords.enabled_off}</span>
      </div>
    </Step>
  );
}

export function ElseStep({ editing, isOpen, focus }: StepProps & { focus: number }) {
  const { config, base, flag, isReadOnly, change, warnings } = editing;
  return (
    <Step
      id="else"
      title={editorWords.else}
      editing={editing}
      isOpen={isOpen}
      warnings={warningsAt(warnings, "/fallthrough")}
    >
      <ServeEditor
        label={editorWords.serves}
        serve={config.fallthrough}
        before={base.fallthrough}
        variations={flag.variations}
        inRule={false}
        salt={flag.salt}
        isReadOnly={isReadOnly}
        focus={focus}
        onChange={(serve: ServeInput, merge) => change([serveInstruction(undefined, serve)], merge)}
      />
    </Step>
  );
}

const caller = "%"; // no variation's key has it

export function OffStep({ editing, isOpen }: StepProps) {
  const { config, flag, isReadOnly, change, warnings } = editing;
  return (
    <Step id="off" title={editorWords.off} editing={editing} isOpen={isOpen} warnings={warningsAt(warnings, "/off")}>
      <div className={styles.row}>
        <Select
          label={editorWords.off_serves}
          value={config.off ?? caller}
          isDisabled={isReadOnly}
          options={[
            ...flag.variations.map(({ key }) => ({ id: key, label: key })),
            { id: caller, label: editorWords.off_default },
          ]}
          onChange={(id) => change([{ kind: "set_off", variation: id === caller ? null : id }])}
        />
      </div>
    </Step>
  );
}
