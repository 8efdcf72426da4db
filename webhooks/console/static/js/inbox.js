// @ts-check
// The inbox: the row that is current, a thread that stays at its end, drafts that are never lost, clocks that run, and
// the keys of a conversation.
import {isTyping, onKey, say, setting} from './console.js';

/** @type {any} */
const htmx = /** @type {any} */ (window).htmx;
const page = /** @type {HTMLElement} */ (document.getElementById('page'));
const csrf = () => JSON.parse(document.body.getAttribute('hx-headers:inherited') ?? '{}')['X-CSRF-Token'] ?? '';

/** @param {string} id */
const find = (id) => document.getElementById(id);
const conversation = () => find('conversation');
const leadHere = () => conversation()?.dataset.conversation ?? '';
const composer = () => find('composer');

// --- the list ---------------------------------------------------------------------------------------------------

const rows = () => /** @type {HTMLAnchorElement[]} */ ([...document.querySelectorAll('[data-lead-row]')]);
let at = '';

function markRows() {
    const here = leadHere();
    for (const row of rows()) {
        if (row.dataset.leadRow === here) row.setAttribute('aria-current', 'true');
        else row.removeAttribute('aria-current');
        row.classList.toggle('at', row.dataset.leadRow === at);
    }
    page.classList.toggle('has-conversation', here !== '');
}

/** @param {number} by */
function step(by) {
    const all = rows();
    if (!all.length) return;
    const now = all.findIndex((row) => row.dataset.leadRow === (at || leadHere()));
    const next = all[Math.min(all.length - 1, Math.max(0, now < 0 ? 0 : now + by))];
    at = next.dataset.leadRow ?? '';
    markRows();
    next.scrollIntoView({block: 'nearest'});
    next.focus({preventScroll: true});
}

onKey('j', () => step(1));
onKey('k', () => step(-1));

function openNext() {
    const all = rows();
    const now = all.findIndex((row) => row.dataset.leadRow === leadHere());
    const next = all[now + 1] ?? all[now - 1];
    if (next) next.click();
}

// --- the thread -------------------------------------------------------------------------------------------------

const NEAR = 120;
let isAtEnd = true;
let knownLines = 0;

function toEnd() {
    const thread = find('thread');
    if (thread) thread.scrollTop = thread.scrollHeight;
    find('new-below')?.remove();
}

/** @param {boolean} opened */
function settleThread(opened) {
    const thread = find('thread');
    if (!thread) return;
    const count = thread.querySelectorAll('article').length;
    if (opened || isAtEnd) toEnd();
    else if (count > knownLines && !find('new-below')) {
        const more = document.createElement('button');
        more.id = 'new-below';
        more.className = 'new-below';
        more.type = 'button';
        more.textContent = '↓';
        more.addEventListener('click', toEnd);
        thread.append(more);
    }
    knownLines = count;
}

document.addEventListener('scroll', (event) => {
    const thread = find('thread');
    if (event.target !== thread || !thread) return;
    isAtEnd = thread.scrollHeight - thread.scrollTop - thread.clientHeight < NEAR;
    if (isAtEnd) find('new-below')?.remove();
}, true);

// What cannot be fetched says so in its place: the event does not bubble.
document.addEventListener('error', (event) => {
    const file = event.target instanceof Element ? event.target.closest('.media[data-gone]') : null;
    if (!(file instanceof HTMLElement)) return;
    const said = document.createElement('p');
    said.className = 'media gone-file';
    said.textContent = file.dataset.gone ?? '';
    file.replaceWith(said);
}, true);

document.addEventListener('click', (event) => {
    const goes = event.target instanceof Element ? event.target.closest('[data-goes=composer]') : null;
    if (!goes) return;
    setMode('reply');
    const template = document.querySelector('#composer form.template button[type=submit]');
    if (template instanceof HTMLElement) template.focus();
});

// --- drafts -----------------------------------------------------------------------------------------------------

const SAVED_AFTER = 700;
/** @type {Map<string, number>} */
const saving = new Map();

