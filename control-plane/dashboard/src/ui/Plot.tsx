import { useEffect, useRef, useState } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import styles from "./Plot.module.css";

export interface PlotLine {
  label: string;
  colour: number; // of the variations' colours, from 1; 0 is that of off
  values: readonly (number | null)[]; // null: nothing was counted, drawn as a gap
}

export interface PlotMark {
  at: number; // seconds
  text: string;
}

interface PlotProps {
  label: string;
  times: readonly number[]; // seconds: where each step begins
  end: number; // seconds: where the last step ends
  lines: readonly PlotLine[]; // drawn in this order: of stacked ones, the highest first
  marks?: readonly PlotMark[];
  isFilled?: boolean;
  timeZone: string;
  format: (value: number) => string;
  formatTime: (seconds: number) => string;
}

const height = 280;
const near = 6;
const wide = { weight: 2, mark: 1 };

const token = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const colourOf = (colour: number): string => token(colour === 0 ? "--off" : `--variation-${((colour - 1) % 8) + 1}`);

// The values with gaps on both sides, which a line would not show.
function alone(plot: uPlot, series: number): number[] {
  const values = plot.data[series] ?? [];
  const isThere = (at: number) => values[at] !== null && values[at] !== undefined;
  return Array.from(values, (_, at) => at).filter((at) => isThere(at) && !isThere(at - 1) && !isThere(at + 1));
}

function options(props: PlotProps, width: number, onMark: (text: string) => void): uPlot.Options {
  const { times, end, lines, marks = [], isFilled, timeZone, format, formatTime } = props;
  const axis = {
    stroke: token("--muted"),
    grid: { stroke: token("--line"), width: 1 },
    ticks: { stroke: token("--line") },
  };
  const drawMarks = (plot: uPlot) => {
    const { ctx, bbox } = plot;
    ctx.save();
    ctx.strokeStyle = token("--protected");
    ctx.setLineDash([4, 3]);
    ctx.lineWidth = wide.mark * devicePixelRatio;
    for (const { at } of marks) {
      const x = plot.valToPos(at, "x", true);
      if (x < bbox.left || x > bbox.left + bbox.width) continue;
      ctx.beginPath();
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
    }
    ctx.restore();
  };
  const cursor = (plot: uPlot) => {
    const left = plot.cursor.left ?? -1;
    const found = left < 0 ? undefined : marks.find(({ at }) => Math.abs(plot.valToPos(at, "x") - left) <= near);
    onMark(found?.text ?? "");
  };
  return {
    width,
    height,
    tzDate: (at) => uPlot.tzDate(new Date(at * 1000), timeZone),
    scales: { x: { range: [times[0] ?? 0, end] }, y: { range: (_plot, _min, max) => [0, max > 0 ? max * 1.05 : 1] } },
    axes: [
      { ...axis, values: (_plot, at) => at.map(formatTime) },
      { ...axis, size: 64, values: (_plot, values) => values.map(format) },
    ],
    series: [
      {},
      ...lines.map(({ label, colour }) => ({
        label,
        stroke: colourOf(colour),
        width: wide.weight,
        points: { show: true, size: 5, filter: alone },
        ...(isFilled ? { fill: colourOf(colour) } : {}),
      })),
    ],
    legend: { show: false },
    hooks: { draw: [drawMarks], setCursor: [cursor] },
  };
}

// Lines over time. What it shows stands in a table beside it as well, so it is hidden from screen readers.
export function Plot(props: PlotProps) {
  const { label, times, lines } = props;
  const place = useRef<HTMLDivElement>(null);
  const [mark, setMark] = useState("");
  const [theme, setTheme] = useState(document.documentElement.dataset.theme);
  useEffect(() => {
    const watch = new MutationObserver(() => setTheme(document.documentElement.dataset.theme));
    watch.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    return () => watch.disconnect();
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme's colours are read where it is drawn
  useEffect(() => {
    const host = place.current;
    if (!host) return;
    const data = [times, ...lines.map((line) => line.values)] as unknown as uPlot.AlignedData;
    const plot = new uPlot(options(props, host.clientWidth, setMark), data, host);
    const resize = new ResizeObserver(() => plot.setSize({ width: host.clientWidth, height }));
    resize.observe(host);
    return () => {
      resize.disconnect();
      plot.destroy();
    };
  }, [times, props.end, lines, props.marks, props.isFilled, props.timeZone, theme]);
  return (
    <figure aria-label={label} className={styles.plot}>
      <div ref={place} aria-hidden className={styles.canvas} />
      <figcaption className={styles.caption}>{mark}</figcaption>
    </figure>
  );
}
