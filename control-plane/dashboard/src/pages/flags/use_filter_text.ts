import { useEffect, useRef, useState } from "react";

const pause = 300;

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
    const trimmed = text.trim();
    if (trimmed === written.current) return;
    const timer = setTimeout(() => {
      written.current = trimmed;
      latest.current(trimmed);
    }, pause);
    return () => clearTimeout(timer);
  }, [text]);
  return [text, setText];
}