/** @param {string} kind @param {string} lead */
const safe = (kind, lead) => `draft.${lead}.${kind}`;

/** @param {HTMLTextAreaElement} field */
function keep(field) {
    const [kind, lead] = [field.dataset.draft ?? 'reply', leadHere()];
    // this browser has it at once, the server a moment later: a session that ends in between takes nothing along
    try {
        sessionStorage.setItem(safe(kind, lead), field.value);
    } catch {
        // this browser keeps no more: the server has it all the same
    }
    window.clearTimeout(saving.get(kind));
    saving.set(kind, window.setTimeout(() => save(field, kind, lead), SAVED_AFTER));
}

/** @param {HTMLTextAreaElement} field @param {string} kind @param {string} lead */
async function save(field, kind, lead) {
    const text = field.value;
    const body = new URLSearchParams({kind, text, base: field.dataset.revision ?? '0'});
    let answer;
    try {
        answer = await fetch(`/console/inbox/${lead}/draft`, {
            method: 'POST', body, headers: {'X-CSRF-Token': csrf(), 'HX-Request': 'true'}, credentials: 'same-origin',
        });
    } catch {
        return; // kept here; the next key tries again
    }
    if (answer.status !== 200 && answer.status !== 409) return;
    const told = await answer.json();
    field.dataset.revision = String(told.revision);
    const hidden = find('reply-revision');
    if (kind === 'reply' && hidden instanceof HTMLInputElement) hidden.value = String(told.revision);
    if (answer.status === 409 && told.text && told.text !== text) {
        say(`${told.by}: ${told.text}`);
        save(field, kind, lead);
        return;
    }
    if (field.value !== text) return; // what was typed meanwhile is saved in its turn
    sessionStorage.removeItem(safe(kind, lead));
    const saved = find(`${kind}-saved`);
    if (saved) saved.textContent = '✓';
}

function restoreDrafts() {
    for (const field of document.querySelectorAll('[data-draft]')) {
        if (!(field instanceof HTMLTextAreaElement)) continue;
        const kept = sessionStorage.getItem(safe(field.dataset.draft ?? '', leadHere()));
        if (kept && kept !== field.value) {
            field.value = kept;
            keep(field);
        }
    }
}

document.addEventListener('input', (event) => {
    if (event.target instanceof HTMLTextAreaElement && event.target.dataset.draft) {
        if (event.target.dataset.draft === 'reply') noteTurn(event.target);
        const saved = find(`${event.target.dataset.draft}-saved`);
        if (saved) saved.textContent = '';
        keep(event.target);
    }
});

// A field takes what fits and drops the rest without a word: who pastes a whole book is told.
document.addEventListener('paste', (event) => {
    const field = event.target;
    if (!(field instanceof HTMLTextAreaElement) || !field.dataset.draft) return;
    const pasted = event.clipboardData?.getData('text/plain') ?? '';
    const room = field.maxLength - field.value.length + field.selectionEnd - field.selectionStart;
    if (pasted.length > room) say(field.dataset.tooLong ?? '', true);
});

/** @param {string} kind */
function forget(kind) {
    window.clearTimeout(saving.get(kind));
    sessionStorage.removeItem(safe(kind, leadHere()));
}

// What they had before them when they began to write: whoever writes meanwhile is read first, though the page shows it.
/** @param {HTMLTextAreaElement} field */
function noteTurn(field) {
    const seen = find('seen');
    if (!field.value) delete field.dataset.seen;
    else if (seen instanceof HTMLInputElement) field.dataset.seen ??= seen.value;
}

// --- the composer -----------------------------------------------------------------------------------------------

let mode = 'reply';

/** What is written stays a note, or a reply, until somebody says otherwise; no answer of the server flips it. */
function showMode() {
    const here = composer();
    if (!here) return;
    here.dataset.mode = mode;
    for (const tab of here.querySelectorAll('[role=tab]')) {
        if (tab instanceof HTMLElement) tab.setAttribute('aria-selected', String(tab.dataset.mode === mode));
    }
}

