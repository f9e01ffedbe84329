import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import { words } from "../text/en";
import { Button, IconButton } from "./Button";
import styles from "./Toasts.module.css";
import { type Toast, toastStore } from "./toasts";

export function Toasts({ label }: { label: string }) {
  const toasts = useSyncExternalStore(toastStore.subscribe, toastStore.get);
  const region = useRef<HTMLElement>(null);
  // F6, from wherever one is: the newest message's first button.
  useEffect(() => {
    const keyDown = (event: KeyboardEvent) => {
      const newest = region.current?.lastElementChild?.querySelector<HTMLElement>("button");
      if (event.key !== "F6" || !newest) return;
      event.preventDefault();
      newest.focus();
    };
    document.addEventListener("keydown", keyDown);
    return () => document.removeEventListener("keydown", keyDown);
  }, []);
  return (
    <section ref={region} aria-label={label} aria-live="polite" className={styles.toasts}>
      {toasts.map((toast) => (
        <OneToast key={toast.id} toast={toast} />
      ))}
    </section>
  );
}

function OneToast({ toast }: { toast: Toast }) {
  const [isRead, setRead] = useState(false); // under the pointer or focused
  useEffect(() => {
    if (isRead) return;
    const timer = setTimeout(() => toastStore.close(toast.id), toast.seconds * 1000);
    return () => clearTimeout(timer);
  }, [isRead, toast]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only waits while it is being read
    <div
      className={`${styles.toast} ${styles[toast.tone]}`}
      onPointerEnter={() => setRead(true)}
      onPointerLeave={() => setRead(false)}
      onFocus={() => setRead(true)}
      onBlur={() => setRead(false)}
    >
      <span className={styles.text}>{toast.text}</span>
      {toast.action && (
        <Button
          kind="quiet"
          onPress={() => {
            toastStore.close(toast.id);
            toast.action?.onAction();
          }}
        >
          {toast.action.label}
        </Button>
      )}
      <IconButton icon="close" label={words.close} onPress={() => toastStore.close(toast.id)} />
    </div>
  );
}
