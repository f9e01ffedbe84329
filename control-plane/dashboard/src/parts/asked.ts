// After approval was asked for: the way to the request.
import type { Place } from "../api/queries/flags";
import { paths } from "../paths";
import { changeWords } from "../text/en/changes";
import { toast } from "../ui/toasts";

export function offerRequest({ org, project }: Place, env: string, id: string, go: (path: string) => void): void {
  toast(changeWords.asked, {
    action: { label: changeWords.open_request, onAction: () => go(paths.request(org, project, id, env)) },
  });
}