/** @param {string} wanted */
function setMode(wanted) {
    mode = wanted;
    showMode();
    const field = find(`${mode}-text`);
    if (field instanceof HTMLTextAreaElement) field.focus();
    else if (mode === 'reply') find('take')?.focus();
}

let hasTaken = false;

/** Whoever has taken it writes at once: as soon as the field is there, whichever answer brings it. */
function beginReply() {
    if (!hasTaken || ['locked', 'taken'].includes(composer()?.dataset.state ?? '')) return;
    hasTaken = false;
    // an answer has several parts, and the dialogs of the field may be in another one
    window.setTimeout(() => setMode('reply'), 60);
}

/** @param {Element|null} form */
function submit(form) {
    if (form instanceof HTMLFormElement) form.requestSubmit();
}

document.addEventListener('keydown', (event) => {
    const field = event.target;
    if (event.key === 'Escape' && isTyping(field) && !(field instanceof Element && field.closest('dialog'))) {
        if (field instanceof HTMLElement) field.blur();
        find('thread')?.focus();
        return;
    }
    if (event.key === 'Escape') closeContext();
    if (!(field instanceof HTMLTextAreaElement) || !field.dataset.draft || event.isComposing || event.altKey) return;
    const wantsLine = event.shiftKey;
    const sends = event.key === 'Enter' && !wantsLine
        && (event.ctrlKey || event.metaKey || (setting('enter-sends', false) && field.dataset.draft === 'reply'));
    if (sends) {
        event.preventDefault();
        submit(field.form);
    }
    if (event.key === '/' && field.value === '' && field.dataset.draft === 'reply' && openCanned()) event.preventDefault();
});

let leftUnread = '';

// One act sends once: its name goes along, so that what is pressed twice is one message.
document.addEventListener('htmx:config:request', (event) => {
    const {ctx} = /** @type {CustomEvent} */ (event).detail;
    // what comes while they have it before them is read, unless they want it to look unread
    if (ctx?.sourceElement?.id === 'thread' && !document.hidden && leftUnread !== leadHere()) ctx.request.action += '?seen=yes';
    // what was refused stands until the next act, or another conversation: no part of the page that renews itself ends it
    if (ctx?.request?.method !== 'GET' || ctx.sourceElement instanceof HTMLAnchorElement) find('composer-problem')?.removeAttribute('hx-morph-skip');
    const form = ctx?.request?.form;
    if (!(form instanceof HTMLFormElement)) return;
    if (form.querySelector('[name=name]') && form.closest('#composer')) {
        const name = form.querySelector('[name=name]');
        if (name instanceof HTMLInputElement && !name.value) name.value = crypto.randomUUID();
        if (name instanceof HTMLInputElement) ctx.request.body.set('name', name.value);
        window.clearTimeout(saving.get(form.dataset.kind ?? ''));
        const begun = form.querySelector('textarea')?.dataset.seen;
        if (begun) ctx.request.body.set('seen', begun);
    }
    if (form.hasAttribute('data-takes')) {
        const reply = find('reply-text');
        if (reply instanceof HTMLTextAreaElement && reply.value) ctx.request.body.set('draft', reply.value);
    }
});

// What a part of the page asked for before an act may know nothing of it: put in its place it would lock the field
// that whoever has just taken the conversation writes in. It asks once more.
function renewOvertaken() {
    for (const part of ['head', 'thread', 'composer'].map(find)) {
        if (!part?.classList.contains('htmx-request')) continue;
        htmx.trigger(part, 'htmx:abort');
        htmx.trigger(part, 'live');
    }
}

