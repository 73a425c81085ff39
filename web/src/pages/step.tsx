import { useState } from "preact/hooks";
import { api, path, query, useData, type Run, type Step } from "../api";
import { moment, short, span } from "../format";
import { t } from "../i18n";
import { Act, Nothing, Panel, Problem, Scroll, State, Told, Took } from "../parts";
import { Link, go } from "../router";
import { ArtifactTable, Metrics, metricsIn, type Artifacts } from "../run/artifacts";
import { useFacts } from "../run/facts";
import { Output } from "../run/output";
import { InstanceBar } from "../run/steps";
import { attemptsOf } from "../run/timeline";

export function StepPage({ run, step }: { run: string; step: string }) {
  const name = step.replace(/\[\d+\]$/, "");
  const got = useData<Run>(path("runs", run), (what) => what.runs.includes(run));
  const why = useData<{ state: string; reasons: string[] }>(path("runs", run, "steps", step, "explanation"), (what) => what.runs.includes(run) || what.cluster);
  const [attempt, setAttempt] = useState(0);
  const own: Step | undefined = got.value?.steps.find((each) => each.name === name);
  const facts = useFacts(run, got.value === undefined || got.value.summary.state === "running", true, (one) => one.step === step || (step === name && one.step.startsWith(name + "[")));
  const attempts = attemptsOf(facts);
  const made = useData<Artifacts>(path("runs", run, "artifacts") + query({ step }), (what) => what.runs.includes(run), 0, 2000);
  const going = got.value?.summary.state === "running";
  const mark = (as: string) => (reason: string) => api(path("runs", run, "steps", step, "mark"), { as, reason });
  const retry = (body: object) => async (reason: string) => {
    const made = await api<{ run: string }>(path("runs", run, "retry"), { ...body, reason });
    go(path("runs", made.run));
    return { text: `${t("Run")} ${made.run}` };
  };
  return <>
    <h1>{step} {why.value && <State of={why.value.state} />}</h1>
    <p><Link to={path("runs", run)}>{got.value?.summary.pipeline ?? t("Run")} <code>{short(run)}</code></Link></p>
    <Problem text={got.error ?? why.error} />
    <p class="actions">
      {going && <Act label="Mark succeeded" title={`${t("Mark succeeded")}: ${step}`} act={mark("succeeded")} />}
      {going && <Act label="Mark failed" danger title={`${t("Mark failed")}: ${step}`} act={mark("failed")} />}
      {going && <Act label="Skip" title={`${t("Skip")}: ${step}`} act={mark("skipped")} />}
      {got.value && !going && <Act label="Retry from here" title={`${t("Retry from here")}: ${name}`} act={retry({ from: [name] })} />}
    </p>
    <div class="panels">
      <Panel title={t("Why it is as it is")}>{why.value && <ul class="reasons">{why.value.reasons.map((reason) => <li key={reason}>{reason}</li>)}</ul>}</Panel>
      {own && <Panel title={t("Step")}><dl class="params">
        <div><dt>{t("Kind")}</dt><dd><code>{own.use}</code></dd></div>{own.instances > 1 && <div><dt>{t("Instances")}</dt><dd>{own.instances}<InstanceBar of={own} /></dd></div>}
        <div><dt>{t("Took")}</dt><dd><Took from={own.started_ms} to={own.ended_ms} /></dd></div>{own.output && <div><dt>output</dt><dd>{own.output}</dd></div>}
        {own.result && own.result !== "{}" && <div><dt>{t("Result")}</dt><dd><Told result={own.result} /></dd></div>}{own.error && <div><dt>{t("Error")}</dt><dd class="bad">{own.error}</dd></div>}</dl></Panel>}
      <Panel title={t("What it wrote")} wide><Output key={`${run} ${step} ${attempt}`} run={run} step={step} attempt={attempt} /></Panel>
      {made.value && metricsIn(made.value).length > 0 && <Panel title={t("Charts")} wide><Metrics run={run} of={made.value} /></Panel>}
      {made.value && made.value.artifacts.length > 0 && <Panel title={t("Artifacts")} wide><ArtifactTable run={run} of={made.value} /></Panel>}
      <Panel title={t("Attempts")} wide>{attempts.length === 0 ? <Nothing /> : <Scroll><table>
        <thead><tr><th>{t("Attempt")}</th><th>{t("State")}</th><th>{t("Node")}</th><th>{t("Started")}</th><th>{t("Took")}</th><th>{t("Reason")}</th></tr></thead>
        <tbody>{attempts.slice(-200).reverse().map((one) => <tr key={one.step + one.attempt}>
          <td>{one.step === step ? <button type="button" class="link" aria-pressed={attempt === one.attempt} onClick={() => setAttempt(one.attempt)}>{one.attempt}</button> : <Link to={path("runs", run, "steps", one.step)}>{one.step} · {one.attempt}</Link>}</td>
          <td><State of={one.how} /></td><td>{one.node}</td><td>{moment(one.from)}</td><td class="number">{one.to ? span(one.to - one.from) : <Took from={one.from} to={0} />}</td><td class="wide">{one.text}</td></tr>)}</tbody></table></Scroll>}</Panel>
    </div>
  </>;
}
