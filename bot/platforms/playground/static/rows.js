/* A question with rows: a table to fill in, row by row, with the sum of a column. */

import { html } from "./vendor/htm-preact.js";
import { Icon } from "./markup.js";
import { t } from "./texts.js";

const MOST_DECIMALS = 1e6;

/** The sum of a column as it is typed; "" while a cell holds no number. */
function total(rows, column) {
  const cells = rows.map((row) => Number(String(row[column] ?? "").replaceAll(/[,，]/g, "")));
  if (cells.some((cell) => !Number.isFinite(cell))) return "";
  return String(cells.reduce((sum, cell) => sum + Math.round(cell * MOST_DECIMALS), 0) / MOST_DECIMALS);
}

function Cell({ column, value, label, wrong, onChange }) {
  const marks = { "aria-label": label, "aria-invalid": wrong ? "true" : null, value: value ?? "", onInput: (event) => onChange(event.target.value) };
  if (column.type === "choice") {
    return html`<select ...${marks} onInput=${undefined} onChange=${(event) => onChange(event.target.value)}>
      <option value="">${t("ui.form.choose")}</option>
      ${column.choices.map((one) => html`<option key=${one.id} value=${one.id} selected=${one.id === value}>${one.label}</option>`)}
    </select>`;
  }
  if (column.type === "date") return html`<input ...${marks} type="date" />`;
  return html`<input ...${marks} type="text" dir="auto" autocomplete="off" inputmode=${column.type === "text" ? null : "decimal"} />`;
}

/** The table. `value` is a list of objects by the columns' ids. */
export function Rows({ question, value, onChange, marks, problems }) {
  const change = (number, column, cell) => onChange(value.map((row, index) => (index === number ? { ...row, [column]: cell } : row)));
  const remove = (number) => onChange(value.filter((_, index) => index !== number));
  const sum = question.sum && total(value, question.sum);
  const full = value.length >= question.max_rows;
  return html`<div class="rows" role="group" aria-labelledby=${`${marks.id}-label`} aria-describedby=${marks["aria-describedby"]}>
    ${value.length > 0 && html`<div class="rows-scroll"><table>
      <thead><tr>${question.columns.map((column) => html`<th key=${column.id} scope="col">${column.label}${column.required && html`<span class="star" aria-hidden="true"> *</span>`}</th>`)}<th></th></tr></thead>
      <tbody>${value.map((row, number) => html`<tr key=${number}>
        ${question.columns.map((column) => html`<td key=${column.id} data-label=${`${column.label}${column.required ? " *" : ""}`}><${Cell} column=${column} value=${row[column.id]} onChange=${(cell) => change(number, column.id, cell)}
          wrong=${problems?.[`${question.id}/${number}/${column.id}`]} label=${t("ui.form.cell", { column: column.label, row: number + 1 })} /></td>`)}
        <td><button type="button" class="button quiet square" aria-label=${t("ui.form.row.remove", { row: number + 1 })} onClick=${() => remove(number)}><${Icon} name="close" /></button></td>
      </tr>`)}</tbody>
      ${question.sum && html`<tfoot><tr>${question.columns.map((column, index) => html`<td key=${column.id}>${index === 0 && t("ui.form.total")} ${column.id === question.sum && html`<output>${sum}</output>`}</td>`)}<td></td></tr></tfoot>`}
    </table></div>`}
    <button type="button" class="button" id=${marks.id} disabled=${full} onClick=${() => onChange([...value, {}])}><${Icon} name="plus" />${t("ui.form.row.add")}</button>
  </div>`;
}
