/** Money as the simulated provider's own books have it. */
import { h } from "./dom.js";

const FIGURES = ["captured", "fees", "paid_out", "refunded", "cash", "pending", "payout_fees", "topped_up"];
const sum = (amount, currency) => `${Number(amount ?? 0).toLocaleString("en")} ${currency ?? ""}`;

/** Tables of the books, the invoices, the payouts and the refunds. */
export function moneyOf(books, invoices, payouts, refunds) {
  const currencies = Object.entries(books.currencies ?? {});
  if (!currencies.length && !invoices.length) return h("p", { class: "none" }, "No money has moved.");
  return [
    currencies.map(([currency, of]) => table(`Xendit's books, ${currency}${of.holds ? "" : ": THEY DO NOT BALANCE"}`, FIGURES, [FIGURES.map((name) => sum(of[name], ""))])),
    invoices.length ? table("Invoices", ["reference", "status", "due", "paid", "failed tries"], invoices.map((one) => [one.external_id, one.status, sum(one.amount, one.currency),
      one.payments.map((paid) => `${sum(paid.amount, paid.currency)} ${paid.channel}`).join(", ") || "–",
      one.failed_tries.map((failed) => failed.reason).join(", ") || "–"])) : null,
    payouts.length ? table("Paid to", ["reference", "to", "amount", "status"], payouts.map((one) => [one.reference_id, one.channel_properties?.account_holder_name ?? one.channel_code, sum(one.amount, one.currency), one.status])) : null,
    refunds.length ? table("Refunds", ["reference", "amount", "status"], refunds.map((one) => [one.reference_id ?? one.id, sum(one.amount, one.currency), one.status])) : null,
  ];
}

/** A small table with a caption; it scrolls by itself where it is too wide. */
export function table(caption, names, rows) {
  return h("div", { class: "scroll", tabIndex: 0 }, h("table", {}, h("caption", {}, caption),
    h("thead", {}, h("tr", {}, names.map((name) => h("th", { scope: "col" }, name.replaceAll("_", " "))))),
    h("tbody", {}, rows.map((row) => h("tr", {}, row.map((cell) => h("td", {}, cell)))))));
}
