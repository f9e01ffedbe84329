import { KeyList } from "../../parts/KeyList";
import { meWords } from "../../text/en/me";
import { Dialog } from "../../ui/Dialog";

export default function KeyHelp({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title={meWords.shortcuts} size="wide" isOpen onClose={onClose}>
      <KeyList />
    </Dialog>
  );
}
