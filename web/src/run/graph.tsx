// The run's graph with live states. Laid out by dagre, which is loaded when somebody looks. Of a large one, steps that need and
// are needed by the same become one box.
import { useEffect, useMemo, useState } from "preact/hooks";
import { path, type Step, type StepState } from "../api";
import { t } from "../i18n";
import { isBad } from "../parts";
import { go } from "../router";

interface Box { id: string; label: string; state: StepState; steps: Step[]; needs: string[]; x: number; y: number; w: number; h: number }
interface Laid { boxes: Box[]; edges: { from: string; to: string; points: { x: number; y: number }[] }[]; width: number; height: number }

const collapsed_from = 80;
const urgency: StepState[] = ["poisoned", "failed", "running", "publishing", "backing_off", "ready", "waiting", "cancelled", "skipped", "succeeded"];
const worst = (steps: Step[]) => urgency.find((state) => steps.some((step) => step.state === state)) ?? "waiting";

/** Boxes and what they need, by name; states come later, so that a layout outlives them. */
export function boxesOf(steps: Step[]): { id: string; names: string[]; needs: string[] }[] {
  if (steps.length <= collapsed_from) return steps.map((step) => ({ id: step.name, names: [step.name], needs: step.needs }));
  const needed = new Map<string, string[]>();
  for (const step of steps) for (const need of step.needs) needed.set(need, [...(needed.get(need) ?? []), step.name]);
  const groups = new Map<string, string[]>();
  for (const step of steps) {
    const key = JSON.stringify([[...step.needs].sort(), [...(needed.get(step.name) ?? [])].sort()]);
    groups.set(key, [...(groups.get(key) ?? []), step.name]);
  }
  const box = new Map<string, string>();
  for (const names of groups.values()) for (const name of names) box.set(name, names[0]!);
  const byName = new Map(steps.map((step) => [step.name, step]));
  return [...groups.values()].map((names) => ({ id: names[0]!, names, needs: [...new Set(byName.get(names[0]!)!.needs.map((need) => box.get(need) ?? need))] }));
}

export function Graph({ run, steps }: { run: string; steps: Step[] }) {
  const shape = JSON.stringify(steps.map((step) => [step.name, step.needs, step.instances]));
  const [laid, setLaid] = useState<Laid | null>(null);
  const [problem, setProblem] = useState("");
  useEffect(() => {
    let over = false;
    void import("@dagrejs/dagre").then(({ default: dagre }) => {
      if (over) return;
      const graph = new dagre.graphlib.Graph().setGraph({ rankdir: "LR", nodesep: 14, ranksep: 46, marginx: 8, marginy: 8 }).setDefaultEdgeLabel(() => ({}));
      const boxes = boxesOf(steps);
      if (boxes.length > 3000) { setProblem(`${steps.length} ${t("Steps").toLowerCase()}`); return; }
      const label = (box: { names: string[] }) => (box.names.length > 1 ? `${box.names[0]} … × ${box.names.length}` : box.names[0]!);
      for (const box of boxes) graph.setNode(box.id, { width: Math.min(240, 46 + 7.2 * label(box).length), height: 34 });
      for (const box of boxes) for (const need of box.needs) graph.setEdge(need, box.id);
      dagre.layout(graph);
      const size = graph.graph();
      setLaid({
        boxes: boxes.map((box) => { const at = graph.node(box.id); return { id: box.id, label: label(box), state: "waiting", steps: [], needs: box.needs, x: at.x, y: at.y, w: at.width, h: at.height }; }),
        edges: graph.edges().map((edge) => ({ from: edge.v, to: edge.w, points: graph.edge(edge).points })), width: size.width ?? 0, height: size.height ?? 0,
      });
    });
    return () => { over = true; };
  }, [shape]);
  const members = useMemo(() => new Map(boxesOf(steps).map((box) => [box.id, box.names])), [shape]);
  const byName = new Map(steps.map((step) => [step.name, step]));
  if (problem) return <p class="nothing">{problem}</p>;
  if (!laid) return <p class="nothing">…</p>;
  return <div class="graph scroll" tabIndex={0} role="group" aria-label={t("Graph")}>
    <svg width={laid.width} height={laid.height} viewBox={`0 0 ${laid.width} ${laid.height}`}>
      {laid.edges.map((edge) => <path key={`${edge.from} ${edge.to}`} class="edge" d={edge.points.map((point, i) => `${i === 0 ? "M" : "L"}${point.x} ${point.y}`).join(" ")} />)}
      {laid.boxes.map((box) => {
        const own = (members.get(box.id) ?? [box.id]).map((name) => byName.get(name)).filter((step): step is Step => step !== undefined);
        const state = worst(own);
        const many = own.length === 1 && own[0]!.instances > 1 ? ` × ${own[0]!.instances}` : "";
        const target = own.find((step) => isBad(step.state)) ?? own[0];
        const open = () => target && go(path("runs", run, "steps", target.name));
        return <g key={box.id} class={`box ${state}`} transform={`translate(${box.x - box.w / 2} ${box.y - box.h / 2})`} role="link" tabindex={0} onClick={open}
          onKeyDown={(event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); open(); } }}>
          <title>{`${box.label}${many}: ${t(state)}${target?.error ? " · " + target.error.slice(0, 200) : ""}`}</title>
          <rect width={box.w} height={box.h} rx={7} /><circle cx={15} cy={box.h / 2} r={5} /><text x={28} y={box.h / 2 + 4}>{box.label.length > 28 ? box.label.slice(0, 27) + "…" : box.label}{many}</text></g>;
      })}
    </svg></div>;
}
