/* The flow: edges are drawn, nodes are buttons, states are told by word and icon. */

import { html, useLayoutEffect, useRef, useState } from "./vendor/htm-preact.js";
import { showNode } from "./looking.js";
import { Icon } from "./markup.js";
import { t } from "./texts.js";

const MARGIN = 6;
const SMALLEST = 0.45; // where the whole is wanted at once
const LEAST = 0.74; // smaller than this nobody can read it: then it scrolls
const STATE_ICONS = { done: "check", current: "play", ahead: "ring", skipped: "skip", seen: "check", part: "half", missed: "skip" };
const SEEN_SIGNS = { seen: "✓ ", part: "◐ ", missed: "✗ " }; // before the label of a way, in a rehearsal
const BEND = 8;

function towards([x, y], [toX, toY], distance) {
  const length = Math.hypot(toX - x, toY - y) || 1;
  const share = Math.min(distance, length / 2) / length;
  return [x + (toX - x) * share, y + (toY - y) * share];
}

function path(points) {
  const middle = points.slice(1, -1).map((point, index) => {
    const [before, after] = [points[index], points[index + 2]];
    return `L${towards(point, before, BEND)} Q${point} ${towards(point, after, BEND)}`;
  });
  return `M${points[0]} ${middle.join(" ")} L${points.at(-1)}`;
}

const LABEL = 15; // letters of a label on one line

/** A label in at most two lines, broken between words. */
function broken(label) {
  const space = label.lastIndexOf(" ", Math.max(LABEL, label.length / 2));
  return label.length > LABEL && space > 0 ? [label.slice(0, space), label.slice(space + 1)] : [label];
}

const WIDE = /[\u2e80-\uffef]/; // a letter as wide as it is high

/** The ground of a label, so that no line shows between its letters. */
function Ground({ lines, x, y }) {
  const width = Math.max(...lines.map((line) => [...line].reduce((sum, letter) => sum + (WIDE.test(letter) ? 12 : 7), 4)));
  return html`<rect class="label-ground" x=${x - width / 2} y=${y - lines.length * 7 - 1} width=${width} height=${lines.length * 14 + 2} rx="3" />`;
}

function labelPlace(points) {
  let best = 0;
  let place = points[0];
  for (let index = 1; index < points.length; index += 1) {
    const [[x1, y1], [x2, y2]] = [points[index - 1], points[index]];
    const length = Math.hypot(x2 - x1, y2 - y1);
    if (length > best) [best, place] = [length, [(x1 + x2) / 2, (y1 + y2) / 2]];
  }
  return place;
}

