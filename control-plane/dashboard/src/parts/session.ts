// The person who is signed in, and what they may do where.
import { useQuery } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { type Contact, contactStore } from "../api/contact";
import { type Access, type Me, meQuery, type Permission, type Preferences, preferencesOf } from "../api/queries/me";
import type { Environment } from "../api/queries/projects";
// Not the whole model: the frame of every page loads this.
import { type Action, type Offer, offer, permissionsAt } from "../model/permissions";
import { lastProject } from "./last_project";
import { useKeys } from "./page";

export const useMe = (): Me | undefined => useQuery(meQuery).data;
export const useContact = (): Contact => useSyncExternalStore(contactStore.subscribe, contactStore.get);
const probeEvery = 5_000;

// Asks while nothing answers, so that the page comes back by itself. For one place, the frame.
export function useProbe(): void {
  const isLost = useContact().lostAt !== null;
  useQuery({ ...meQuery, refetchInterval: isLost ? probeEvery : false, refetchIntervalInBackground: false });
}

export const usePreferences = (): Preferences => preferencesOf(useMe());

export const accessTo = (me: Me | undefined, org: string): Access | undefined =>
  me?.orgs.find((access) => access.key === org);

// Whether the person may do something in an organisation, a project of it, or an environment of that.
export function useMay(): (permission: Permission, org: string, project?: string, env?: string) => boolean {
  const me = useMe();
  return (permission, org, project, env) => {
    const access = accessTo(me, org);
    return access !== undefined && permissionsAt(access, placeOf(project, env)).includes(permission);
  };
}

const placeOf = (project?: string, environment?: string) => ({
  ...(project ? { project } : {}),
  ...(environment ? { environment } : {}),
});

// Whether an action is offered in an environment: as it is, as a request for approval, or not, and who may.
export function useOffer(): (action: Action, org: string, project: string, env: Environment | undefined) => Offer {
  const me = useMe();
  return (action, org, project, env) => {
    const access = accessTo(me, org);
    if (access === undefined || env === undefined) return { kind: "denied", needs: "read", ask: [] };
    return offer(access, action, { ...placeOf(project, env.key), isProtected: env.protected });
  };
}

// The organisation and project that the frame is about: those of the address, else those that were open last. A page of an
// organisation leads back to the project that one came from.
export function usePlace(): { org: string; project: string } {
  const { org, project } = useKeys();
  const me = useMe();
  if (project !== "") return { org, project };
  const last = lastProject.read();
  const isThere = last !== undefined && (org === "" ? accessTo(me, last.org) !== undefined : last.org === org);
  return isThere ? last : { org, project };
}
