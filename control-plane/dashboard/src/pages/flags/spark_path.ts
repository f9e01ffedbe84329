// A small plot as one path: a bar for each count, the largest as high as there is room. Pure.
export interface SparkSize {
  width: number;
  height: number;
}

const gap = 1;
const least = 1; // of what was counted at all, so that one evaluation among thousands is seen

// A line below what is zero, so that it differs from what is unknown.
export function sparkPath(counts: readonly number[], { width, height }: SparkSize): string {
  const most = Math.max(0, ...counts);
  const step = width / Math.max(1, counts.length);
  const bars = counts.map((n, i) => {
    const tall = n <= 0 ? 0 : Math.max(least, Math.round((n / most) * (height - gap)));
    return tall === 0 ? "" : `M${i * step} ${height - gap}v${-tall}h${step - gap}v${tall}z`;
  });
  return `M0 ${height - gap}h${width}v${gap}h${-width}z${bars.join("")}`;
}
