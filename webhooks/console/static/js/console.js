// @ts-check
// What every page of the console does: hears what changed and asks for it again, says when it cannot hear, leads by
// keyboard, and tells what went wrong. Everything else is HTML from the server.

/** @type {any} */
const htmx = /** @type {any} */ (window).htmx;
const live = /** @type {HTMLElement} */ (document.getElementById('live'));
const pill = /** @type {HTMLElement} */ (document.getElementById('reconnecting'));
const toasts = /** @type {HTMLElement} */ (document.getElementById('toasts'));

const TOPICS = ['conversation', 'message', 'booking', 'task', 'notes', 'presence', 'attention', 'refresh'];
const SHOWN_AFTER = 1200; // a pause that nobody would notice is not worth a word
const TOGETHER = 60; // one act of ours is several changes in a row: one request for all of them

// --- what changed -----------------------------------------------------------------------------------------------

/** @type {Map<string, Set<string|null>>} */
const changed = new Map();
let waiting = 0;

/** @param {string} topic @param {string|null} lead */
function hear(topic, lead) {
    if (!changed.has(topic)) changed.set(topic, new Set());
    changed.get(topic)?.add(lead);
    if (!waiting) waiting = window.setTimeout(tell, TOGETHER);
}

// A part of a page says what it shows: data-live="message booking", and data-lead where it is about one customer.
function tell() {
    waiting = 0;
    const news = new Map(changed);
    changed.clear();
    for (const part of document.querySelectorAll('[data-live]')) {
        if (!(part instanceof HTMLElement)) continue;
        const topics = (part.dataset.live ?? '').split(' ');
        const about = part.dataset.lead;
        const concerns = news.has('refresh') || topics.some((topic) => {
            const leads = news.get(topic);
            return leads && (!about || leads.has(about) || leads.has(null));
        });
        if (concerns) look(part);
    }
    document.dispatchEvent(new CustomEvent('console:news', {detail: news}));
}

/** @type {WeakMap<Element, number>} */
const lookedAt = new WeakMap();

// A part that costs more says how often it may be asked for at most: data-every, in milliseconds.
/** @param {HTMLElement} part */
function look(part) {
    const every = Number(part.dataset.every ?? 0);
    const last = lookedAt.get(part) ?? 0;
    const wait = last + every - Date.now();
    if (wait > every) return; // it is going to look anyway
    lookedAt.set(part, Date.now() + Math.max(0, wait));
    window.setTimeout(() => {
        const here = part.isConnected ? part : document.getElementById(part.id);
        if (here) htmx.trigger(here, 'live');
    }, Math.max(0, wait));
}

for (const topic of TOPICS) {
    live.addEventListener(topic, (event) => {
        const data = /** @type {CustomEvent} */ (event).detail?.data;
        const about = data ? JSON.parse(data) : {};
        hear(topic, about.lead ?? null);
    });
}

// --- whether we can hear ----------------------------------------------------------------------------------------

let lost = 0;

function isLost() {
    if (!lost) lost = window.setTimeout(() => { pill.hidden = false; }, SHOWN_AFTER);
}

function isHeard() {
    window.clearTimeout(lost);
    lost = 0;
    pill.hidden = true;
    document.body.dataset.live = 'yes';
}

function signIn() {
    const back = encodeURIComponent(location.pathname + location.search);
    location.assign(`/console/sign-in?next=${back}`);
}

live.addEventListener('htmx:sse:after:connection', isHeard);
live.addEventListener('htmx:sse:error', (event) => {
    const status = /** @type {CustomEvent} */ (event).detail?.status;
    if (status === 401 || status === 403) signIn(); else isLost();
});
live.addEventListener('htmx:sse:before:connection', (event) => {
    const connection = /** @type {CustomEvent} */ (event).detail?.connection;
    if (connection?.attempt > 0) isLost();
});
live.addEventListener('signed_out', signIn);
// The very first connection is not tried again by itself.
live.addEventListener('htmx:sse:close', (event) => {
    if (/** @type {CustomEvent} */ (event).detail?.reason === 'ended') again();
});
live.addEventListener('htmx:error', again);
live.addEventListener('htmx:response:error', again);
function again() {
    isLost();
    window.setTimeout(() => htmx.trigger(live, 'connect'), 2000);
}

// --- what went wrong --------------------------------------------------------------------------------------------

