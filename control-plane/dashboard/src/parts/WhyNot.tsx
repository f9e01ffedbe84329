import type { Action } from "../model/index";
import { Banner } from "../ui/States";
import { whyNot } from "./why_not";

interface WhyNotProps {
  action: Action;
  place: string; // as people call it
  isProtected?: boolean;
}

// Why something is not offered here, and whose roles may.
export function WhyNot({ action, place, isProtected = false }: WhyNotProps) {
  return <Banner tone={isProtected ? "protected" : "info"}>{whyNot(action, place, isProtected)}</Banner>;
}
