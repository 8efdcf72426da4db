// @ts-check
// Draws the calendar and lets bookings be dragged: a drag asks for the change with its verdict and quote, and moves
// nothing by itself. The list below the drawing says the same and is the way by keyboard.

/** @type {any} */
const htmx = /** @type {any} */ (window).htmx;
/** @type {any} */
const calendars = /** @type {any} */ (window).EventCalendar;
const place = /** @type {HTMLElement} */ (document.getElementById('calendar'));
const dialog = /** @type {HTMLDialogElement} */ (document.getElementById('change'));
const {day, view, items, offset, language, moves, books} = place.dataset;

/** A moment as this house's clock shows it, whatever the browser's zone. @param {string} at */
const wall = (at) => at.slice(0, 19);

/** Where a drag ended, as the dialog's list names that time. @type {{start: string, column: string}|null} */
let wanted = null;

async function read() {
    const answer = await fetch(items ?? '', {headers: {Accept: 'application/json'}});
    if (!answer.ok) return;
    const shown = await answer.json();
    calendar.setOption('resources', shown.columns.map((/** @type {any} */ one) => ({id: one.id, title: one.name})));
    calendar.setOption('events', shown.items.filter((/** @type {any} */ one) => one.column).map((/** @type {any} */ one) => ({
        id: one.id,
        resourceIds: [one.column],
        start: wall(one.start),
        end: wall(one.end),
        title: one.title || one.booking || '',
        classNames: [`drawn-${one.kind}`],
        editable: one.can_move && moves === 'yes',
        durationEditable: false,
        extendedProps: {booking: one.booking},
    })));
    place.dataset.drawn = String(shown.items.length);
}

/** @param {string} booking */
function ask(booking) {
    htmx.ajax('GET', `/console/bookings/${encodeURIComponent(booking)}/change_time`, {target: dialog, swap: 'innerHTML'});
}

const calendar = calendars.create(place, {
    view: view === 'week' ? 'resourceTimelineWeek' : 'resourceTimeGridDay',
    date: day,
    locale: language,
    headerToolbar: {start: '', center: '', end: ''},
    slotMinTime: '06:00:00',
    slotMaxTime: '23:00:00',
    height: '100%',
    allDaySlot: false,
    slotLabelFormat: {hour: '2-digit', minute: '2-digit', hour12: false},
    eventTimeFormat: {hour: '2-digit', minute: '2-digit', hour12: false},
    nowIndicator: false,
    pointer: false,
    firstDay: 1,
    resources: [],
    events: [],
    eventDrop: (/** @type {any} */ info) => {
        const booking = info.event.extendedProps.booking;
        const at = new Date(info.event.start);
        wanted = {start: local(at), column: info.event.resourceIds[0]};
        // nothing has moved before the quote was agreed to
        info.revert();
        ask(booking);
    },
    dateClick: (/** @type {any} */ info) => {
        if (books !== 'yes') return;
        const pressed = local(new Date(info.date));
        const column = info.resource?.id ?? '';
        const asked = new URLSearchParams({day: pressed.slice(0, 10), at: pressed.slice(11, 16), column});
        htmx.ajax('GET', `/console/callers/new?${asked}`, {target: '#caller', swap: 'innerHTML'});
    },
    // no `eventClick`: with it the calendar calls an article a button, which a screen reader must not be told; the
    // keyboard's way is "Move…" in the list
    eventDidMount: (/** @type {any} */ info) => {
        const booking = info.event.extendedProps.booking;
        if (booking && info.event.editable) info.el.dataset.booking = booking;
    },
});

/** @param {Date} at */
function local(at) {
    const two = (/** @type {number} */ number) => String(number).padStart(2, '0');
    return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}:00`;
}

/** A time that no list has is filled in next to it: whether the house's rules refuse it is said when it is asked for.
 * @param {string} start @param {string} who */
function fillOther(start, who) {
    const other = dialog.querySelector('#change-other');
    if (!(other instanceof HTMLDetailsElement)) return;
    const [day, at] = start.split('T');
    const fields = {other_day: day, other_at: (at ?? '').slice(0, 5), other_provider: who};
    for (const [name, value] of Object.entries(fields)) {
        const field = other.querySelector(`[name=${name}]`);
        if (field instanceof HTMLInputElement && field.type !== 'hidden') field.value = value ?? '';
        if (field instanceof HTMLSelectElement && [...field.options].some((one) => one.value === value)) field.value = value ?? '';
    }
    other.open = true;
}

/** The option of the list that stands for where the booking was dragged to, if that time is free. */
function choose() {
    if (!wanted) return;
    const at = new Date(`${wanted.start}${offset}`).toISOString().replace(/[-:]/g, '').slice(0, 13);
    const moment = `${at}Z`;
    const who = wanted.column.replace(/^(provider|place|staff):/, '');
    const options = [...dialog.querySelectorAll('select[name=slot_id] option')];
    const fits = options.filter((one) => one instanceof HTMLOptionElement && one.value.includes(`|${moment}|`));
    const mine = fits.find((one) => one instanceof HTMLOptionElement && one.value.split('|').includes(who)) ?? fits[0];
    if (mine instanceof HTMLOptionElement) mine.selected = true;
    dialog.dataset.wanted = mine instanceof HTMLOptionElement ? mine.value : 'none';
    if (!mine) fillOther(wanted.start, who);
    wanted = null;
}

document.addEventListener('htmx:after:swap', (event) => {
    const {ctx} = /** @type {CustomEvent} */ (event).detail ?? {};
    if (ctx?.target !== dialog) return;
    if (dialog.querySelector('[data-done]')) {
        dialog.close();
        window.location.reload();
        return;
    }
    choose();
    if (!dialog.open) dialog.showModal();
    // what is swapped in while it is open takes no focus by itself
    const first = dialog.querySelector('[autofocus]');
    if (first instanceof HTMLElement) first.focus();
});
document.addEventListener('click', (event) => {
    const booked = event.target instanceof Element ? event.target.closest('.ec-event[data-booking]') : null;
    if (booked instanceof HTMLElement && booked.dataset.booking) ask(booked.dataset.booking);
});

dialog.addEventListener('click', (event) => {
    if (event.target instanceof Element && event.target.closest('[data-closes]')) dialog.close();
});
document.addEventListener('console:news', () => { read(); });
read();
