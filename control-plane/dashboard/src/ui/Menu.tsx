import { type ReactElement, type ReactNode, Suspense, useEffect, useId, useRef, useState } from "react";
import { ButtonContext, type ButtonProps } from "react-aria-components";
import type { IconName } from "./Icon";
import { later } from "./later";

const loadList = () => import("./MenuList");
const MenuList = later(loadList);

export interface Action {
  id: string;
  label: string;
  detail?: string; // keys, or what it is now
  icon?: IconName;
  href?: string;
  onAction?: () => void;
  isDanger?: boolean;
  isDisabled?: boolean;
}

export interface ActionGroup {
  id: string;
  title?: string;
  actions: readonly Action[];
}

export interface MenuContent {
  label: string;
  groups: readonly ActionGroup[];
  header?: ReactNode;
  selected?: Iterable<string>; // with it, each action is a choice that is marked
  selection?: "single" | "multiple";
}

// The action that has the focus when the list opens; "none" for a pointer, which shows by itself where it is.
export type Begin = "first" | "last" | "none";

const begins: Readonly<Record<string, Begin>> = { Enter: "first", " ": "first", ArrowDown: "first", ArrowUp: "last" };

// `trigger`, a button, is one element from the first, so that it keeps the focus: only the list comes after the page. (React Aria's
// MenuTrigger comes with the list.) A press before the list has come opens it when it comes, unless one has gone on meanwhile.
export function Menu({ trigger, ...content }: MenuContent & { trigger: ReactElement }) {
  const [begin, setBegin] = useState<Begin>();
  const button = useRef<HTMLButtonElement>(null);
  const popover = useRef<HTMLElement>(null);
  const id = useId();
  useEffect(() => void loadList().catch(() => undefined), []); // it answers the first press
  const isOpen = begin !== undefined;
  const close = () => setBegin(undefined);
  const press = (to: Begin) => {
    button.current?.focus({ preventScroll: true }); // it gets the focus back
    setBegin(isOpen ? undefined : to);
  };
  const attributes: ButtonProps = {
    "aria-haspopup": "menu",
    "aria-expanded": isOpen,
    ...(isOpen ? { "aria-controls": id } : {}),
    preventFocusOnPress: true,
    // As menus of systems do: a mouse opens it when it goes down, a finger when it goes up.
    onPressStart({ pointerType }) {
      if (pointerType === "mouse" || pointerType === "pen") press("none");
      if (pointerType === "virtual") press("first");
    },
    onPress({ pointerType }) {
      if (pointerType === "touch") press("none");
    },
    onKeyDown(event) {
      const to = begins[event.key];
      if (to && !event.repeat) press(to);
      else if (event.key === "Escape" && isOpen) close();
      else return event.continuePropagation();
      event.preventDefault();
    },
    onBlur() {
      if (popover.current === null) close();
    },
  };
  return (
    <>
      <ButtonContext value={{ ...attributes, ref: button }}>{trigger}</ButtonContext>
      <Suspense>
        {begin && <MenuList {...content} id={id} begin={begin} button={button} popover={popover} onClose={close} />}
      </Suspense>
    </>
  );
}
