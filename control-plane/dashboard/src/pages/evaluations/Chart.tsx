import { useQuery } from "@tanstack/react-query";
import { Suspense, useMemo } from "react";
import { exactFlagQuery } from "../../api/queries/exact";
import type { Place } from "../../api/queries/flags";
import { deliveriesQuery } from "../../api/queries/relays";
import type { Series, SeriesAsked } from "../../api/queries/series";
import { latestVersionsQuery } from "../../api/queries/versions";
import { Line, Lines, Muted, Section } from "../../parts/PageHead";
import { evaluationsWords } from "../../text/en/evaluations";
import { clock, count, exactTime, percent, timeZone } from "../../text/format";
import { later } from "../../ui/later";
import { Empty, Loading } from "../../ui/States";
import { CountTable } from "./CountTable";
import { marksOf } from "./marks";
import { type As, coloursOf, heights, pointsOf } from "./points";
import { StepTable } from "./StepTable";

const Plot = later(() => import("../../ui/Plot").then((made) => ({ default: made.Plot })));

interface ChartProps {
  place: Place;
  asked: SeriesAsked;
  series: Series;
  as: As;
}

const freshSteps = 2;
const daySeconds = 86_400;
const clockOf = (seconds: number): string => clock(seconds * 1000);
const day = (seconds: number): string => exactTime(seconds * 1000).slice(5, 10);
const dayOrClock = (seconds: number): string => (clockOf(seconds) === "00:00" ? day(seconds) : clockOf(seconds));

// The numbers as lines, and the same numbers as a table; what was published meanwhile is marked on the axis.
export function Chart({ place, asked, series, as }: ChartProps) {
  const versions = useQuery(latestVersionsQuery(place, asked.env)).data;
  const dropped = (useQuery(deliveriesQuery(place.org)).data ?? []).reduce((sum, one) => sum + one.dropped.counts, 0);
  const points = useMemo(() => pointsOf(series, asked.by), [series, asked.by]);
  const unnamed = evaluationsWords.names[asked.by];
  const flag = useQuery({
    ...exactFlagQuery(place, asked.flag ?? ""),
    enabled: asked.flag !== undefined && asked.by === "variation",
  }).data;
  const colours = useMemo(
    () => coloursOf(points.lines, (asked.flag !== undefined && flag?.variations) || []),
    [points, asked.flag, flag],
  );
  const lines = useMemo(() => {
    const drawn = heights(points, as);
    return points.lines.map((line, i) => ({
      label: line.name ?? unnamed,
      colour: colours[i] ?? 0,
      values: drawn[i] ?? [],
    }));
  }, [points, as, unnamed, colours]);
  const marks = useMemo(
    () => marksOf(versions ?? [], Date.parse(series.from) / 1000, Date.parse(series.to) / 1000, asked.flag),
    [versions, series.from, series.to, asked.flag],
  );
  const { lastAt, times } = points;
  const step = (times[1] ?? 0) - (times[0] ?? 0);
  const lastStart = times.at(-1) ?? 0;
  const isQuiet = lastAt !== undefined && lastStart - lastAt > freshSteps * step;
  const what = asked.flag ?? evaluationsWords.all_flags;
  if (points.total === 0) return <Empty title={evaluationsWords.none} detail={evaluationsWords.none_detail} />;
  return (
    <>
      <Section
        title={evaluationsWords.total(points.total)}
        detail={
          <>
            {evaluationsWords.zone(timeZone())}{" "}
            {lastStart > 0 && evaluationsWords.unfinished(exactTime(lastStart * 1000))}{" "}
            {isQuiet && lastAt !== undefined && evaluationsWords.none_since(exactTime((lastAt + step) * 1000))}{" "}
            {series.has_more && evaluationsWords.more} {dropped > 0 && evaluationsWords.dropped(dropped)}
          </>
        }
      >
        <Suspense fallback={<Loading rows={7} />}>
          <Plot
            label={evaluationsWords.plot(what)}
            times={times}
            end={lastStart + step}
            lines={lines}
            marks={marks}
            isFilled={as !== "lines"}
            timeZone={timeZone()}
            formatTime={asked.step === "day" ? day : asked.seconds > daySeconds ? dayOrClock : clockOf}
            format={as === "share" ? (value) => percent(value, 0) : count}
          />
        </Suspense>
        <CountTable points={points} by={asked.by} colours={colours} />
        <StepTable points={points} unnamed={unnamed} />
      </Section>
      <Section title={evaluationsWords.marks}>
        {marks.length === 0 ? (
          <Muted>{evaluationsWords.no_marks}</Muted>
        ) : (
          <Lines label={evaluationsWords.marks}>
            {marks.slice(0, 20).map((mark) => (
              <Line key={mark.version} end={<Muted>{exactTime(mark.at * 1000)}</Muted>}>
                {mark.text}
              </Line>
            ))}
          </Lines>
        )}
      </Section>
    </>
  );
}
