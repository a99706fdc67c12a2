/* The bar at the top: whose company, language, light, reset; and the tabs of small screens. */

import { html } from "./vendor/htm-preact.js";
import { fetchJson } from "./api.js";
import { reset } from "./acting.js";
import { Now } from "./clock.js";
import { DraftsButton } from "./drafts.js";
import { Icon, Mark } from "./markup.js";
import { refresh } from "./refresh.js";
import { RehearseButton } from "./rehearsal.js";
import { get, set, writePrefs } from "./store.js";
import { once } from "./telling.js";
import { t } from "./texts.js";

const THEMES = ["auto", "light", "dark"];
const THEME_ICONS = { auto: "auto", light: "sun", dark: "moon" };

/** Tells the document which language it speaks and what it is called. */
export function useWords() {
  document.documentElement.lang = get().language === "zh" ? "zh-CN" : "en";
  document.title = t("ui.title");
}

const switchLanguage = () =>
  once("language", async () => {
    const before = get().language;
    set({ language: before === "zh" ? "en" : "zh" });
    try {
      set({ texts: await fetchJson("/api/texts"), chats: {}, case: null });
    } catch (failure) {
      set({ language: before });
      throw failure;
    }
    useWords();
    writePrefs();
    refresh();
  });

function switchTheme() {
  const theme = THEMES[(THEMES.indexOf(get().theme) + 1) % THEMES.length];
  document.documentElement.dataset.theme = theme;
  set({ theme });
  writePrefs();
}

/** The bar itself. */
export function Top({ state }) {
  const other = state.language === "zh" ? "English" : "中文";
  const theme = t("ui.theme.label", { theme: t(`ui.theme.${state.theme}`) });
  return html`<header class="top">
    <div class="brand"><${Mark} /><h1><span lang="en">closeloop</span> <span lang="zh-CN">闭环</span></h1>
      <span class="company" dir="auto">${state.world.company}</span><${Now} state=${state} /></div>
    ${!state.online && html`<span class="offline"><${Icon} name="alert" />${t("ui.live.lost")}</span>`}
    <div class="tools">
      <${DraftsButton} state=${state} /><${RehearseButton} state=${state} />
      <a class="button quiet" href=${`/dashboard/as/${state.main}?lang=${state.language}`} target="_blank" title=${t("ui.dashboard.hint")}>
        <${Icon} name="columns" /><span class="label">${t("ui.dashboard.label")}</span></a>
      <button type="button" class="button quiet" lang=${state.language === "zh" ? "en" : "zh-CN"} onClick=${switchLanguage}>
        <${Icon} name="language" /><span>${other}</span></button>
      <button type="button" class="button quiet square" aria-label=${theme} title=${theme} onClick=${switchTheme}>
        <${Icon} name=${THEME_ICONS[state.theme]} /></button>
      <button type="button" class="button quiet" title=${t("ui.reset.hint")} onClick=${reset}>
        <${Icon} name="reset" /><span class="label">${t("ui.reset.label")}</span></button>
    </div>
  </header>`;
}

const TABS = [["chat", "chat"], ["people", "people"], ["case", "flow"]];

/** Which of the three areas a small screen shows. */
export function Tabs({ state }) {
  const unread = state.world.people.reduce((sum, person) => sum + (person.key === state.main ? 0 : person.unread), 0);
  return html`<nav class="tabs" aria-label=${t("ui.tabs.label")}>
    ${TABS.map(([tab, icon]) => html`<button type="button" key=${tab} class="tab" data-for=${tab}
      aria-current=${state.tab === tab ? "page" : null} onClick=${() => set({ tab })}>
      <${Icon} name=${icon} />${t(`ui.tabs.${tab}`)}
      ${tab === "people" && unread > 0 && html`<span class="speck"><span class="hidden">${t("ui.people.unread", { count: unread })}</span></span>`}
    </button>`)}
  </nav>`;
}