/** @param {string} words @param {boolean} [bad] */
export function say(words, bad = false) {
    const toast = document.createElement('p');
    toast.className = bad ? 'toast bad' : 'toast';
    toast.textContent = words;
    toasts.append(toast);
    window.setTimeout(() => toast.remove(), bad ? 9000 : 4000);
}

document.body.addEventListener('htmx:error', (event) => {
    if (event.target === live) return;
    say(toasts.dataset.noAnswer ?? '', true);
});
document.body.addEventListener('htmx:before:response', (event) => {
    const {ctx} = /** @type {CustomEvent} */ (event).detail;
    if (event.target === live || !ctx) return;
    const status = ctx.response.status;
    const kind = ctx.response.headers.get('Content-Type') ?? '';
    if (status === 401) {
        event.preventDefault();
        signIn();
    } else if (status >= 400 && !kind.startsWith('text/html')) {
        // a problem document is for reading, not for the page
        event.preventDefault();
        ctx.response.raw.json().then(
            (/** @type {{detail?: string}} */ problem) => say(problem.detail ?? toasts.dataset.wentWrong ?? '', true),
            () => say(toasts.dataset.wentWrong ?? '', true),
        );
    }
});
document.body.addEventListener('toast', (event) => {
    const detail = /** @type {CustomEvent} */ (event).detail ?? {};
    say(detail.words ?? detail.value ?? '', detail.bad === true);
});

// --- dialogs and settings ---------------------------------------------------------------------------------------

document.addEventListener('click', (event) => {
    if (!(event.target instanceof Element)) return;
    const opener = event.target.closest('[data-opens]');
    if (opener instanceof HTMLElement) {
        const dialog = document.getElementById(opener.dataset.opens ?? '');
        if (dialog instanceof HTMLDialogElement) dialog.showModal();
    }
    if (event.target instanceof HTMLDialogElement) event.target.close();
    for (const menu of document.querySelectorAll('details.menu[open]')) {
        if (!menu.contains(event.target) || event.target.closest('.menu-items')) menu.removeAttribute('open');
    }
    const closer = event.target.closest('[data-closes]');
    if (closer) closer.closest('dialog')?.close();
});

/** @param {string} name @param {boolean} usual */
export function setting(name, usual) {
    const kept = localStorage.getItem(`console.${name}`);
    return kept === null ? usual : kept === 'yes';
}

for (const box of document.querySelectorAll('[data-setting]')) {
    if (!(box instanceof HTMLInputElement)) continue;
    const name = box.dataset.setting ?? '';
    box.checked = setting(name, box.defaultChecked);
    box.addEventListener('change', () => localStorage.setItem(`console.${name}`, box.checked ? 'yes' : 'no'));
}

// --- keys -------------------------------------------------------------------------------------------------------

/** @type {Map<string, (event: KeyboardEvent) => void>} */
const keys = new Map();

/** Binds a single letter, heard outside of fields only. @param {string} key @param {(event: KeyboardEvent) => void} act */
export function onKey(key, act) {
    keys.set(key, act);
}

/** @param {EventTarget|null} target */
export function isTyping(target) {
    return target instanceof HTMLElement
        && (target.isContentEditable || /^(input|textarea|select)$/i.test(target.tagName));
}

let going = 0;

document.addEventListener('keydown', (event) => {
    // Alt belongs to the browser and to who types ą, đ or @; nothing here ever listens for it.
    if (event.altKey || event.isComposing || event.defaultPrevented) return;
    if (event.ctrlKey || event.metaKey) return;
    if (isTyping(event.target)) return;
    if (document.querySelector('dialog[open]')) return;
    if (event.key !== '?' && !setting('letters', true)) return;
    if (going) {
        window.clearTimeout(going);
        going = 0;
        const link = document.querySelector(`.rail a[data-go="${CSS.escape(event.key)}"]`);
        if (link instanceof HTMLAnchorElement) {
            event.preventDefault();
            link.click();
        }
        return;
    }
    if (event.key === 'g') {
        going = window.setTimeout(() => { going = 0; }, 1500);
        return;
    }
    const act = keys.get(event.key);
    if (act) {
        event.preventDefault();
        act(event);
    }
});

onKey('?', () => {
    const dialog = document.getElementById('keys');
    if (dialog instanceof HTMLDialogElement) dialog.showModal();
});
