import type { Environment } from "../api/queries/projects";
import { Pennant } from "../ui/Pennant";
import { Select } from "../ui/Select";

interface EnvironmentPickerProps {
  label: string;
  environments: readonly Environment[];
  value: string;
  onChange: (env: string) => void;
  all?: string; // the words for all of them; their value is ""
}

const all_ = "all environments"; // is no key: it has spaces

// One of a project's environments, in their order; protected ones have the lock.
export function EnvironmentPicker({ label, environments, value, onChange, all }: EnvironmentPickerProps) {
  const options = environments.map((env) => ({
    id: env.key,
    label: env.name || env.key,
    ...(env.name && env.name !== env.key ? { detail: env.key } : {}),
    ...(env.protected ? { mark: <Pennant kind="protected" /> } : {}),
  }));
  return (
    <Select
      label={label}
      options={all === undefined ? options : [{ id: all_, label: all }, ...options]}
      value={value === "" && all !== undefined ? all_ : value || null}
      onChange={(id) => onChange(id === all_ ? "" : id)}
    />
  );
}
