// The program of a User-Agent header, in a few words; what is not known is shown as it was sent.
const browsers: readonly [RegExp, string][] = [
  [/\bEdg\/(\d+)/, "Edge"],
  [/\bOPR\/(\d+)/, "Opera"],
  [/\bFirefox\/(\d+)/, "Firefox"],
  [/\b(?:Headless)?Chrome\/(\d+)/, "Chrome"],
  [/\bVersion\/(\d+).*\bSafari\//, "Safari"],
];
const systems: readonly [RegExp, string][] = [
  [/\bWindows\b/, "Windows"],
  [/\b(?:iPhone|iPad)\b/, "iOS"],
  [/\bAndroid\b/, "Android"],
  [/\bMac OS X\b/, "macOS"],
  [/\bLinux\b/, "Linux"],
];

export function agentName(agent: string): string {
  for (const [pattern, name] of browsers) {
    const found = pattern.exec(agent);
    if (!found) continue;
    const system = systems.find(([words]) => words.test(agent))?.[1];
    return `${name} ${found[1]}${system ? `, ${system}` : ""}`;
  }
  return agent;
}
