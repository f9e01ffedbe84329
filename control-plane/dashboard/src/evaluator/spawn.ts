// Starts the worker under the content security policy: with Trusted Types, its URL has to come from the policy `fanion`, which lets
// only scripts among the built files pass.

import workerUrl from "./worker?worker&url";

type Policy = { createScriptURL(url: string): unknown };
type Factory = { createPolicy(name: string, rules: { createScriptURL(url: string): string }): Policy };

/** The URL, if it is one of a script among the built files, as seen from a page whose base is `base`. Throws otherwise. */
export function assetUrl(url: string, base: string): string {
  const wanted = new URL(url, base);
  const assets = new URL("assets/", base);
  const isAsset = wanted.origin === assets.origin && wanted.pathname.startsWith(assets.pathname);
  if (!isAsset || !wanted.pathname.endsWith(".js")) throw new TypeError(`${wanted.href} is no script of the dashboard`);
  return wanted.href;
}

let policy: Policy | undefined;

/** The URL of a worker's script as what the policy lets a Worker take. */
export function trustedScript(url: string): string {
  const factory = (globalThis as { trustedTypes?: Factory }).trustedTypes;
  // The development server's scripts are elsewhere, and it sends no policy.
  if (import.meta.env.DEV) return url;
  if (!factory) return assetUrl(url, document.baseURI);
  policy ??= factory.createPolicy("fanion", { createScriptURL: (each) => assetUrl(each, document.baseURI) });
  return policy.createScriptURL(url) as string; // a TrustedScriptURL, which Worker takes
}

export function spawnWorker(): Worker {
  return new Worker(trustedScript(workerUrl), { type: "module", name: "evaluator" });
}
