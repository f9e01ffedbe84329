// What a line of the table of pages (routes.tsx) says, and how a page reads its own address.
import { useNavigate, useParams, useRouter, useSearch } from "@tanstack/react-router";
import type { ComponentType } from "react";
import { useCallback } from "react";
import type { Permission } from "../api/queries/me";
import { type Schema, type SearchOf, validate } from "../search";
import type { IconName } from "../ui/Icon";

export interface MenuEntry {
  label: string;
  icon: IconName;
  key?: string; // after `g`
  group: "project" | "organisation";
  isInPaletteOnly?: boolean; // in the menu stands that which holds it
  holds?: readonly string[]; // paths of pages that are a part of it, elsewhere
}

export interface Page {
  path: string; // below /ui; $name is a key
  search?: Schema;
  permission?: Permission; // without it, the page is another to whoever has it
  menu?: MenuEntry;
  isFrameless?: boolean;
  load: () => Promise<{ default: ComponentType }>;
  ahead?: (keys: PathKeys) => void; // asks for what the page shows first, while its code comes
}

export interface RouterContext {
  paths: readonly string[]; // of all pages
  menu: readonly (MenuEntry & { path: string; permission?: Permission })[];
}

export interface PathKeys {
  org: string;
  project: string;
  flag: string;
  env: string;
  segment: string;
  id: string;
  relay: string;
}

// The keys in the page's address. Those that its path does not have are empty.
export function useKeys(): PathKeys {
  const given = useParams({ strict: false }) as Partial<PathKeys>;
  return { org: "", project: "", flag: "", env: "", segment: "", id: "", relay: "", ...given };
}

export function usePageSearch<S extends Schema>(schema: S): SearchOf<S> {
  return validate(schema, useSearch({ strict: false }) as Record<string, unknown>);
}

// Changes some parameters of the address; the others stay. `replace`: without a step in the browser's history.
export function useSetSearch<S extends Schema>(): (changes: SearchOf<S>, replace?: boolean) => void {
  const navigate = useNavigate();
  return useCallback(
    (changes, replace = true) => {
      void navigate({
        to: ".",
        search: ((before: Record<string, unknown>) => ({ ...before, ...changes })) as never,
        hash: true as never,
        replace,
        resetScroll: false,
      });
    },
    [navigate],
  );
}

// Goes to a path below /ui, with its search parameters.
export function useGo(): (path: string, replace?: boolean) => void {
  const router = useRouter();
  return useCallback(
    (path, replace = false) => {
      const href = (router.basepath === "/" ? "" : router.basepath) + path;
      if (replace) router.history.replace(href);
      else router.history.push(href);
    },
    [router],
  );
}

// Whether there is a page with this path in the table.
export const useHasPage = (): ((path: string) => boolean) => {
  const { paths } = useRouter().options.context as RouterContext;
  return (path) => paths.includes(path);
};

export const useMenu = (): RouterContext["menu"] => (useRouter().options.context as RouterContext).menu;
