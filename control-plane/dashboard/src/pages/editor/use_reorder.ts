// Moving a card: dragged by its grip, or taken by Enter and moved by the arrow keys.
import { type KeyboardEvent, type PointerEvent, useState } from "react";

interface Grabbed {
  id: string;
  to: number;
}

// Where a pointer at `y` drops a card that is at `from`: among the middles of the cards.
export function dropAt(middles: readonly number[], from: number, y: number): number {
  const above = middles.filter((middle, i) => i !== from && middle < y).length;
  return Math.min(above, middles.length - 1);
}

const middlesOf = (list: Element | null): number[] =>
  [...(list?.querySelectorAll(":scope > [data-rule]") ?? [])]
    .map((card) => {
      const { top, height } = card.getBoundingClientRect();
      return top + height / 2;
    })
    .sort((a, b) => a - b);

export function useReorder(ids: readonly string[], onMove: (id: string, to: number) => void) {
  const [grabbed, setGrabbed] = useState<Grabbed>();
  const order = grabbed ? moved(ids, grabbed) : ids;
  const drop = () => {
    if (grabbed && ids.indexOf(grabbed.id) !== grabbed.to) onMove(grabbed.id, grabbed.to);
    if (grabbed) refocus(grabbed.id);
    setGrabbed(undefined);
  };
  const gripOf = (id: string) => ({
    onKeyDown: (event: KeyboardEvent) => {
      const is_held = grabbed?.id === id;
      if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        if (is_held) drop();
        else setGrabbed({ id, to: ids.indexOf(id) });
      } else if (is_held && event.key === "Escape") {
        event.stopPropagation();
        setGrabbed(undefined);
      } else if (is_held && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
        event.preventDefault();
        const to = grabbed.to + (event.key === "ArrowDown" ? 1 : -1);
        setGrabbed({ id, to: Math.max(0, Math.min(to, ids.length - 1)) });
      }
    },
    onBlur: () => grabbed?.id === id && setGrabbed(undefined),
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      if (event.button !== 0) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      setGrabbed({ id, to: ids.indexOf(id) });
    },
    onPointerMove: (event: PointerEvent<HTMLElement>) => {
      if (grabbed?.id !== id || !event.currentTarget.hasPointerCapture(event.pointerId)) return;
      const middles = middlesOf(event.currentTarget.closest("ul"));
      setGrabbed({ id, to: dropAt(middles, order.indexOf(id), event.clientY) });
    },
    onPointerUp: (event: PointerEvent<HTMLElement>) => {
      if (grabbed?.id === id && event.currentTarget.hasPointerCapture(event.pointerId)) drop();
    },
  });
  return { order, grabbed, gripOf };
}

// A card that has another place has lost the focus on its way.
function refocus(id: string): void {
  setTimeout(() => document.querySelector<HTMLElement>(`[data-rule="${CSS.escape(id)}"] [data-grip]`)?.focus());
}

function moved(ids: readonly string[], { id, to }: Grabbed): string[] {
  const rest = ids.filter((each) => each !== id);
  return rest.toSpliced(to, 0, id);
}
