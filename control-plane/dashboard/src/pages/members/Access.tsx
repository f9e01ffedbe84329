import { useQueries, useQuery } from "@tanstack/react-query";
import type { Member } from "../../api/queries/members";
import { type Environment, environmentsQuery, type Project } from "../../api/queries/projects";
import { assignmentsQuery, rolesQuery } from "../../api/queries/roles";
import { accessOfMember, type Access as Held, type Place, permissionsAt, roleAt } from "../../model/index";
import { Load } from "../../parts/Load";
import { Lines, Muted } from "../../parts/PageHead";
import { PermissionGrid } from "../../parts/PermissionGrid";
import { Problem } from "../../parts/Problem";
import { memberWords as texts } from "../../text/en/members";
import { Loading } from "../../ui/States";
import { PlaceRole } from "./PlaceRole";

interface AccessProps {
  org: string;
  project: Project;
  member: Member;
}

// The roles of somebody in a project and its environments, and what follows from them.
export function Access({ org, project, member }: AccessProps) {
  const environments = useQuery(environmentsQuery(org, project.key));
  return (
    <Load query={environments} rows={4}>
      {(list) => <Places key={project.key} org={org} project={project} member={member} environments={list} />}
    </Load>
  );
}

function Places({ org, project, member, environments }: AccessProps & { environments: readonly Environment[] }) {
  const roles = useQuery(rolesQuery(org));
  const places: Place[] = [
    { project: project.key },
    ...environments.map(({ key }) => ({ project: project.key, environment: key })),
  ];
  const assigned = useQueries({
    queries: places.map(({ environment: env }) =>
      assignmentsQuery({ org, project: project.key, ...(env ? { env } : {}) }),
    ),
  });
  const failed = [roles, ...assigned].find((query) => query.isError && query.data === undefined);
  if (failed) return <Problem error={failed.error} onRetry={() => void failed.refetch()} />;
  if (!roles.data || assigned.some((query) => query.data === undefined)) return <Loading rows={4} />;
  const own = places.flatMap(({ environment }, i) => {
    const found = assigned[i]?.data?.find((one) => one.member.id === member.id);
    return found ? [{ project: project.key, environment: environment ?? null, role: found.role }] : [];
  });
  const access = accessOfMember(member.role, own, roles.data);
  const nameOf = ({ environment }: Place) =>
    environment ? environments.find((one) => one.key === environment)?.name || environment : texts.whole_project;
  const name = member.name || member.email;
  return (
    <>
      {member.role === "owner" && <Muted>{texts.owner_everywhere}</Muted>}
      <Lines label={texts.roles}>
        {places.map((place) => (
          <PlaceRole
            key={place.environment ?? ""}
            org={org}
            place={place}
            placeName={nameOf(place)}
            member={member}
            access={access}
            isProtected={environments.find((one) => one.key === place.environment)?.protected ?? false}
          />
        ))}
      </Lines>
      <h3>{texts.effective(name)}</h3>
      <PermissionGrid label={texts.effective(name)} columns={columnsOf(access, places, nameOf)} />
    </>
  );
}

const columnsOf = (access: Held, places: readonly Place[], nameOf: (place: Place) => string) =>
  [{}, ...places].map((place: Place) => ({
    id: place.environment ?? (place.project ? "project" : "organisation"),
    head: place.project ? nameOf(place) : texts.organisation,
    detail: roleAt(access, place).role,
    held: permissionsAt(access, place),
  }));
