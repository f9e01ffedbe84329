// How the interface looks to this person: theme, contrast, density, motion. Kept on this machine too, for boot.js.
import type { Preferences } from "../api/queries/me";

const kept = "fanion-look";
type Look = Pick<Preferences, "theme" | "contrast" | "density" | "motion">;

function read(): Record<string, string> {
  try {
    return JSON.parse(localStorage.getItem(kept) ?? "{}") as Record<string, string>;
  } catch {
    return {};
  }
}

function set(root: HTMLElement, name: keyof Look, value: string | undefined, normal: string): void {
  if (value === undefined || value === normal) delete root.dataset[name];
  else root.dataset[name] = value;
}

export function applyLook(look: Look = read() as Look): void {
  const root = document.documentElement;
  const isDark =
    look.theme === "dark" || (look.theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  set(root, "theme", isDark ? "dark" : "light", "");
  set(root, "contrast", look.contrast, "normal");
  set(root, "density", look.density, "normal");
  set(root, "motion", look.motion, "normal");
}

export function keepLook(look: Look): void {
  const { theme, contrast, density, motion } = look;
  const chosen = theme === "system" ? undefined : theme;
  try {
    const { pseudo, dir } = read();
    localStorage.setItem(kept, JSON.stringify({ theme: chosen, contrast, density, motion, pseudo, dir }));
  } catch {
    // Without storage, the theme is known once the person is.
  }
  applyLook(look);
}

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => applyLook());
