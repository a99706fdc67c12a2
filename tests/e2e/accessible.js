/* Returns what is wrong with a page: landmarks, headings, names, tables, contrast (WCAG 2.2). */
(() => {
  const wrong = [];
  const seen = (one) => one.getClientRects().length && getComputedStyle(one).visibility === "visible";
  const all = (choice) => [...document.querySelectorAll(choice)].filter(seen);
  if (!document.documentElement.lang) wrong.push("no language");
  if (!document.title) wrong.push("no title");
  for (const one of ["main", "h1"]) if (all(one).length !== 1) wrong.push(`${one}: ${all(one).length}`);
  let level = 0;
  for (const one of all("h1, h2, h3, h4")) {
    const here = Number(one.tagName[1]);
    if (here > level + 1) wrong.push(`heading ${one.textContent}`);
    level = here;
  }
  const ids = [...document.querySelectorAll("[id]")].filter((one) => !one.closest("svg"));
  if (new Set(ids.map((one) => one.id)).size !== ids.length) wrong.push("an id twice");
  for (const one of all("input:not([type=hidden]), select")) if (!one.labels.length) wrong.push(`no label ${one.name}`);
  for (const one of all("a, button")) if (!one.textContent.trim()) wrong.push(`no name ${one.outerHTML}`);
  for (const one of all("svg")) if (one.getAttribute("role") !== "img" || !one.getAttribute("aria-label")) wrong.push("a drawing without a name");
  for (const one of document.querySelectorAll("table")) {
    if (!one.caption) wrong.push("a table without a caption");
    for (const head of one.querySelectorAll("thead th")) if (head.scope !== "col") wrong.push("a column without scope");
    for (const row of one.querySelectorAll("tbody tr")) if (row.querySelector("th")?.scope !== "row") wrong.push("a row without a head");
  }
  const channel = (value) => { const s = value / 255; return s <= 0.04045 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4; };
  const parsed = (text) => text.match(/[\d.]+/g).map(Number);
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const behind = (one) => {
    for (let at = one; at; at = at.parentElement) {
      const found = parsed(getComputedStyle(at).backgroundColor);
      if (found.length < 4 || found[3] > 0) return found;
    }
    return [255, 255, 255];
  };
  for (const one of all("body *")) {
    const own = [...one.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    if (!own || one.closest("svg, .trap, .skip")) continue;
    const [a, b] = [light(parsed(getComputedStyle(one).color)), light(behind(one))];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (contrast < 4.5) wrong.push(`contrast ${contrast.toFixed(1)}: ${one.textContent.slice(0, 40)}`);
  }
  return wrong;
})();
