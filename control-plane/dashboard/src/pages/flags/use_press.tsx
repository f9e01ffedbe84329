import { type ReactNode, Suspense, useRef, useState } from "react";
import type { FlagEntry } from "../../api/queries/flag_index";
import type { Place } from "../../api/queries/flags";
import type { Environment } from "../../api/queries/projects";
import type { Toggle } from "../../parts/ToggleDialog";
import { isCareful, toggleAtOnce } from "../../parts/toggle";
import { later } from "../../ui/later";

const ToggleDialog = later(() => import("../../parts/ToggleDialog"));

export interface Press {
  onState: (flag: FlagEntry, env: Environment) => void; // the same one as long as the list is there
  dialog: ReactNode;
}

// What a press on a state in the list does: at once where that is allowed, else after the dialog.
export function usePress(place: Place): Press {
  const [toggle, setToggle] = useState<Toggle>();
  const press = (flag: FlagEntry, env: Environment) => {
    const config = flag.environments[env.key];
    if (config === undefined) return;
    const { enabled, version, percent } = config;
    const change = { place, flag: flag.key, env, isOn: !enabled, version, percent };
    if (isCareful(env)) setToggle(change);
    else void toggleAtOnce(change);
  };
  const latest = useRef(press);
  latest.current = press;
  const [onState] = useState(() => (flag: FlagEntry, env: Environment) => latest.current(flag, env));
  const dialog = <Suspense>{toggle && <ToggleDialog toggle={toggle} onClose={() => setToggle(undefined)} />}</Suspense>;
  return { onState, dialog };
}
