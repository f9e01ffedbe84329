import { useQuery } from "@tanstack/react-query";
import type { Flag } from "../api/queries/flags";
import { environmentsQuery } from "../api/queries/projects";
import { CodeSnippet } from "./CodeSnippet";
import { Load } from "./Load";
import { useKeys } from "./page";

// The flag in a program. The key that can be made here is for the first environment that is not protected.
export function Snippets({ flag }: { flag: Pick<Flag, "key" | "type"> }) {
  const { org, project } = useKeys();
  const environments = useQuery(environmentsQuery(org, project));
  return (
    <Load query={environments}>
      {(list) => (
        <CodeSnippet
          place={{ org, project }}
          flag={flag.key}
          type={flag.type}
          env={(list.find((env) => !env.protected) ?? list[0])?.key ?? ""}
        />
      )}
    </Load>
  );
}
