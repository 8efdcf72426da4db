/** Calls to the simulator's own doors; an answer that is no success becomes a `Refused` with its words. */

export class Refused extends Error {
  constructor(status, body) {
    super(body?.error ?? body?.message ?? `the simulator answered ${status}`);
    this.status = status;
    this.body = body;
  }
}

/** A page that goes away has its calls cut off: nobody is left to be told. */
let leaving = false;
addEventListener("pagehide", () => { leaving = true; });

/** Loads the page anew. */
export function startOver() {
  leaving = true;
  location.reload();
}

async function call(method, path, body) {
  let response;
  try {
    response = await fetch(path, {
      method,
      headers: body === undefined ? {} : { "Content-Type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    if (leaving) return new Promise(() => {});
    throw new Refused(0, { error: "the simulator does not answer" });
  }
  const text = await response.text().catch((problem) => leaving ? new Promise(() => {}) : Promise.reject(problem));
  let answer;
  try { answer = text ? JSON.parse(text) : null; } catch { answer = { error: text.slice(0, 300) }; }
  if (!response.ok) throw new Refused(response.status, answer);
  return answer;
}

export const get = (path) => call("GET", path);
export const post = (path, body = {}) => call("POST", path, body);
export const patch = (path, body) => call("PATCH", path, body);
export const remove = (path) => call("DELETE", path);

/** Numbers questions that are asked again before they are answered: what comes after the answer to a later one is old. */
export function turns() {
  let [asked, taken] = [0, 0];
  return () => {
    const mine = ++asked;
    return () => {
      if (mine < taken) return false;
      taken = mine;
      return true;
    };
  };
}

/** The door of one customer. */
export const customer = (id, act = "") => `/sim/customers/${encodeURIComponent(id)}${act ? `/${act}` : ""}`;

/** A file's bytes as base64. */
export async function base64Of(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = "";
  for (let start = 0; start < bytes.length; start += 0x8000) {
    text += String.fromCharCode(...bytes.subarray(start, start + 0x8000));
  }
  return btoa(text);
}
