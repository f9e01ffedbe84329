import { Fragment } from "react";
import type { Sentence } from "../model/index";

// A sentence of the model: names and values are set apart from the words.
export function SentenceText({ sentence }: { sentence: Sentence }) {
  return sentence.map((part, i) => {
    const key = `${i}`;
    if (part.kind === "text") return <Fragment key={key}>{part.text}</Fragment>;
    return part.kind === "variation" ? <strong key={key}>{part.text}</strong> : <code key={key}>{part.text}</code>;
  });
}
