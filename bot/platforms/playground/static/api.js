/* The server's resources. Every failure becomes a Failure with a text for people. */

import { get } from "./store.js";

const TRIES = 3;

/** A request that did not succeed. `lost` means that no answer came. */
export class Failure extends Error {
  constructor(text, { status = 0, lost = false } = {}) {
    super(text);
    this.status = status;
    this.lost = lost;
  }
}

/** A name for one interaction; a repetition of the same one keeps its name. */
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function address(path, query = {}) {
  const all = new URLSearchParams({ ...query, language: get().language });
  return `${path}?${all}`;
}

async function read(response) {
  let body = null;
  try {
    body = await response.json();
  } catch {
    body = null;
  }
  if (!response.ok || body === null) {
    throw new Failure(body?.problem || get().texts["ui.problem.broken"] || "", { status: response.status });
  }
  return body;
}

async function request(url, options) {
  try {
    return await fetch(url, { credentials: "omit", cache: "no-store", ...options });
  } catch {
    throw new Failure(get().texts["ui.problem.lost"] || "", { lost: true });
  }
}

/** Asks for something; nothing changes. */
export async function fetchJson(path, query) {
  return read(await request(address(path, query)));
}

/** Does something. What has a key is tried again when no answer comes: it counts once. */
export async function post(path, body) {
  const options = {
    method: "POST",
    headers: { "content-type": "application/json", "x-closeloop": "1" },
    body: JSON.stringify(body),
  };
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await read(await request(address(path), options));
    } catch (failure) {
      if (!failure.lost || !body.key || attempt === TRIES) throw failure;
      await new Promise((resolve) => setTimeout(resolve, 300 * attempt));
    }
  }
}

/** Uploads one file and tells how far it is (0–1). Returns {promise, cancel}. */
export function upload(person, file, progress) {
  const sender = new XMLHttpRequest();
  const promise = new Promise((resolve, reject) => {
    const texts = get().texts;
    sender.open("POST", address("/api/files"));
    sender.setRequestHeader("x-closeloop", "1");
    sender.responseType = "json";
    sender.upload.onprogress = (event) => {
      if (event.lengthComputable) progress(event.loaded / event.total);
    };
    sender.onload = () => {
      if (sender.status < 300 && sender.response) resolve(sender.response);
      else reject(new Failure(sender.response?.problem || texts["ui.problem.broken"], { status: sender.status }));
    };
    sender.onerror = () => reject(new Failure(texts["ui.problem.lost"], { lost: true }));
    sender.onabort = () => reject(new Failure("", {}));
    const form = new FormData();
    form.append("person", person);
    form.append("file", file, file.name);
    sender.send(form);
  });
  return { promise, cancel: () => sender.abort() };
}

/** Where a file can be read by this person. */
export const fileAddress = (file, person) =>
  `/files/${encodeURIComponent(file.id)}?${new URLSearchParams({ person })}`;

/** Listens to changes for ever; reconnects, and says whether it is connected. */
export function listen(after, { onChange, onState }) {
  let revision = after;
  const connect = () => {
    const source = new EventSource(`/api/changes?after=${revision}`);
    source.onopen = () => onState(true);
    source.addEventListener("change", (event) => {
      const change = JSON.parse(event.data);
      revision = change.revision;
      onChange(change);
    });
    source.onerror = () => {
      onState(false);
      if (source.readyState === EventSource.CLOSED) setTimeout(connect, 2000);
    };
  };
  connect();
}
