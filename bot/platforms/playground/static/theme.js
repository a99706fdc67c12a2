/* Runs before the first paint, so that a chosen theme or language does not flash. */
(() => {
  try {
    const prefs = JSON.parse(localStorage.getItem("closeloop") || "{}");
    if (prefs.theme) document.documentElement.dataset.theme = prefs.theme;
    const zh = (prefs.language || navigator.language || "zh").startsWith("zh");
    document.documentElement.lang = zh ? "zh-CN" : "en";
  } catch {
    /* private windows may refuse storage: the defaults hold */
  }
})();
