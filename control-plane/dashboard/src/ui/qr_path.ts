// A QR code as one path of unit squares: runs of dark modules, line by line. Pure.
import encodeQR from "qr";

export const quiet = 4; // modules of light around it, by the standard

export interface QrPath {
  size: number; // with the quiet zone
  d: string;
}

export function qrPath(text: string): QrPath {
  const rows = encodeQR(text, "raw", { ecc: "medium", border: quiet });
  const runs = rows.flatMap((row, y) =>
    [
      ...row
        .map((dark) => (dark ? "#" : " "))
        .join("")
        .matchAll(/#+/g),
    ].map(({ index, 0: run }) => `M${index} ${y}h${run.length}v1h-${run.length}z`),
  );
  return { size: rows.length, d: runs.join("") };
}
