import { api, path, useData, type Node } from "../api";
import { size, span } from "../format";
import { t } from "../i18n";
import { Act, Bar, Nothing, Panel, Problem, State } from "../parts";

interface Values { values: { name: string; labels: Record<string, string>; value: number }[] }

function Card({ of, memory }: { of: Node; memory: number | undefined }) {
  const free = of.free, all = of.capacity;
  return <Panel title={of.name} extra={<State of={of.drained ? "drained" : of.state} />}>
    <dl class="params">
      <div><dt>{t("Kind")}</dt><dd>{of.kind} {of.version}</dd></div><div><dt>{t("Host")}</dt><dd>{of.host} · {of.pid}</dd></div>
      <div><dt>{t("Slots")}</dt><dd>{of.running}/{all.slots}<Bar done={of.running} of={all.slots} label={t("Slots")} /></dd></div>
      <div><dt>{t("Cores")}</dt><dd>{((all.cpu_milli - free.cpu_milli) / 1000).toFixed(1)}/{(all.cpu_milli / 1000).toFixed(1)}<Bar done={all.cpu_milli - free.cpu_milli} of={all.cpu_milli} label={t("Cores")} /></dd></div>
      <div><dt>{t("Memory")}</dt><dd>{size(all.memory_bytes - free.memory_bytes)}/{size(all.memory_bytes)}{memory !== undefined && <small> · {size(memory)}</small>}</dd></div>
      {of.labels.length > 0 && <div><dt>{t("Labels")}</dt><dd>{of.labels.join(", ")}</dd></div>}
      {of.crashes > 0 && <div><dt>{t("Crashes")}</dt><dd>{of.crashes}</dd></div>}
      <div><dt>{t("Heard")}</dt><dd>{span(of.heard_ms_ago)} {t("ago")}</dd></div>
    </dl>
    <p class="actions"><Act label={of.drained ? "Undo drain" : "Drain"} title={`${t(of.drained ? "Undo drain" : "Drain")}: ${of.name}`} act={(reason) => api(path("nodes", of.name, "drain"), { undo: of.drained, reason })} /></p>
  </Panel>;
}

export function Nodes() {
  const got = useData<{ nodes: Node[] }>("/nodes?lost=true", (what) => what.cluster || what.runs.length > 0, 3000);
  const used = useData<Values>("/metrics?name=artel_node_steps_memory_bytes", () => false, 5000);
  const memory = new Map(used.value?.values.map((one) => [one.labels.node, one.value]));
  return <>
    <h1>{t("Nodes")}</h1>
    <Problem text={got.error} />
    {got.value && (got.value.nodes.length === 0 ? <Nothing /> : <div class="panels">{got.value.nodes.map((node) => <Card key={node.name} of={node} memory={memory.get(node.name)} />)}</div>)}
  </>;
}
