// The project that was open last on this machine.
const kept = "fanion-last";

export const lastProject = {
  read(): { org: string; project: string } | undefined {
    try {
      const [org, project] = (localStorage.getItem(kept) ?? "").split("/").map(decodeURIComponent);
      return org && project ? { org, project } : undefined;
    } catch {
      return undefined;
    }
  },
  keep(org: string, project: string): void {
    try {
      localStorage.setItem(kept, `${encodeURIComponent(org)}/${encodeURIComponent(project)}`);
    } catch {
      // Then /ui/ leads to the list.
    }
  },
  forget(): void {
    try {
      localStorage.removeItem(kept);
    } catch {
      // Nothing was kept.
    }
  },
};
