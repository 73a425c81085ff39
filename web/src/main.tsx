import { render } from "preact";
import { useEffect, useState } from "preact/hooks";
import { api, connected, findSession, loginWith, session, useData, type Alert, type Session } from "./api";
import { language, setLanguage, t } from "./i18n";
import { Alerts } from "./pages/alerts";
import { Audit } from "./pages/audit";
import { Experiments } from "./pages/experiments";
import { Log } from "./pages/log";
import { Nodes } from "./pages/nodes";
import { Overview } from "./pages/overview";
import { PipelinePage, Pipelines } from "./pages/pipelines";
import { Reports } from "./pages/reports";
import { RunPage } from "./pages/run";
import { Runs } from "./pages/runs";
import { Schedules } from "./pages/schedules";
import { StepPage } from "./pages/step";
import { Tree } from "./pages/tree";
import { Dialog, Problem, said } from "./parts";
import { Link, asked, go, parts, place } from "./router";
import { ArtifactPage } from "./run/artifacts";
import "./style.css";

const pages: [string, string, () => preact.JSX.Element][] = [
  ["", "Overview", () => <Overview />], ["pipelines", "Pipelines", () => <Pipelines />], ["runs", "Runs", () => <Runs />], ["nodes", "Nodes", () => <Nodes />],
  ["schedules", "Schedules", () => <Schedules />], ["experiments", "Experiments", () => <Experiments />], ["reports", "Reports", () => <Reports />], ["alerts", "Alerts", () => <Alerts />], ["log", "Log", () => <Log />], ["supervision", "Supervision", () => <Tree />],
  ["audit", "Audit", () => <Audit />],
];

function Page() {
  const [first = "", second, third, fourth, fifth] = parts();
  if (first === "runs" && second && third === "artifacts" && fourth && fifth) return <ArtifactPage run={second} step={fourth} name={fifth} file={asked("file")} />;
  if (first === "runs" && second && third === "steps" && fourth) return <StepPage run={second} step={fourth} />;
  if (first === "runs" && second) return <RunPage id={second} />;
  if (first === "pipelines" && second) return <PipelinePage name={second} />;
  return (pages.find(([name]) => name === first)?.[2] ?? (() => <p class="problem">404</p>))();
}

type Theme = "auto" | "light" | "dark";
function useTheme(): [Theme, (to: Theme) => void] {
  const [theme, set] = useState<Theme>((localStorage.getItem("theme") as Theme | null) ?? "auto");
  useEffect(() => {
    if (theme === "auto") { delete document.documentElement.dataset.theme; localStorage.removeItem("theme"); }
    else { document.documentElement.dataset.theme = theme; localStorage.setItem("theme", theme); }
  }, [theme]);
  return [theme, set];
}

function Shell({ who }: { who: Session }) {
  const [theme, setTheme] = useTheme();
  const [open, setOpen] = useState(false);
  const [find, setFind] = useState("");
  const alerts = useData<{ alerts: Alert[] }>("/alerts?resolved=false", (what) => what.all, 15_000);
  const firing = alerts.value?.alerts.filter((each) => each.state === "firing" && !each.silenced).length ?? 0;
  const [first = ""] = parts();
  useEffect(() => { setOpen(false); document.title = `${t(pages.find(([name]) => name === first)?.[1] ?? "Artel")} · Artel`; }, [place.value, language.value]);
  const other: Theme = theme === "dark" || (theme === "auto" && matchMedia("(prefers-color-scheme: dark)").matches) ? "light" : "dark";
  return <>
    <a class="skip" href="#main">{t("Skip to the content")}</a>
    <header class="top">
      <button type="button" class="menu" aria-expanded={open} aria-controls="pages" onClick={() => setOpen(!open)}>☰<span class="hidden">{t("Menu")}</span></button>
      <Link to="/" class="logo"><img src="/icon.svg" alt="" width="24" height="24" />Artel</Link>
      <form role="search" onSubmit={(event) => { event.preventDefault(); go(`/runs?text=${encodeURIComponent(find.trim())}`); }}>
        <input type="search" aria-label={t("Search")} placeholder={t("Id, name, parameter or error")} value={find} onInput={(event) => setFind(event.currentTarget.value)} />
      </form>
      <span class="tools">
        <button type="button" title={t("Language")} onClick={() => setLanguage(language.value === "en" ? "ru" : "en")}>{language.value === "en" ? "RU" : "EN"}<span class="hidden"> {t("Language")}</span></button>
        <button type="button" title={t("Theme")} onClick={() => setTheme(other)}><span aria-hidden="true">{other === "dark" ? "☾" : "☀"}</span><span class="hidden">{t("Theme")}</span></button>
        <button type="button" title={`${who.name} (${who.role})`} onClick={async () => { await api("/session", undefined, "DELETE"); session.value = null; }}>{t("Log out")}</button>
      </span>
    </header>
    {!connected.value && <p class="offline" role="status">{t("The supervisor node can not be reached; it is tried again.")}</p>}
    <nav id="pages" class={open ? "open" : ""} aria-label={t("Menu")}>
      {pages.map(([name, title]) => <Link key={name} to={`/${name}`} current={first === name}>{t(title)}{name === "alerts" && firing > 0 && <span class="count">{firing}</span>}</Link>)}
      <p class="who">{who.name}<br />{who.role} · {who.version}</p>
    </nav>
    <main id="main" tabIndex={-1}><Page /></main>
    <Dialog />
    <div class="said" role="status" aria-live="polite">{said.value && <p class={said.value.bad ? "bad" : ""}>{said.value.text}</p>}</div>
  </>;
}

function Login() {
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [wrong, setWrong] = useState("");
  useTheme();
  const enter = async (body: object) => {
    try { session.value = await api<Session>("/session", body); } catch (problem) { setWrong((problem as Error).message); }
  };
  // The address that `artel page` prints has the token behind a #, which no server is told.
  useEffect(() => {
    const token = new URLSearchParams(location.hash.slice(1)).get("token");
    if (token) { history.replaceState(null, "", location.pathname); void enter({ token }); }
  }, []);
  const byToken = loginWith.value === "token";
  return <main class="login"><form onSubmit={(event) => { event.preventDefault(); void enter(byToken ? { token: password } : { name, password }); }}>
    <h1><img src="/icon.svg" alt="" width="40" height="40" /> Artel</h1>
    {!byToken && <label>{t("Name")}<input autocomplete="username" value={name} onInput={(event) => setName(event.currentTarget.value)} required /></label>}
    <label>{t(byToken ? "Token" : "Password")}<input type="password" autocomplete="current-password" value={password} onInput={(event) => setPassword(event.currentTarget.value)} required /></label>
    {byToken && <p class="hint">{t("The token is in the file page.token in the data folder; artel page prints the whole address.")}</p>}
    <Problem text={wrong} />
    <button type="submit" class="main">{t("Log in")}</button>
  </form></main>;
}

function App() {
  language.value;
  if (session.value === undefined) return <p class="nothing">…</p>;
  return session.value === null ? <Login /> : <Shell who={session.value} />;
}

void findSession();
render(<App />, document.getElementById("app")!);
