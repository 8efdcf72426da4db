// @ts-check
// The palette: every page, every act that the page before it offers, conversations and bookings, by their names and by
// keyboard alone. What somebody may not do stands nowhere in the page, and so not here.
export {}; // its names are its own

const dialog = /** @type {HTMLDialogElement} */ (document.getElementById('palette'));
const input = /** @type {HTMLInputElement} */ (document.getElementById('palette-input'));
const list = /** @type {HTMLElement} */ (document.getElementById('palette-list'));
const acts = /** @type {HTMLElement} */ (document.getElementById('palette-acts'));
const found = /** @type {HTMLElement} */ (document.getElementById('palette-found'));
const none = /** @type {HTMLElement} */ (document.getElementById('palette-none'));
const count = /** @type {HTMLElement} */ (document.getElementById('palette-count'));

/** @type {WeakMap<Element, HTMLElement>} */
const controls = new WeakMap();
/** @type {Element|null} */
let before = null;
/** @type {HTMLElement|null} */
let at = null;

/** Letters as one types them without marks: dat finds đặt. @param {string} text */
const plain = (text) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replaceAll('đ', 'd');
const options = () => /** @type {HTMLElement[]} */ ([...list.querySelectorAll('[role=option]')]);
const shown = () => options().filter((option) => !option.hidden);

// --- what the page offers ---------------------------------------------------------------------------------------

function gather() {
    for (const option of acts.querySelectorAll('[role=option]')) option.remove();
    let number = 0;
    for (const control of document.querySelectorAll('[data-palette]')) {
        if (!(control instanceof HTMLElement) || control.matches(':disabled')) continue;
        const name = control.dataset.palette || control.getAttribute('aria-label') || control.textContent;
        const option = document.createElement('div');
        option.className = 'option';
        option.id = `palette-act-${++number}`;
        option.setAttribute('role', 'option');
        const text = document.createElement('span');
        text.className = 'option-text';
        text.textContent = (name ?? '').replace(/\s+/g, ' ').trim();
        option.append(text);
        if (control.dataset.key) {
            const key = document.createElement('kbd');
            key.textContent = control.dataset.key;
            key.ariaHidden = 'true';
            option.append(key);
        }
        controls.set(option, control);
        acts.append(option);
    }
}

// --- what is typed ----------------------------------------------------------------------------------------------

/** @param {HTMLElement|null} option */
function mark(option) {
    at = option;
    for (const each of options()) each.setAttribute('aria-selected', String(each === option));
    if (option) {
        input.setAttribute('aria-activedescendant', option.id);
        option.scrollIntoView({block: 'nearest'});
    } else input.removeAttribute('aria-activedescendant');
}

function narrow() {
    const asked = plain(input.value).split(/\s+/).filter(Boolean);
    for (const option of options()) {
        // what the server found matches in more ways than by the letters that are shown
        const name = plain(option.querySelector('.option-text')?.textContent ?? '');
        option.hidden = !('found' in option.dataset) && !asked.every((word) => name.includes(word));
    }
    for (const group of list.children) {
        if (group instanceof HTMLElement) group.hidden = !group.querySelector('[role=option]:not([hidden])');
    }
    const here = shown();
    none.hidden = here.length > 0;
    count.textContent = here.length ? (count.dataset.says ?? '').replace('#', String(here.length)) : count.dataset.nothing ?? '';
    // what was marked stays so while it is there: an answer that comes late moves nobody's choice
    mark(at && here.includes(at) ? at : here[0] ?? null);
}

/** @param {number} by */
function step(by) {
    const here = shown();
    if (!here.length) return;
    const now = at ? here.indexOf(at) : -1;
    mark(here[(now + by + here.length) % here.length]);
}

input.addEventListener('input', () => {
    at = null;
    // what was found for other letters is no answer to these
    found.replaceChildren();
    narrow();
});
document.addEventListener('htmx:after:swap', (event) => {
    if (/** @type {CustomEvent} */ (event).detail?.ctx?.target === found) narrow();
});

// --- open, choose, leave ----------------------------------------------------------------------------------------

function open() {
    before = document.activeElement;
    input.value = '';
    found.replaceChildren();
    at = null;
    gather();
    narrow();
    dialog.showModal();
    input.focus();
}

function close() {
    dialog.close();
    // the browser gives the focus back by itself, but not to what was drawn once more meanwhile
    const same = before?.isConnected ? before : document.getElementById(before?.id ?? '');
    if (same instanceof HTMLElement && same !== document.activeElement) same.focus();
}

/** @param {HTMLElement|null} option */
function choose(option) {
    if (!option) return;
    close();
    if (option.dataset.href) location.assign(option.dataset.href);
    else controls.get(option)?.click();
}

dialog.addEventListener('keydown', (event) => {
    if (event.isComposing || event.altKey) return;
    // nothing that is pressed here is for the page behind
    event.stopPropagation();
    const does = {
        ArrowDown: () => step(1), ArrowUp: () => step(-1), Enter: () => choose(at), Escape: close,
    }[event.key] ?? (event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey) ? close : null);
    if (!does) return;
    event.preventDefault();
    does();
});
list.addEventListener('mousedown', (event) => event.preventDefault()); // the field keeps the focus
list.addEventListener('click', (event) => {
    const option = event.target instanceof Element ? event.target.closest('[role=option]') : null;
    if (option instanceof HTMLElement) choose(option);
});
document.addEventListener('click', (event) => {
    if (event.target instanceof Element && event.target.closest('[data-palette-opens]')) open();
});
document.addEventListener('keydown', (event) => {
    const isOurs = event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
    if (!isOurs || event.isComposing) return;
    event.preventDefault(); // else it is the browser's own search
    if (!document.querySelector('dialog[open]')) open();
});
