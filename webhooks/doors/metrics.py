"""What Prometheus may scrape at `/metrics`."""

from prometheus_client import Counter, Gauge

DELIVERIES = Counter("janji_deliveries_total", "Inbound parts at the doors", ["source", "kind", "outcome"])
FLOWS = Counter("janji_flow_exchanges_total", "Requests at the Flow door", ["kind", "status"])
WORK = Counter("janji_lead_visits_total", "Visits of leads by this worker", ["result"])
SET_ASIDE = Gauge("janji_set_aside", "What waits for a person or another version", ["kind"])
