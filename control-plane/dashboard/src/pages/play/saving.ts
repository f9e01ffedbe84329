// Names of contexts that are saved together. Pure.
export const mostSaved = 20; // at once; a person has at most 100

// One has the name itself, many have numbers of the same length after it, so that they are listed in their order.
export function savedNames(name: string, n: number): string[] {
  if (n === 1) return [name];
  const digits = String(n).length;
  return Array.from({ length: n }, (_, i) => `${name} ${String(i + 1).padStart(digits, "0")}`);
}
