// Code that comes after the page. What is done when it does not come is not of this layer: the program says it at its start.
import { type ComponentType, lazy } from "react";

// `isNeeded`: whether it is more than fetched ahead, when it has not come.
type Fetch = <T>(load: () => Promise<T>, isNeeded?: () => boolean) => Promise<T>;
// biome-ignore lint/suspicious/noExplicitAny: as React.lazy takes it; the properties keep their types
type Component = ComponentType<any>;
let fetchCode: Fetch = (load) => load();

export function fetchCodeBy(given: Fetch): void {
  fetchCode = given;
}

export const code: Fetch = (load, isNeeded) => fetchCode(load, isNeeded);

// A component whose code is fetched when it is first drawn.
export const later = <C extends Component>(load: () => Promise<{ default: C }>) => lazy(() => fetchCode(load));
