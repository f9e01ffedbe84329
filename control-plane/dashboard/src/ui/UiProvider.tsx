import type { ReactNode } from "react";
import { I18nProvider, RouterProvider } from "react-aria-components";
import { locale } from "../text/texts";

interface UiProviderProps {
  navigate: (href: string) => void; // for links inside menus and lists
  children: ReactNode;
}

export function UiProvider({ navigate, children }: UiProviderProps) {
  return (
    <I18nProvider locale={locale}>
      <RouterProvider navigate={navigate}>{children}</RouterProvider>
    </I18nProvider>
  );
}
