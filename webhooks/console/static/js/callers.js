// @ts-check
// Booking by phone: the booking opens when its form has come.

const booking = document.getElementById('caller');
if (booking instanceof HTMLDialogElement) {
    document.addEventListener('htmx:after:swap', (event) => {
        const {ctx} = /** @type {CustomEvent} */ (event).detail ?? {};
        if (ctx?.target !== booking) return;
        if (!booking.open) booking.showModal();
        // what is swapped in while it is open takes no focus by itself
        const first = booking.querySelector('[autofocus]');
        if (first instanceof HTMLElement) first.focus();
    });
    booking.addEventListener('close', () => {
        const isBooked = booking.querySelector('[data-booked]') !== null;
        booking.replaceChildren();
        // the calendar's list is made by the server; the inbox hears of it by its stream
        if (isBooked && document.getElementById('calendar')) window.location.reload();
    });
}
