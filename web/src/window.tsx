// Long lists: only the rows in sight are in the document.
import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

const spare = 15; // rows drawn beyond both edges

/** A table whose rows are all of one height. `more` is called when its end comes into sight. */
export function LongTable(props: { head: ComponentChildren; count: number; row: (index: number) => ComponentChildren; more?: (() => void) | undefined; label: string }) {
  const frame = useRef<HTMLDivElement>(null), body = useRef<HTMLTableSectionElement>(null);
  const [top, setTop] = useState(0);
  const [height, setHeight] = useState(38);
  const [seen, setSeen] = useState(700);
  useLayoutEffect(() => {
    const one = body.current?.querySelector<HTMLElement>("tr[data-row]");
    if (one && one.offsetHeight > 0 && Math.abs(one.offsetHeight - height) > 0.5) setHeight(one.offsetHeight);
    if (frame.current && frame.current.clientHeight > 0 && frame.current.clientHeight !== seen) setSeen(frame.current.clientHeight);
  });
  const first = Math.max(0, Math.min(props.count - 1, Math.floor(top / height) - spare)), last = Math.min(props.count, first + Math.ceil(seen / height) + 2 * spare);
  const atEnd = last >= props.count - spare;
  useEffect(() => { if (atEnd && top > 0) props.more?.(); }, [atEnd, props.count, top > 0]);
  const rows = [];
  for (let i = first; i < last; i += 1) rows.push(<tr key={i} data-row={i} aria-rowindex={i + 2}>{props.row(i)}</tr>);
  return <div class="scroll long" ref={frame} tabIndex={0} role="group" aria-label={props.label} onScroll={(event) => setTop(event.currentTarget.scrollTop)}>
    <table aria-rowcount={props.more ? -1 : props.count + 1} data-rows={props.count}><thead>{props.head}</thead><tbody ref={body}>
      {first > 0 && <tr class="space" aria-hidden="true" style={{ height: `${first * height}px` }} />}
      {rows}
      {last < props.count && <tr class="space" aria-hidden="true" style={{ height: `${(props.count - last) * height}px` }} />}
    </tbody></table></div>;
}
