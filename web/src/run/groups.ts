// What a graph shows of many steps: those that need and are needed by the same become one box; where that is not enough, chains
// become one, and in the end all steps of a depth.
import type { Step } from "../api";

export interface Group { id: string; label: string; names: string[]; needs: string[] }
export const boxes_max = 200;
const collapsed_from = 80;

type Shape = Pick<Step, "name" | "needs">;

function grouped(steps: Shape[], keyOf: (step: Shape) => string, labelOf: (names: string[]) => string): Group[] {
  const groups = new Map<string, Shape[]>(), box = new Map<string, string>();
  for (const step of steps) {
    const key = keyOf(step), own = groups.get(key);
    if (own) own.push(step); else groups.set(key, [step]);
  }
  for (const own of groups.values()) for (const step of own) box.set(step.name, own[0]!.name);
  return [...groups.values()].map((own) => {
    const id = own[0]!.name, names = own.map((step) => step.name);
    const needs = new Set<string>();
    for (const step of own) for (const need of step.needs) { const from = box.get(need); if (from !== undefined && from !== id) needs.add(from); }
    return { id, names, label: names.length === 1 ? id : labelOf(names), needs: [...needs] };
  });
}

const first_of = (names: string[]) => `${names[0]} … × ${names.length}`;

function alike(steps: Shape[]): Group[] {
  const needed = new Map<string, string[]>();
  for (const step of steps) for (const need of step.needs) { const own = needed.get(need); if (own) own.push(step.name); else needed.set(need, [step.name]); }
  return grouped(steps, (step) => JSON.stringify([[...step.needs].sort(), [...(needed.get(step.name) ?? [])].sort()]), first_of);
}

/** What stands behind one another with nothing beside it becomes one, up to `longest` of them. */
function chained(groups: Group[], longest: number): Group[] {
  const needed = new Map<string, number>(), byId = new Map(groups.map((one) => [one.id, one]));
  for (const one of groups) for (const need of one.needs) needed.set(need, (needed.get(need) ?? 0) + 1);
  const before = (one: Group) => (one.needs.length === 1 && needed.get(one.needs[0]!) === 1 ? byId.get(one.needs[0]!) : undefined);
  const after = new Map<string, Group>();
  for (const one of groups) { const last = before(one); if (last) after.set(last.id, one); }
  const segments: Group[][] = [], place = new Map<string, string>();
  for (const head of groups) {
    if (before(head)) continue;
    let own: Group[] = [];
    for (let at: Group | undefined = head; at; at = after.get(at.id)) {
      if (own.length === longest) own = [];
      if (own.length === 0) segments.push(own);
      own.push(at);
      place.set(at.id, own[0]!.id);
    }
  }
  return segments.map((own) => ({ id: own[0]!.id, needs: [...new Set(own[0]!.needs.map((need) => place.get(need) ?? need))], names: own.flatMap((one) => one.names), label: own.length === 1 ? own[0]!.label : `${own[0]!.id} → … × ${own.reduce((all, one) => all + one.names.length, 0)}` }));
}

function depths(steps: Shape[]): Map<string, number> {
  const made = new Map<string, number>(), left = new Map(steps.map((step) => [step.name, step.needs.length])), after = new Map<string, string[]>();
  for (const step of steps) for (const need of step.needs) { const own = after.get(need); if (own) own.push(step.name); else after.set(need, [step.name]); }
  let layer = steps.filter((step) => step.needs.length === 0).map((step) => step.name);
  for (let depth = 0; layer.length > 0; depth += 1) {
    const next: string[] = [];
    for (const name of layer) {
      made.set(name, depth);
      for (const later of after.get(name) ?? []) { const open = left.get(later)! - 1; left.set(later, open); if (open === 0) next.push(later); }
    }
    layer = next;
  }
  return made;
}

export function groupsOf(steps: Shape[]): Group[] {
  if (steps.length <= collapsed_from) return steps.map((step) => ({ id: step.name, label: step.name, names: [step.name], needs: step.needs }));
  const first = alike(steps);
  if (first.length <= boxes_max) return first;
  const second = chained(first, Math.ceil((2 * first.length) / boxes_max));
  if (second.length <= boxes_max) return second;
  const depth = depths(steps), deepest = Math.max(...depth.values());
  // So many layers to a box that there are not too many boxes.
  const layers = Math.ceil((deepest + 1) / boxes_max);
  return grouped(steps, (step) => String(Math.floor((depth.get(step.name) ?? 0) / layers)), first_of);
}
