import { count, list, plural } from "../format";
import { texts } from "../texts";

export const receiptWords = texts({
  version: (version: string, env: string) => `Version ${version} of ${env}`,
  have: (n: number, of: number) =>
    n === of
      ? `${plural(of, "relay has", "relays have")} it`
      : `${count(n)} of ${plural(of, "relay has", "relays have")} it`,
  share: (n: number, of: number) => `${count(n)}/${plural(of, "relay", "relays")}`,
  share_detail: (n: number, of: number) => `${count(n)} of ${plural(of, "relay", "relays")} have the newest version`,
  no_relays: "No relay takes this environment yet.",
  behind: (n: number, names: readonly string[]) => `${plural(n, "is", "are")} behind: ${list(names)}`,
  held: (n: number, names: readonly string[]) =>
    `${plural(n, "waits", "wait")} until canaries have had it: ${list(names)}`,
  rejecting: (relay: string, detail: string) => `${relay} rejects it: ${detail}`,
  silent: (n: number, names: readonly string[]) => `${plural(n, "is", "are")} silent: ${list(names)}`,
  unknown: "Which relays have it is not known.",
  more: (n: number) => `${count(n)} more`,
  undo_left: (seconds: number) => `Undo (${seconds} s)`,
  dismiss: "Close the receipt",
});
