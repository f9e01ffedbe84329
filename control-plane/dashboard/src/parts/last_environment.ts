// The environment of a project that was edited last on this machine.
const kept = "fanion-env";
const idOf = (org: string, project: string): string => JSON.stringify([org, project]);

function readAll(): Record<string, string> {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(kept) ?? "{}");
    return typeof value === "object" && value !== null ? (value as Record<string, string>) : {};
  } catch {
    return {};
  }
}

export const lastEnvironment = {
  read: (org: string, project: string): string | undefined => readAll()[idOf(org, project)],
  keep(org: string, project: string, env: string): void {
    try {
      localStorage.setItem(kept, JSON.stringify({ ...readAll(), [idOf(org, project)]: env }));
    } catch {
      // Then it is the first one.
    }
  },
};
