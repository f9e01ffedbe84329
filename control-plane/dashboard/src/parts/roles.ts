// The roles of an organisation, as those see them who give them.
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { type RoleDefinition, rolesQuery } from "../api/queries/roles";
import { rolesToGive } from "../model/index";
import type { Option } from "../ui/Select";
import { accessTo, useMe } from "./session";

export function useRolesToGive(org: string, project?: string, environment?: string): readonly RoleDefinition[] {
  const access = accessTo(useMe(), org);
  const { data } = useQuery(rolesQuery(org));
  return useMemo(() => {
    const place = { ...(project ? { project } : {}), ...(environment ? { environment } : {}) };
    return access && data ? rolesToGive(access, data, place) : [];
  }, [access, data, project, environment]);
}

export const roleOptions = (roles: readonly RoleDefinition[]): Option[] =>
  roles.map(({ key, name }) => ({ id: key, label: name || key }));
