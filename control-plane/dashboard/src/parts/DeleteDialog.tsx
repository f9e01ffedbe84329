import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { DryRun } from "../api/queries/settings";
import { environmentWords } from "../text/en/environments";
import { list } from "../text/format";
import { ConfirmDialog } from "./ConfirmDialog";
import { Load } from "./Load";
import { Line, Lines } from "./PageHead";

interface DeleteProps {
  name: string; // the key, which is typed
  action: string;
  detail: string;
  onTry: () => Promise<DryRun>;
  onDelete: () => Promise<void>;
  onClose: () => void;
  children?: ReactNode; // who would miss it
}

// Deleting what has much in it: what goes with it is listed by the server, and the key is typed.
export function DeleteDialog({ name, action, detail, onTry, onDelete, onClose, children }: DeleteProps) {
  const tried = useQuery({ queryKey: ["try-delete", name], queryFn: onTry, staleTime: 0, gcTime: 0 });
  return (
    <ConfirmDialog
      title={environmentWords.delete_named(name)}
      action={action}
      typed={name}
      onConfirm={onDelete}
      onClose={onClose}
    >
      <p>{detail}</p>
      <Load query={tried} rows={2}>
        {({ changes, publishes, dependants }) => (
          <Lines label={environmentWords.goes}>
            {changes.map((change) => (
              <Line key={change}>{change}</Line>
            ))}
            {publishes.length > 0 && (
              <Line>
                {environmentWords.goes_versions(publishes.length)}: {list(publishes)}
              </Line>
            )}
            {dependants.map((use) => (
              <Line key={JSON.stringify(use)}>
                <code>{Object.values(use).join(" ")}</code>
              </Line>
            ))}
          </Lines>
        )}
      </Load>
      {children}
    </ConfirmDialog>
  );
}
