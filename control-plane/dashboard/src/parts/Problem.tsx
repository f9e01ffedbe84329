import { GoneError, OfflineError, ProblemError } from "../api/errors";
import { permissionWords, words } from "../text/en";
import { Denied, ErrorState, NotFound } from "../ui/States";

interface ProblemProps {
  error: unknown;
  onRetry?: () => void;
  isPage?: boolean; // it stands for the whole page
}

// What stands in the place of a page, or of a part of it, that could not be loaded.
export function Problem({ error, onRetry, isPage = false }: ProblemProps) {
  const retry = { isPage, ...(onRetry ? { onRetry } : {}) };
  if (error instanceof OfflineError) return <ErrorState detail={words.states.no_answer} {...retry} />;
  if (error instanceof GoneError) {
    return <ErrorState title={words.states.failed_draw} detail={words.states.gone} {...retry} />;
  }
  if (!(error instanceof ProblemError)) {
    return (
      <ErrorState title={words.states.failed_draw} detail={error instanceof Error ? error.message : ""} {...retry} />
    );
  }
  if (error.status === 404) return <NotFound isPage={isPage} />;
  if (error.status === 403)
    return <Denied permission={permissionWords[error.code]} detail={error.detail} isPage={isPage} />;
  return <ErrorState title={error.title} detail={error.detail} requestId={error.requestId} {...retry} />;
}

// In one line, for a message beside what was tried.
export function problemText(error: unknown): string {
  if (error instanceof OfflineError) return words.states.no_answer;
  return error instanceof Error ? error.message : String(error);
}
