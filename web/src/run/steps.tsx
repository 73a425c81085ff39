// A run's steps as a table: the urgent first when there are many.
import { useMemo, useState } from "preact/hooks";
import { path, stepStates, type Step } from "../api";
import { sum } from "../format";
import { t } from "../i18n";
import { Bar, Scroll, State, Took, isBad } from "../parts";
import { Link } from "../router";

const sorted_from = 30, searched_from = 50;

export function InstanceBar({ of }: { of: Step }) {
  const count = (state: string) => of.by_state[stepStates.indexOf(state as never)] ?? 0;
  return <Bar done={sum(of.by_state.slice(5))} of={of.instances} bad={count("failed") + count("poisoned")} label={of.name} />;
}

export function StepTable({ run, steps }: { run: string; steps: Step[] }) {
  const [most, setMost] = useState(200);
  const [find, setFind] = useState("");
  const order = (step: Step) => (isBad(step.state) ? 0 : step.state === "running" || step.state === "publishing" ? 1 : 2);
  const all = useMemo(() => {
    const wanted = find.toLowerCase();
    const found = find === "" ? steps : steps.filter((step) => step.name.toLowerCase().includes(wanted) || step.error.toLowerCase().includes(wanted));
    return steps.length > sorted_from ? [...found].sort((a, b) => order(a) - order(b)) : found;
  }, [steps, find]);
  return <>
    {steps.length > searched_from && <div class="filter"><label>{t("Step")}<input type="search" value={find} onInput={(event) => { setFind(event.currentTarget.value); setMost(200); }} /></label><small>{all.length}/{steps.length}</small></div>}
    <Scroll><table>
      <thead><tr><th>{t("State")}</th><th>{t("Step")}</th><th>{t("Took")}</th><th>{t("Node")}</th><th>{t("Attempts")}</th><th>{t("Progress")}</th></tr></thead>
      <tbody>{all.slice(0, most).map((step) => <tr key={step.name}>
        <td><State of={step.state} /></td><td><Link to={path("runs", run, "steps", step.name)}>{step.name}</Link>{step.instances > 1 && <small> × {step.instances}</small>}
          {step.error && isBad(step.state) && <small class="under bad">{step.error}</small>}{step.note && <small class="under">{step.note}</small>}</td>
        <td><Took from={step.started_ms} to={step.ended_ms} /></td><td>{step.node}</td><td class="number">{step.attempts > step.instances ? step.attempts : ""}</td>
        <td>{step.instances > 1 ? <InstanceBar of={step} /> : step.total > 0 && step.state === "running" ? <><Bar done={step.done} of={step.total} label={step.name} /><small>{step.progress}</small></> : <small>{step.state === "running" ? step.progress : ""}</small>}</td></tr>)}</tbody></table></Scroll>
    {all.length > most && <p><button type="button" onClick={() => setMost(most + 1000)}>{t("More")} ({all.length - most})</button></p>}</>;
}
