import { permissionWords } from "../text/en";
import { Checks } from "../ui/Checks";

interface ChoiceProps<T extends string> {
  label: string;
  offered: readonly T[];
  chosen: readonly string[];
  onChange: (chosen: T[]) => void;
  error?: string | undefined;
}

// Some of the permissions that there are.
export function PermissionChoice<T extends string>({ offered, chosen, ...rest }: ChoiceProps<T>) {
  const options = offered.map((id) => ({ id, label: permissionWords[id] ?? id }));
  return <Checks {...rest} options={options} value={chosen} />;
}
