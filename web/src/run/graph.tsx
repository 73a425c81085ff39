// The run's graph with live states. Laid out by dagre, which is loaded when somebody looks. Of a large one, groups of steps are
// one box (groups.ts), which opens as a table.
import { useEffect, useMemo, useState } from "preact/hooks";
import { path, type Step, type StepState } from "../api";
import { t } from "../i18n";
import { isBad } from "../parts";
import { go } from "../router";
import { groupsOf } from "./groups";
import { StepTable } from "./steps";

interface Box { id: string; label: string; names: string[]; x: number; y: number; w: number; h: number }
interface Laid { of: string; boxes: Box[]; edges: { from: string; to: string; points: { x: number; y: number }[] }[]; width: number; height: number }

const urgency: StepState[] = ["poisoned", "failed", "running", "publishing", "backing_off", "ready", "waiting", "cancelled", "skipped", "succeeded"];
function worst(steps: Step[]): StepState {
  const there = new Set(steps.map((step) => step.state));
  return urgency.find((state) => there.has(state)) ?? "waiting";
}
const cut = (label: string) => (label.length > 28 ? label.slice(0, 27) + "…" : label);

export function Graph({ run, steps }: { run: string; steps: Step[] }) {
  const shape = useMemo(() => JSON.stringify(steps.map((step) => [step.name, step.needs])), [steps]);
  const [laid, setLaid] = useState<Laid | null>(null);
  const [open, setOpen] = useState("");
  useEffect(() => {
    let over = false;
    void import("@dagrejs/dagre").then(({ default: dagre }) => {
      if (over) return;
      const graph = new dagre.graphlib.Graph().setGraph({ rankdir: "LR", nodesep: 14, ranksep: 46, marginx: 8, marginy: 8 }).setDefaultEdgeLabel(() => ({}));
      const groups = groupsOf(steps);
      for (const one of groups) graph.setNode(one.id, { width: Math.min(250, 46 + 7.4 * cut(one.label).length), height: 34 });
      for (const one of groups) for (const need of one.needs) graph.setEdge(need, one.id);
      dagre.layout(graph);
      const size = graph.graph();
      setLaid({
        of: shape,
        boxes: groups.map((one) => { const at = graph.node(one.id); return { id: one.id, label: one.label, names: one.names, x: at.x, y: at.y, w: at.width, h: at.height }; }),
        edges: graph.edges().map((edge) => ({ from: edge.v, to: edge.w, points: graph.edge(edge).points })), width: size.width ?? 0, height: size.height ?? 0,
      });
    });
    return () => { over = true; };
  }, [shape]);
  const byName = useMemo(() => new Map(steps.map((step) => [step.name, step])), [steps]);
  if (!laid || laid.of !== shape) return <p class="nothing">…</p>;
  const membersOf = (box: Box) => box.names.map((name) => byName.get(name)).filter((step): step is Step => step !== undefined);
  const chosen = laid.boxes.find((box) => box.id === open);
  return <><div class="graph scroll" tabIndex={0} role="group" aria-label={t("Graph")}>
    <svg width={laid.width} height={laid.height} viewBox={`0 0 ${laid.width} ${laid.height}`}>
      {laid.edges.map((edge) => <path key={`${edge.from} ${edge.to}`} class="edge" d={edge.points.map((point, i) => `${i === 0 ? "M" : "L"}${point.x} ${point.y}`).join(" ")} />)}
      {laid.boxes.map((box) => {
        const own = membersOf(box), state = worst(own), bad = own.find((step) => isBad(step.state));
        const many = own.length === 1 && own[0]!.instances > 1 ? ` × ${own[0]!.instances}` : "";
        const enter = () => { if (own.length > 1) setOpen(open === box.id ? "" : box.id); else if (own[0]) go(path("runs", run, "steps", own[0].name)); };
        return <g key={box.id} class={`box ${state}${box.id === open ? " open" : ""}`} transform={`translate(${box.x - box.w / 2} ${box.y - box.h / 2})`} role={own.length > 1 ? "button" : "link"} aria-expanded={own.length > 1 ? box.id === open : undefined} tabindex={0} onClick={enter}
          onKeyDown={(event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); enter(); } }}>
          <title>{`${box.label}${many}: ${t(state)}${bad ? ` · ${bad.name} · ${bad.error.slice(0, 200)}` : ""}`}</title>
          {own.length > 1 && <rect x={4} y={-4} width={box.w} height={box.h} rx={7} />}
          <rect width={box.w} height={box.h} rx={7} /><circle cx={15} cy={box.h / 2} r={5} /><text x={28} y={box.h / 2 + 4}>{cut(box.label)}{many}</text></g>;
      })}
    </svg></div>
    {chosen && chosen.names.length > 1 && <section aria-label={chosen.label}><h3>{chosen.label}</h3><StepTable run={run} steps={membersOf(chosen)} /></section>}</>;
}
