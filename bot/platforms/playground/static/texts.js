/* Words of the page, and how times, sizes and numbers are said. */

import { get } from "./store.js";

const HAN = /[\u3400-\u9fff]/;
const NARROW = /[!-~]|(?![\u2e80-\u{10ffff}])[\p{L}\p{N}]/u;

/** A fact with the spaces that belong between it and Chinese characters: handlers/i18n sets the same. */
function seamed(fact, before, after) {
  const left = HAN.test(before) && NARROW.test(fact.at(0)) ? " " : "";
  const right = HAN.test(after) && NARROW.test(fact.at(-1)) ? " " : "";
  return left + fact + right;
}

/** The text of a msgid with its blanks filled. */
export function t(msgid, facts) {
  const text = get().texts[msgid] ?? msgid;
  if (!facts) return text;
  const fill = (blank, name, at) => {
    const fact = String(facts[name] ?? blank);
    return fact && seamed(fact, text.charAt(at - 1), text.charAt(at + blank.length));
  };
  return text.replace(/\{(\w+)\}/g, fill);
}

/** The text for a number: `<msgid>.one` for exactly one, `<msgid>.many` otherwise. */
export const count = (msgid, number) => t(`${msgid}.${number === 1 ? "one" : "many"}`, { count: number });

/** Several things as one: "a, b and c". */
export const inWords = (items) => new Intl.ListFormat(locale(), { type: "conjunction" }).format(items);

const locale = () => (get().language === "zh" ? "zh-CN" : "en-GB");

function written(date, options) {
  try {
    return new Intl.DateTimeFormat(locale(), { timeZone: get().world.zone, ...options }).format(date);
  } catch {
    return new Intl.DateTimeFormat(locale(), options).format(date);
  }
}

/** 09:20 in the company's zone. */
export const hour = (date) => written(date, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

/** 2026年3月10日星期二, in the company's zone. */
export const day = (date) =>
  written(date, { year: "numeric", month: get().language === "zh" ? "long" : "short", day: "numeric", weekday: "short" });

/** The simulated time now: what the server said, plus what has passed since. */
export const simulatedNow = () => new Date(Date.parse(get().world.now) + Date.now() - get().worldAt);

/** A heading for a day: today, yesterday, or its date. */
export function dayName(date) {
  const name = day(date);
  const now = simulatedNow();
  if (name === day(now)) return t("ui.chat.today");
  if (name === day(new Date(now - 86400000))) return t("ui.chat.yesterday");
  return name;
}

/** 1.4 MB */
export function size(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  const [number, unit] = bytes < 1024 * 1024 ? [bytes / 1024, "kB"] : [bytes / 1024 / 1024, "MB"];
  return `${new Intl.NumberFormat(locale(), { maximumFractionDigits: 1 }).format(number)} ${unit}`;
}

/** 1,200 */
export const number = (value) => new Intl.NumberFormat(locale()).format(value);
