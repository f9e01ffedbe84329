// Where signing in leads: a page of this dashboard, whatever the address says.
export function localTarget(to: string | undefined): string {
  if (!to?.startsWith("/") || to.startsWith("//") || to.includes("\\") || to.startsWith("/-/signin")) return "/";
  return to;
}
