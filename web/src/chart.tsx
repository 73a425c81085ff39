// Charts over time or over steps, drawn by uPlot, which is loaded when somebody looks at one.
import { useEffect, useRef, useState } from "preact/hooks";
import type uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { language, t } from "./i18n";
import { brief } from "./numbers";

export interface Line { name: string; values: (number | null)[]; tone?: "good" | "bad" | "busy" | "warn" | "idle" | "accent"; dashed?: boolean; filled?: boolean; points?: boolean }
interface Given { title: string; bare?: boolean; x: number[]; lines: Line[]; time?: boolean; height?: number; whole?: boolean; onPick?: (at: number) => void }

const tones = ["busy", "good", "warn", "bad", "idle"] as const;
const toneOf = (line: Line, i: number) => line.tone ?? tones[i % tones.length]!;

/** Where no pointer is, the legend tells the last values. */
const lastInLegend = (of: uPlot) => { if (of.cursor.idx === null || of.cursor.idx === undefined) of.setLegend({ idx: of.data[0].length - 1 }, false); };

function optionsOf(of: Given, frame: HTMLElement, width: number): uPlot.Options {
  const style = getComputedStyle(frame), colour = (name: string) => style.getPropertyValue(`--${name}`).trim();
  const axis = { stroke: colour("soft"), grid: { stroke: colour("line"), width: 1 }, ticks: { stroke: colour("line"), width: 1 }, font: "12px system-ui" };
  const locale = language.value === "ru" ? "ru-RU" : "sv-SE";
  return {
    width, height: of.height ?? 200, cursor: { points: { size: 7 }, drag: { x: true, y: false } }, legend: { live: true },
    scales: { x: { time: of.time ?? false }, ...(of.whole ? { y: { range: (_, __, max) => [0, Math.max(1, max * 1.08)] } } : {}) },
    axes: [{ ...axis, space: of.time ? 90 : 50, ...(of.time ? { values: (_, splits, __, ___, step) => splits.map((at) => { const when = new Date(at * 1000); return when.getHours() + when.getMinutes() + when.getSeconds() === 0 ? when.toLocaleDateString(locale, { month: "short", day: "numeric" }) : when.toLocaleTimeString(locale, { hour: "2-digit", minute: "2-digit", ...(step < 60 ? { second: "2-digit" } : {}) }); }) } : {}) }, { ...axis, size: 58, values: (_, splits) => splits.map(brief) }],
    series: [{ label: of.time ? t("When") : t("Step"), ...(of.time ? { value: (_, at) => (at ? new Date(at * 1000).toLocaleString(locale) : "–") } : {}) },
      ...of.lines.map((line, i) => ({ label: line.name, stroke: colour(toneOf(line, i)), width: 2, spanGaps: true, points: { show: line.points ?? of.x.length < 60, size: 6 }, value: (_: uPlot, value: number | null) => brief(value),
        ...(line.dashed ? { dash: [6, 4] } : {}), ...(line.filled ? { fill: colour(`${toneOf(line, i)}-back`) } : {}) }))],
    hooks: {
      ready: [lastInLegend],
      init: of.onPick ? [(made) => made.over.addEventListener("click", () => { const at = made.cursor.idx; if (at !== null && at !== undefined) of.onPick!(at); })] : [],
    },
  };
}

export function Chart(of: Given) {
  const frame = useRef<HTMLDivElement>(null);
  const [made, setMade] = useState<typeof uPlot | null>(null);
  const [theme, setTheme] = useState(0);
  useEffect(() => { let over = false; void import("uplot").then((got) => { if (!over) setMade(() => got.default); }); return () => { over = true; }; }, []);
  useEffect(() => {
    const again = () => setTheme((old) => old + 1);
    const system = matchMedia("(prefers-color-scheme: dark)"), chosen = new MutationObserver(again);
    system.addEventListener("change", again);
    chosen.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
    return () => { system.removeEventListener("change", again); chosen.disconnect(); };
  }, []);
  const shape = JSON.stringify([of.lines.map((line) => [line.name, line.tone, line.dashed]), of.time, of.height, of.x.length < 60]);
  const chart = useRef<uPlot | null>(null), latest = useRef(of);
  latest.current = of;
  const data = () => [latest.current.x, ...latest.current.lines.map((line) => line.values)] as uPlot.AlignedData;
  useEffect(() => {
    const place = frame.current;
    if (!made || !place) return;
    const one = new made(optionsOf({ ...latest.current, onPick: latest.current.onPick ? (at) => latest.current.onPick?.(at) : undefined } as Given, place, Math.max(200, place.clientWidth)), data(), place);
    chart.current = one;
    const resized = new ResizeObserver(() => { if (Math.abs(one.width - place.clientWidth) > 1) one.setSize({ width: Math.max(200, place.clientWidth), height: latest.current.height ?? 200 }); });
    resized.observe(place);
    return () => { resized.disconnect(); one.destroy(); chart.current = null; };
  }, [made, shape, theme, language.value]);
  useEffect(() => {
    chart.current?.setData(data());
    const one = chart.current;
    if (one) queueMicrotask(() => lastInLegend(one));
  }, [of.x, of.lines]);
  const said = of.lines.map((line) => `${line.name} ${brief([...line.values].reverse().find((value) => value !== null))}`).join(", ");
  return <figure class="chart">{!of.bare && <figcaption>{of.title}</figcaption>}<div ref={frame} role="img" aria-label={`${of.title}: ${said}`} style={{ minHeight: `${of.height ?? 200}px` }} /></figure>;
}
