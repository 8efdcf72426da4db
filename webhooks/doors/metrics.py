"""What Prometheus may scrape at `/metrics`."""

from prometheus_client import Counter, Gauge

DELIVERIES = Counter("janji_deliveries_total", "Inbound parts at the doors", ["source", "kind", "outcome"])
FLOWS = Counter("janji_flow_exchanges_total", "Requests at the Flow door", ["kind", "status"])
WORK = Counter("janji_lead_visits_total", "Visits of leads by this worker", ["result"])
PARKED = Gauge("janji_deliveries_parked", "Deliveries that wait for a person, in the whole house", ["source"])
CASHIER_ROWS = Counter(
    "janji_cashier_rows_total", "Rows of the cashier's queues, by what came of them", ["queue", "result"]
)
CASHIER_UNREADABLE = Gauge("janji_cashier_unreadable_rows", "Rows a queue of the cashier could not read", ["queue"])
CASHIER_ALARMS = Counter("janji_cashier_alarms_total", "What a person had to hear about money", ["kind"])
SET_ASIDE = Gauge("janji_set_aside", "What else waits for a person or another version", ["kind"])
