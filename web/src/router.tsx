// Paths of the page, as browsers know them: back, forward, open in another tab.
import { signal } from "@preact/signals";
import type { ComponentChildren } from "preact";

export const place = signal(location.pathname + location.search);

export function go(to: string, replace = false) {
  if (to === place.value) return;
  history[replace ? "replaceState" : "pushState"](null, "", to);
  place.value = to;
  if (!replace) {
    scrollTo(0, 0);
    document.getElementById("main")?.focus({ preventScroll: true });
  }
}
addEventListener("popstate", () => { place.value = location.pathname + location.search; });

export const parts = () => place.value.split("?")[0]!.split("/").filter(Boolean).map(decodeURIComponent);
export const asked = (name: string) => new URLSearchParams(place.value.split("?")[1] ?? "").get(name) ?? "";

export function Link(props: { to: string; class?: string; title?: string; current?: boolean; children: ComponentChildren }) {
  return <a href={props.to} class={props.class} title={props.title} aria-current={props.current ? "page" : undefined} onClick={(event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    go(props.to);
  }}>{props.children}</a>;
}
