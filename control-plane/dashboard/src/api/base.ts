// Where the control plane is: above the page's <base href>, whatever prefix of a path it is served under.
const pages = typeof document === "undefined" ? new URL("http://localhost/ui/") : new URL(document.baseURI);

export const publicUrl = new URL("..", pages);
export const basePath = pages.pathname.replace(/\/$/, "");

export function apiUrl(path: string): string {
  return new URL(`api/v1${path}`, publicUrl).href;
}

// The path of a page of this dashboard, for what the server sends browsers back to.
export function pagePath(path: string): string {
  return basePath + path;
}
