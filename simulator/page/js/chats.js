/** Each customer's chat as loaded, and what waits on their phone without a connection; every phone has its own. */
import * as api from "./api.js";
import { toast } from "./dom.js";
import { customerOf, emit, now } from "./world.js";

const chats = new Map();
let locals = 0;

export const chatOf = (id) => {
  if (!chats.has(id)) chats.set(id, { bubbles: [], said: [], outbox: [], unread: 0, flushing: Promise.resolve(), turn: api.turns() });
  return chats.get(id);
};

export const forgetChats = () => chats.clear();

/** Loads a chat again; `chat` is told to whoever shows it. */
export async function refresh(id) {
  const chat = chatOf(id);
  const isNews = chat.turn();
  try {
    const [bubbles, said] = await Promise.all([api.get(api.customer(id, "bubbles")), api.get(api.customer(id, "said"))]);
    if (!isNews()) return;
    chat.bubbles = bubbles.items;
    chat.said = said.items;
  } catch {
    return;
  }
  chat.unread = chat.bubbles.filter((bubble) => bubble.tick === "delivered").length;
  emit("chat", { customer: id });
}

/** Everything said on both sides, the oldest first, then what has not left the phone. */
export function timeline(chat) {
  const all = [...chat.bubbles, ...chat.said].sort((a, b) => a.monotonic - b.monotonic);
  return [...all, ...chat.outbox];
}

/** What its messages say of each other: reactions, other words, what was taken back. */
export function contextOf(all) {
  const reactions = new Map();
  const edits = new Map();
  const removed = new Set();
  const react = (target, side, emoji) => {
    const found = new Map(reactions.get(target) ?? []);
    if (emoji) found.set(side, emoji);
    else found.delete(side);
    reactions.set(target, found);
  };
  for (const item of all) {
    if (item.kind === "reaction") react(item.reacts_to, "business", item.text);
    if (item.type === "reaction") react(item.detail.message_id, "customer", item.detail.emoji ?? "");
    if (item.type === "edit") edits.set(item.detail.original_message_id, item.text);
    if (item.type === "revoke") removed.add(item.detail.original_message_id);
  }
  return {
    edits, removed,
    reactions: new Map([...reactions].map(([target, found]) => [target, [...found.values()]])),
    find: (wanted) => all.find((item) => item.id === wanted),
  };
}

/** Sends now, or keeps it on the phone until there is a connection. */
export async function act(id, kind, body, shown) {
  const waiting = { local: true, id: `local-${++locals}`, type: shown.type ?? "text", text: shown.text ?? "", said_at: now().toISOString(), quotes: body.quote, detail: {}, deed: [kind, body] };
  chatOf(id).outbox.push(waiting);
  emit("chat", { customer: id });
  await flush(id);
}

/** One at a time and in order: what was typed first arrives first. No phone waits for another. */
export function flush(id) {
  const chat = chatOf(id);
  chat.flushing = chat.flushing.then(() => empty(id), () => empty(id));
  return chat.flushing;
}

async function empty(id) {
  const chat = chatOf(id);
  if (!chat.outbox.length) return;
  while (chat.outbox.length && customerOf(id)?.online) {
    const [first] = chat.outbox;
    try {
      await api.post(api.customer(id, first.deed[0]), first.deed[1]);
      chat.outbox.shift();
    } catch (problem) {
      if (problem.status >= 400) {
        chat.outbox.shift();
        toast(problem.message, "bad");
        continue;
      }
      first.reason = problem.message;
      break;
    }
    await refresh(id);
  }
  emit("chat", { customer: id });
}
