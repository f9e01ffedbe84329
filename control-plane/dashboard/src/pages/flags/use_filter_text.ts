import { useEffect, useRef, useState } from "react";
import { filterToSearch, searchToFilter } from "../../model/index";

const pause = 300;
// As the address gives it back: the same conditions, those with parameters of their own first.
const canonical = (text: string): string => searchToFilter(filterToSearch(text.trim()));

// What is typed filters at once; the address follows when typing pauses. Going back in the browser's history changes the text.
export function useFilterText(inAddress: string, write: (text: string) => void): [string, (text: string) => void] {
  const [text, setText] = useState(inAddress);
  const written = useRef(inAddress);
  const latest = useRef(write);
  latest.current = write;
  useEffect(() => {
    if (inAddress === written.current) return;
    written.current = inAddress;
    setText(inAddress);
  }, [inAddress]);
  useEffect(() => {
    const typed = canonical(text);
    if (typed === written.current) return;
    const timer = setTimeout(() => {
      written.current = typed;
      latest.current(typed);
    }, pause);
    return () => clearTimeout(timer);
  }, [text]);
  return [text, setText];
}
