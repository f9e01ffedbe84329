import { Suspense } from "react";
import { later } from "./later";
import type { MenuProps } from "./Menu";

const Loaded = later(() => import("./Menu").then((module) => ({ default: module.Menu })));

// A menu whose code comes after the page: until then its button is there, and does nothing yet.
export function LazyMenu(props: MenuProps) {
  return (
    <Suspense fallback={props.trigger}>
      <Loaded {...props} />
    </Suspense>
  );
}
