import { useRouter } from "@tanstack/react-router";
import type { MouseEvent, ReactNode } from "react";
import { useGo } from "./page";

interface LinkProps {
  to: string; // a path below /ui
  children: ReactNode;
  className?: string | undefined;
  isCurrent?: boolean;
  isInTabOrder?: boolean;
  label?: string;
  onIntent?: () => void; // under the pointer or focused: time to fetch
}

// A link to a page of the dashboard, without loading everything anew.
export function Link({ to, children, className, isCurrent = false, isInTabOrder = true, label, onIntent }: LinkProps) {
  const router = useRouter();
  const go = useGo();
  const href = (router.basepath === "/" ? "" : router.basepath) + to;
  const intend = () => {
    onIntent?.();
    void router.preloadRoute({ to: to.split(/[?#]/)[0] as never }).catch(() => undefined);
  };
  const follow = (event: MouseEvent) => {
    if (
      event.defaultPrevented ||
      event.button !== 0 ||
      event.metaKey ||
      event.ctrlKey ||
      event.shiftKey ||
      event.altKey
    )
      return;
    event.preventDefault();
    go(to);
  };
  return (
    <a
      href={href}
      className={className}
      onClick={follow}
      onPointerEnter={intend}
      onFocus={intend}
      {...(isCurrent ? { "aria-current": "page" } : {})}
      {...(isInTabOrder ? {} : { tabIndex: -1 })}
      {...(label ? { "aria-label": label } : {})}
    >
      {children}
    </a>
  );
}