const Edge = ({ edge, mark }) => html`<path class=${`edge ${edge.state || ""}${edge.taken ? " taken" : ""}`} d=${path(edge.points)} marker-end=${`url(#${mark}${edge.taken ? "-taken" : ""})`} />`;

const Arrow = ({ id, className }) => html`<marker id=${id} class=${className} viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto-start-reverse"><path d="M0 .8L7.5 4 0 7.2z" /></marker>`;

const diamond = ({ x, y, w, h }) => [[x + w / 2, y], [x + w, y + h / 2], [x + w / 2, y + h], [x, y + h / 2]].join(" ");

/** How much of a node was seen: outcomes, and rungs of its ladder. */
const Seen = ({ node }) => html`<span class="node-state"><${Icon} name=${STATE_ICONS[node.coverage]} />${node.ends[1] > 0 && `${node.ends[0]}/${node.ends[1]}`}
  ${node.rungs[1] > 0 && html`<${Icon} name="bell" />${node.rungs[0]}/${node.rungs[1]}`}</span>`;

function Node({ node, chosen, onNode }) {
  const box = { left: `${node.x}px`, top: `${node.y}px`, width: `${node.w}px`, height: `${node.h}px` };
  const rounds = node.rounds > 1 ? t("ui.case.rounds", { count: node.rounds }) : "";
  const label = [node.label, node.state_text, node.who, node.when_text, rounds].filter(Boolean).join(", ");
  const refused = node.refused ? " refused" : "";
  const narrow = node.kind === "gateway" && node.w < 56 ? " narrow" : "";
  const small = ["start", "end", "gateway", "fork"].includes(node.kind);
  return html`<button type="button" class=${`node ${node.kind} ${node.state}${narrow}${refused}`} style=${box} aria-label=${label} title=${label} aria-pressed=${String(chosen)} onClick=${() => onNode(node.id)}>
    <span class="node-text"><span class="node-label">${node.label}</span>
      ${!small && node.coverage && html`<${Seen} node=${node} />`}
      ${!small && !node.coverage && html`<span class="node-state"><${Icon} name=${STATE_ICONS[node.state]} /><span class="state-text">${node.state === "current" && node.who ? node.who : node.state_text}</span>${node.rounds > 1 && html`<span class="rounds">×${node.rounds}</span>`}</span>`}
      ${small && node.kind !== "fork" && node.state !== "ahead" && html`<${Icon} name=${refused && node.state === "done" ? "close" : STATE_ICONS[node.coverage || node.state]} />`}</span>
  </button>`;
}

/** `whole` in a large dialog; otherwise as wide as the area, scrolled to where the case stands. `still`: seen at once. */
export function Diagram({ diagram, node, whole, still, name = t("ui.case.flow"), onNode = showNode }) {
  const frame = useRef(null);
  const [room, setRoom] = useState(0);
  const [rise, setRise] = useState(0); // the height there is, where the whole is to be seen at once
  const width = diagram.width + MARGIN * 2;
  const height = diagram.height + MARGIN * 2;
  const fit = Math.min(room ? room / width : 1, rise ? rise / height : Infinity);
  const scale = Math.min(whole ? 1.25 : 1, whole ? Math.max(SMALLEST, fit) : Math.max(LEAST, fit));
  const current = diagram.nodes.find((one) => one.state === "current")?.id;
  const mark = whole ? "arrow-wide" : "arrow";

  useLayoutEffect(() => {
    const watcher = new ResizeObserver(([entry]) => {
      setRoom(entry.contentRect.width);
      if (getComputedStyle(frame.current).flexGrow !== "0") setRise(entry.contentRect.height);
    });
    watcher.observe(frame.current);
    return () => watcher.disconnect();
  }, []);
  useLayoutEffect(() => {
    const place = diagram.nodes.find((one) => one.id === current);
    if (!place || !room || still) return;
    frame.current.scrollLeft = (place.x + place.w / 2 + MARGIN) * scale - room / 2;
    frame.current.scrollTop = (place.y + place.h / 2 + MARGIN) * scale - frame.current.clientHeight / 2;
  }, [current, room, scale]);

  return html`<div class=${whole ? "flow whole" : "flow"} ref=${frame} role="group" aria-label=${name}>
    <div class="flow-size" style=${{ width: `${width * scale}px`, height: `${height * scale}px` }}>
      <div class="flow-canvas" style=${{ width: `${width}px`, height: `${height}px`, transform: `scale(${scale})`, "--letters": `${Math.min(14, Math.max(13, 11 / scale))}px` }}>
        <svg viewBox=${`${-MARGIN} ${-MARGIN} ${width} ${height}`} width=${width} height=${height} aria-hidden="true" focusable="false">
          <defs><${Arrow} id=${mark} className="arrow" /><${Arrow} id=${`${mark}-taken`} className="arrow taken" /></defs>
          ${diagram.edges.toSorted((one, other) => one.taken - other.taken).map((edge, index) => html`<${Edge} key=${index} edge=${edge} mark=${mark} />`)}
          ${diagram.nodes.filter((one) => one.kind === "gateway").map((one) => html`<polygon key=${one.id} class="diamond ${one.state}" points=${diamond(one)} />`)}
          ${diagram.edges.filter((edge) => edge.label).map((edge, index) => {
            const [x, y] = edge.label_at || labelPlace(edge.points);
            const written = edge.label_lines?.length ? edge.label_lines : broken(edge.label);
            const lines = [`${SEEN_SIGNS[edge.state] || ""}${written[0]}`, ...written.slice(1)];
            return html`<${Ground} lines=${lines} x=${x} y=${y} /><text key=${index} class=${`edge-label ${edge.state || ""}`} x=${x} y=${y - (lines.length - 1) * 7}>${lines.map((line, row) => html`<tspan key=${row} x=${x} dy=${row ? 14 : 4}>${line}</tspan>`)}</text>`;
          })}
        </svg>
        <div class="nodes" style=${{ left: `${MARGIN}px`, top: `${MARGIN}px` }}>${diagram.nodes.map((one) => html`<${Node} key=${one.id} node=${one} chosen=${one.id === node} onNode=${onNode} />`)}</div>
      </div>
    </div>
  </div>`;
}
