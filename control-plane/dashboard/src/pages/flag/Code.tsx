import { useQuery } from "@tanstack/react-query";
import type { Flag } from "../../api/queries/flags";
import { environmentsQuery } from "../../api/queries/projects";
import { CodeSnippet } from "../../parts/CodeSnippet";
import { Load } from "../../parts/Load";
import { useKeys } from "../../parts/page";
import { FlagFrame } from "./FlagFrame";

export default function Code() {
  return <FlagFrame section="code">{(flag) => <Snippets flag={flag} />}</FlagFrame>;
}

// The key that can be made here is for the first environment that is not protected.
function Snippets({ flag }: { flag: Flag }) {
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
