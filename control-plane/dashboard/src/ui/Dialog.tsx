import type { ReactNode } from "react";
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import styles from "./Overlay.module.css";

interface DialogProps {
  title: string;
  isOpen: boolean;
  onClose: () => void;
  children: ReactNode;
  actions?: ReactNode;
  size?: "normal" | "wide" | "widest";
  shape?: "window" | "sheet"; // a sheet stands at the side, full height
  isDismissable?: boolean; // by a press outside
  isAlert?: boolean;
}

const widths = { normal: "480px", wide: "720px", widest: "1120px" };

export function Dialog(props: DialogProps) {
  const { title, isOpen, onClose, children, actions, size = "normal", shape = "window" } = props;
  return (
    <ModalOverlay
      isOpen={isOpen}
      onOpenChange={(open) => open || onClose()}
      isDismissable={props.isDismissable ?? true}
      className={`${styles.shade} ${shape === "sheet" ? styles.sheet : ""}`}
      style={{ "--dialog-width": widths[size] } as object}
    >
      <Modal className={styles.window ?? ""}>
        <AriaDialog className={styles.dialog ?? ""} role={props.isAlert ? "alertdialog" : "dialog"}>
          <Heading slot="title" level={2}>
            {title}
          </Heading>
          {children}
          {actions && <div className={styles.actions}>{actions}</div>}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}