document.addEventListener('htmx:after:request', (event) => {
    const {ctx} = /** @type {CustomEvent} */ (event).detail;
    const form = ctx?.request?.form;
    if (!(form instanceof HTMLFormElement)) return;
    if (ctx.request.method !== 'GET') renewOvertaken();
    const isDone = ctx.response && ctx.response.status < 400;
    const kind = form.dataset.kind;
    if (kind) {
        const name = form.querySelector('[name=name]');
        // answered either way: the next try is another message
        if (name instanceof HTMLInputElement && ctx.response && ctx.response.status < 500) name.value = '';
        // refused once: who presses again has read it
        if (ctx.response) delete form.querySelector('textarea')?.dataset.seen;
    }
    if (isDone && kind) {
        const field = form.querySelector('textarea');
        if (field) {
            field.value = '';
            field.dataset.revision = '0';
        }
        const saved = find(`${kind}-saved`);
        if (saved) saved.textContent = '';
        forget(kind);
        isAtEnd = true;
    }
    if (isDone && form.hasAttribute('data-closes-when-done')) form.closest('dialog')?.close();
    if (isDone && form.hasAttribute('data-takes')) {
        hasTaken = true;
        beginReply();
    }
});

// --- who else is here -------------------------------------------------------------------------------------------

const SAID_EVERY = 8000;
let typedAt = 0;
let saidTyping = false;

/** @param {string} lead @param {Record<string, string>} what */
function present(lead, what) {
    if (!lead || !composer()) return;
    fetch(`/console/inbox/${lead}/presence`, {
        method: 'POST', body: new URLSearchParams(what), keepalive: true, credentials: 'same-origin',
        headers: {'X-CSRF-Token': csrf(), 'HX-Request': 'true'},
    }).catch(() => {}); // said again in a moment
}

function sayPresent() {
    const types = Date.now() - typedAt < SAID_EVERY;
    if (!document.hidden) present(leadHere(), {typing: types ? 'yes' : 'no'});
    saidTyping = types;
}

window.setInterval(sayPresent, SAID_EVERY);
document.addEventListener('input', (event) => {
    if (!(event.target instanceof HTMLElement) || event.target.dataset.draft !== 'reply') return;
    typedAt = Date.now();
    if (!saidTyping) sayPresent();
});
window.addEventListener('pagehide', () => present(leadHere(), {left: 'yes'}));

// --- clocks -----------------------------------------------------------------------------------------------------

// The page knows when the window shuts; the server says it in words again at that moment.
let shuts = 0;
function watchWindow() {
    window.clearTimeout(shuts);
    const part = document.querySelector('#composer [data-window], #head [data-window]');
    const ends = part instanceof HTMLElement ? Date.parse(part.dataset.window ?? '') : NaN;
    if (Number.isNaN(ends)) return;
    const left = ends - Date.now();
    shuts = window.setTimeout(() => {
        for (const id of ['head', 'composer']) {
            const here = find(id);
            if (here) htmx.trigger(here, 'live');
        }
    }, Math.max(1000, Math.min(left > 0 ? left + 500 : 60_000, 60_000)));
}

// --- the pane ---------------------------------------------------------------------------------------------------

let paneIsOpen = false;

/** Where it lies over the thread: the server knows nothing of it, and what it sends would close it. */
function showPane() {
    find('context')?.classList.toggle('is-open', paneIsOpen);
}

function closeContext() {
    paneIsOpen = false;
    showPane();
}

document.addEventListener('click', (event) => {
    if (!(event.target instanceof Element)) return;
    if (event.target.closest('[data-toggles=context]')) {
        paneIsOpen = !paneIsOpen;
        showPane();
        if (paneIsOpen) find('context')?.focus();
    }
    if (event.target.closest('[data-key=u]')) leftUnread = leadHere();
    // back to the list as it was: its tab and filter stand in the address
    const back = event.target.closest('.head .back');
    if (back instanceof HTMLAnchorElement) back.href = `/console/inbox${location.search}`;
    const tab = event.target.closest('[role=tab][data-mode]');
    if (tab instanceof HTMLElement) setMode(tab.dataset.mode ?? 'reply');
    const draft = event.target.closest('[data-uses-draft]');
    if (draft) insert(draft.parentElement?.querySelector('.words')?.textContent ?? '');
    const ready = event.target.closest('[data-inserts]');
    if (ready instanceof HTMLElement) {
        // before the dialog closes: the browser gives the focus back with the caret at the beginning
        const at = caret();
        ready.closest('dialog')?.close();
        insert(ready.dataset.inserts ?? '', at);
    }
});

