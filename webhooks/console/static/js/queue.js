// @ts-check
// The queue: the row that is current, its keys, its one button, and the moment at which the next one is late.
import {onKey, say} from './console.js';

/** @type {any} */
const htmx = /** @type {any} */ (window).htmx;
const csrf = () => JSON.parse(document.body.getAttribute('hx-headers:inherited') ?? '{}')['X-CSRF-Token'] ?? '';
const dialog = () => /** @type {HTMLDialogElement} */ (document.getElementById('queue-ask'));
const rows = () => /** @type {HTMLElement[]} */ ([...document.querySelectorAll('[data-queue-row]')]);
let at = '';

const current = () => rows().find((row) => row.dataset.queueRow === at);

function markCurrent() {
    for (const row of rows()) row.classList.toggle('at', row.dataset.queueRow === at);
}

/** What Enter does on a row: read what it is about, else its button. @param {HTMLElement} row */
const opener = (row) => row.querySelector('.queue-facts a, [data-does]');

/** @param {number} by */
function step(by) {
    const all = rows();
    if (!all.length) return;
    const now = all.findIndex((row) => row.dataset.queueRow === at);
    const next = all[Math.min(all.length - 1, Math.max(0, now < 0 ? 0 : now + by))];
    at = next.dataset.queueRow ?? '';
    markCurrent();
    next.scrollIntoView({block: 'nearest'});
    const target = opener(next);
    if (target instanceof HTMLElement) target.focus({preventScroll: true});
}

onKey('j', () => step(1));
onKey('k', () => step(-1));
onKey('t', () => {
    const take = current()?.querySelector('[data-take]');
    if (take instanceof HTMLElement) take.click();
});

// --- the one button: an act of the API, with its rights and its words ---------------------------------------------

/** @param {string} address @param {Record<string, unknown>} body @param {string} then */
async function act(address, body, then) {
    const answer = await fetch(address, {
        method: 'POST',
        credentials: 'same-origin',
        headers: {'Content-Type': 'application/json', 'X-CSRF-Token': csrf(), 'Accept-Language': document.documentElement.lang},
        body: JSON.stringify(body),
    }).catch(() => null);
    const toasts = document.getElementById('toasts');
    if (!answer) {
        say(toasts?.dataset.noAnswer ?? '', true);
        return false;
    }
    if (answer.status === 401) {
        location.assign(`/console/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`);
        return false;
    }
    if (!answer.ok) {
        const problem = await answer.json().catch(() => ({}));
        say(problem.detail ?? toasts?.dataset.wentWrong ?? '', true);
        return false;
    }
    if (then) {
        location.assign(then);
        return true;
    }
    say(dialog().dataset.done ?? '');
    // what it was about has changed, and tells so by itself where it is stored as one; else it is asked for
    const list = document.getElementById('queue-list');
    if (list) htmx.trigger(list, 'live');
    return true;
}

document.addEventListener('click', async (event) => {
    const button = event.target instanceof Element ? event.target.closest('button[data-api]') : null;
    if (!(button instanceof HTMLButtonElement)) return;
    button.disabled = true;
    await act(button.dataset.api ?? '', {}, button.dataset.then ?? '');
    button.disabled = false;
});

document.addEventListener('submit', async (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || form.dataset.api === undefined) return;
    event.preventDefault();
    /** @type {Record<string, unknown>} */
    const body = {};
    for (const field of form.elements) {
        if (!(field instanceof HTMLInputElement || field instanceof HTMLSelectElement) || !field.name) continue;
        body[field.name] = field.dataset.kind === 'bool' ? field.value === 'true' : field.value;
    }
    const submit = /** @type {HTMLButtonElement|null} */ (form.querySelector('[type=submit]'));
    if (submit) submit.disabled = true;
    const done = await act(form.dataset.api, body, '');
    if (submit) submit.disabled = false;
    if (done) dialog().close();
});

// --- after each swap ----------------------------------------------------------------------------------------------

let lateTimer = 0;
const LONGEST = 2 ** 31 - 1;

function settle() {
    markCurrent();
    const shown = document.getElementById('queue-shown');
    const count = rows().length;
    // so that what was paged to stays when the list is asked for again
    if (shown instanceof HTMLInputElement && count > Number(shown.value)) shown.value = String(count);
    const list = document.getElementById('queue-list');
    window.clearTimeout(lateTimer);
    const left = list?.dataset.lateIn;
    if (list && left !== undefined) {
        lateTimer = window.setTimeout(() => htmx.trigger(list, 'live'), Math.min(LONGEST, Number(left) + 500));
    }
}

document.addEventListener('htmx:after:swap', settle);
document.addEventListener('htmx:after:swap', () => {
    const asked = dialog();
    if (asked.childElementCount && !asked.open && asked.dataset.asks === 'yes') asked.showModal();
    delete asked.dataset.asks;
});
document.addEventListener('click', (event) => {
    const asks = event.target instanceof Element ? event.target.closest('[hx-target="#queue-ask"]') : null;
    if (asks) dialog().dataset.asks = 'yes';
});
document.addEventListener('change', (event) => {
    const filters = event.target instanceof Element ? event.target.closest('#queue-filters') : null;
    if (filters instanceof HTMLFormElement) filters.requestSubmit();
});
settle();
document.body.dataset.ready = 'yes';
