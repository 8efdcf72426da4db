// @ts-check
// Rings for what is mine, once, and for what is critical and nobody's, every half minute until somebody takes it; a
// sound, a notice of the computer while nobody sees this page, or both, as chosen on the queue's page. Everything else
// is quiet. A notice says why somebody is needed and names nobody: it stands on a screen that others see.
import {say, setting} from './console.js';

const EVERY = 30_000;
const bell = document.getElementById('bell');
/** @type {Set<string>} */
const known = new Set();
let isFirst = true;
let again = 0;

/** @type {AudioContext|null} */
let audio = null;
function wakeAudio() {
    audio ??= new AudioContext();
    if (audio.state === 'suspended') audio.resume().catch(() => undefined);
}
// a browser lets a page sound only after somebody has touched it
for (const kind of ['pointerdown', 'keydown']) document.addEventListener(kind, wakeAudio, {passive: true});

function sound() {
    if (audio?.state !== 'running') return;
    for (const [pitch, begin] of [[784, 0], [1047, 0.16]]) {
        const tone = audio.createOscillator();
        const loud = audio.createGain();
        const start = audio.currentTime + begin;
        tone.frequency.value = pitch;
        loud.gain.setValueAtTime(0.0001, start);
        loud.gain.exponentialRampToValueAtTime(0.25, start + 0.02);
        loud.gain.exponentialRampToValueAtTime(0.0001, start + 0.28);
        tone.connect(loud).connect(audio.destination);
        tone.start(start);
        tone.stop(start + 0.3);
    }
}

const mayNotify = () => 'Notification' in window && Notification.permission === 'granted';
/** @type {Notification|null} */
let noticed = null;

/** @param {string} words */
function notice(words) {
    // one at a time, and each time as news: it would replace the one before in silence
    const options = {body: words, tag: 'janji-queue', renotify: true, icon: bell?.dataset.icon};
    noticed = new Notification(document.title.split(' · ').at(-1) ?? '', options);
    noticed.addEventListener('click', () => { window.focus(); location.assign('/console/queue'); });
}

/** @param {HTMLElement[]} rows */
function ring(rows) {
    const which = rows.map((row) => row.dataset.row).join(' ');
    const [last, when] = (localStorage.getItem('console.rang') ?? '').split('@');
    // of several tabs, and of a page that was just left, one rings
    if (last === which && Date.now() - Number(when) < EVERY - 2000) return;
    localStorage.setItem('console.rang', `${which}@${Date.now()}`);
    const [sounds, notes] = [setting('sound', true), setting('notices', false) && document.hidden && mayNotify()];
    if (sounds) sound();
    if (notes) notice(rows.map((row) => row.textContent).join(', '));
    if (sounds || notes) document.dispatchEvent(new CustomEvent('console:rang', {detail: which}));
}

const waiting = () => /** @type {HTMLElement[]} */ ([...(bell?.querySelectorAll('[data-rings=critical]') ?? [])]);
const mine = () => /** @type {HTMLElement[]} */ ([...(bell?.querySelectorAll('[data-rings=mine]') ?? [])]);
/** @param {HTMLElement} row */
const keyOf = (row) => `${row.dataset.rings} ${row.dataset.row} ${row.dataset.rings === 'mine' ? row.dataset.late : ''}`;

function look() {
    const critical = waiting();
    const fresh = [...critical, ...mine()].filter((row) => !known.has(keyOf(row)));
    for (const row of fresh) known.add(keyOf(row));
    // what was mine when the page was opened has rung before
    const rings = isFirst ? fresh.filter((row) => row.dataset.rings === 'critical') : fresh;
    isFirst = false;
    const link = document.querySelector('.rail a[href="/console/queue"]');
    if (link instanceof HTMLElement) {
        if (critical.length + mine().length) link.dataset.count = String(critical.length + mine().length);
        else delete link.dataset.count;
    }
    if (rings.length) ring(rings);
    // what it was about is somebody's by now
    if (!critical.length && !mine().length) noticed?.close();
    window.clearInterval(again);
    if (critical.length) again = window.setInterval(() => ring(waiting()), EVERY);
}

// what I take here I know of
document.addEventListener('click', (event) => {
    const row = event.target instanceof Element ? event.target.closest('[data-take]')?.closest('[data-queue-row]') : null;
    if (row instanceof HTMLElement) for (const late of ['yes', 'no']) known.add(`mine ${row.dataset.queueRow} ${late}`);
});

for (const box of document.querySelectorAll('[data-setting=notices]')) {
    // what the browser was told to refuse since is not on, whatever was chosen once
    if (box instanceof HTMLInputElement && !mayNotify()) box.checked = false;
    box.addEventListener('change', async () => {
        if (!(box instanceof HTMLInputElement) || !box.checked) return;
        const answer = 'Notification' in window ? await Notification.requestPermission() : 'denied';
        if (answer === 'granted') return;
        box.checked = false;
        localStorage.setItem('console.notices', 'no');
        say(box.dataset.denied ?? '', true);
    });
}

if (bell) new MutationObserver(() => look()).observe(bell, {childList: true, subtree: true, attributes: true});
