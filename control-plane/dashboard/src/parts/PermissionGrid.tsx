import { permissions } from "../model/index";
import { permissionWords } from "../text/en";
import { memberWords } from "../text/en/members";
import { type DataColumn, DataTable } from "../ui/DataTable";
import { Icon } from "../ui/Icon";
import styles from "./PermissionGrid.module.css";

export interface PermissionColumn {
  id: string;
  head: string;
  detail?: string; // beside the head
  held: readonly string[];
}

// What is permitted, one line for each permission: by which role, or at which place.
export function PermissionGrid({ label, columns }: { label: string; columns: readonly PermissionColumn[] }) {
  const what: DataColumn<string> = {
    id: "permission",
    head: memberWords.may,
    isRowHead: true,
    cell: (permission) => permissionWords[permission] ?? permission,
  };
  const others = columns.map(
    ({ id, head, detail, held }): DataColumn<string> => ({
      id,
      head: detail ? `${head}: ${detail}` : head,
      cell: (permission) => <Held isHeld={held.includes(permission)} />,
    }),
  );
  return <DataTable label={label} columns={[what, ...others]} rows={permissions} idOf={(permission) => permission} />;
}

function Held({ isHeld }: { isHeld: boolean }) {
  return (
    <span className={isHeld ? styles.held : styles.lacking}>
      {isHeld ? <Icon name="check" /> : <span aria-hidden>–</span>}
      <span className="visually-hidden">{isHeld ? memberWords.yes : memberWords.no}</span>
    </span>
  );
}
