import { language, t } from "./i18n";

// Made once: making a format takes longer than a row of a table.
const formats = { en: new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeStyle: "medium" }), ru: new Intl.DateTimeFormat("ru-RU", { dateStyle: "short", timeStyle: "medium" }) };
export const moment = (ms: number) => (ms ? formats[language.value].format(ms) : "–");

export function span(ms: number): string {
  if (ms < 0) ms = 0;
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const s = ms / 1000;
  if (s < 60) return `${s.toFixed(s < 10 ? 1 : 0)} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min ${String(Math.floor(s % 60)).padStart(2, "0")} s`;
  if (s < 86_400) return `${Math.floor(s / 3600)} h ${String(Math.floor((s % 3600) / 60)).padStart(2, "0")} min`;
  return `${Math.floor(s / 86_400)} d ${Math.floor((s % 86_400) / 3600)} h`;
}

/** "in 5 min", "3 h ago", by this browser's clock. */
export function distance(ms: number, now = Date.now()): string {
  if (!ms) return t("never");
  const away = ms - now;
  return away >= 0 ? `${t("in")} ${span(away)}` : `${span(-away)} ${t("ago")}`;
}

export function size(bytes: number): string {
  const words = ["B", "kB", "MB", "GB", "TB"];
  let i = 0;
  while (bytes >= 1000 && i < words.length - 1) { bytes /= 1000; i += 1; }
  return `${bytes < 10 && i > 0 ? bytes.toFixed(1) : Math.round(bytes)} ${words[i]}`;
}

/** The least id that a run of that moment can have: ids begin with their time. */
export function beginningOf(ms: number): string {
  const digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  let made = "";
  for (let i = 0, left = ms; i < 10; i += 1, left = Math.floor(left / 32)) made = digits[left % 32]! + made;
  return made + "0".repeat(16);
}

export const short = (id: string) => id.slice(0, 4) + "…" + id.slice(-6);
export const sum = (all: number[]) => all.reduce((a, b) => a + b, 0);
