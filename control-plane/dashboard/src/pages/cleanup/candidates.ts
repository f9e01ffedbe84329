// Flags that could go, each with all that speaks for it. Pure.
import type { FlagEntry } from "../../api/queries/flag_index";
import type { LifecycleOfFlag, Snooze } from "../../api/queries/lifecycle";
import type { Reason } from "./search";

export interface Finding {
  reason: Reason;
  since: string;
  keep?: string | null; // of a constant flag: the variation to keep in code
}

export interface Candidate {
  key: string;
  name: string;
  owner: string;
  lifetime: string | null;
  findings: readonly Finding[];
  askedAt: string | undefined; // the last time in any environment, where that is known
  snoozed: Snooze | null;
}

interface NeverAsked {
  key: string;
  name: string;
  owner: string;
  lifetime?: string | null;
  created_at: string;
}

function lastAsked({ environments }: LifecycleOfFlag): string | undefined {
  const times = Object.values(environments).flatMap((env) => env.evaluated_at ?? []);
  return times.sort().at(-1);
}

const findingsOf = (given: LifecycleOfFlag, env: string | undefined): Finding[] => {
  const inEnv = env === undefined ? undefined : given.environments[env]?.finding;
  const found = env === undefined ? given.findings : inEnv ? [inEnv] : [];
  return found.map(({ reason, since, keep }) => ({ reason, since, ...(keep === undefined ? {} : { keep }) }));
};

export function candidatesOf(
  lifecycle: readonly LifecycleOfFlag[],
  never: readonly NeverAsked[],
  env: string | undefined,
): Candidate[] {
  const rows = new Map<string, Candidate>();
  for (const given of lifecycle) {
    const { flag: key, name, owner, lifetime } = given;
    const findings = findingsOf(given, env);
    const { snoozed } = given;
    if (findings.length > 0 || snoozed)
      rows.set(key, { key, name, owner, lifetime, findings, askedAt: lastAsked(given), snoozed });
  }
  for (const { key, name, owner, lifetime = null, created_at } of env === undefined ? never : []) {
    const finding: Finding = { reason: "never", since: created_at };
    const held = rows.get(key);
    rows.set(
      key,
      held
        ? { ...held, findings: [...held.findings, finding] }
        : { key, name, owner, lifetime, findings: [finding], askedAt: undefined, snoozed: null },
    );
  }
  return [...rows.values()].sort((a, b) => (oldest(a) < oldest(b) ? -1 : oldest(a) > oldest(b) ? 1 : 0));
}

const oldest = ({ findings }: Candidate): string => findings.map((finding) => finding.since).sort()[0] ?? "";

export const filtered = (
  candidates: readonly Candidate[],
  reason: Reason | undefined,
  owner: string | undefined,
): Candidate[] =>
  candidates.filter(
    (one) =>
      (reason === undefined || one.findings.some((finding) => finding.reason === reason)) &&
      (owner === undefined || one.owner === owner),
  );

export const versionsOf = (flags: readonly FlagEntry[], keys: readonly string[]): Record<string, number> =>
  Object.fromEntries(flags.filter((flag) => keys.includes(flag.key)).map((flag) => [flag.key, flag.version]));