/** Where the next letter of the reply would go. @returns {[number, number]} */
function caret() {
    const field = find('reply-text');
    return field instanceof HTMLTextAreaElement ? [field.selectionStart, field.selectionEnd] : [0, 0];
}

/** At the cursor, next to what is there. @param {string} text @param {[number, number]} at */
function insert(text, [from, to] = caret()) {
    setMode('reply');
    const field = find('reply-text');
    if (!(field instanceof HTMLTextAreaElement)) return;
    const gap = from > 0 && !/\s$/.test(field.value.slice(0, from)) ? ' ' : '';
    field.setRangeText(gap + text, from, to, 'end');
    const blank = /\[[a-z]+\]/.exec(field.value);
    if (blank) field.setSelectionRange(blank.index, blank.index + blank[0].length);
    keep(field);
    field.focus();
}

// by keyboard: the first one has the focus, arrows lead on, Enter puts it in
document.addEventListener('keydown', (event) => {
    const list = event.target instanceof Element ? event.target.closest('#canned .canned') : null;
    const by = {ArrowDown: 1, ArrowUp: -1}[event.key];
    if (!list || !by) return;
    event.preventDefault();
    const all = [...list.querySelectorAll('button')];
    all[(all.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement)) + by + all.length) % all.length]?.focus();
});

function openCanned() {
    const dialog = find('canned');
    if (!(dialog instanceof HTMLDialogElement)) return false;
    dialog.showModal();
    return true;
}

onKey('/', () => { if (!openCanned()) find('search')?.focus(); });

// --- the change dialog ------------------------------------------------------------------------------------------

document.addEventListener('htmx:after:swap', (event) => {
    const dialog = find('change');
    if (!(dialog instanceof HTMLDialogElement)) return;
    const {ctx} = /** @type {CustomEvent} */ (event).detail ?? {};
    if (ctx?.target !== dialog) return;
    const done = dialog.querySelector('[data-done]');
    if (done) {
        dialog.close();
        say(done.textContent ?? '');
    } else if (!dialog.open) dialog.showModal();
    // what is swapped in while it is open takes no focus by itself
    const first = dialog.querySelector('[autofocus]');
    if (first instanceof HTMLElement) first.focus();
});

// --- keys of a conversation -------------------------------------------------------------------------------------

for (const key of ['t', 'h', 'r', 'n', 'a', 'u', 'e', 'b']) {
    onKey(key, () => {
        const control = document.querySelector(`#conversation [data-key="${key}"]`);
        if (!(control instanceof HTMLElement)) return;
        control.click();
        if (control.dataset.then === 'next') window.setTimeout(openNext, 150);
    });
}
onKey('s', () => {
    const menu = find('conversation-menu');
    menu?.setAttribute('open', '');
    menu?.querySelector('button')?.focus();
});

// --- after anything was put in its place ------------------------------------------------------------------------

let shown = leadHere();
let opensNow = '';

function settle() {
    const here = leadHere();
    const opened = here !== shown;
    const exact = find('list')?.dataset.opensLead;
    if (exact && exact !== here && exact !== opensNow) {
        opensNow = exact;
        document.querySelector(`[data-lead-row="${CSS.escape(exact)}"]`)?.dispatchEvent(new MouseEvent('click', {bubbles: true}));
    }
    if (opened) {
        if (shown) present(shown, {left: 'yes'});
        sayPresent();
        shown = here;
        leftUnread = '';
        at = here;
        isAtEnd = true;
        mode = 'reply';
        closeContext();
        restoreDrafts();
    }
    showMode();
    showPane();
    markRows();
    settleThread(opened);
    watchWindow();
}

document.addEventListener('htmx:after:swap', settle);
document.addEventListener('htmx:after:swap', beginReply);
document.addEventListener('htmx:after:swap', () => {
    const problem = find('composer-problem');
    if (problem && !problem.hidden) problem.setAttribute('hx-morph-skip', '');
});
markRows();
settleThread(true);
restoreDrafts();
watchWindow();
document.body.dataset.ready = 'yes';
