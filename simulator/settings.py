"""What a simulator is started with."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Settings:
    """The accounts the outside world knows, and where the tested backend lives."""

    app_url: str = "http://127.0.0.1:8000"
    app_secret: str = "simulated-app-secret"
    verify_token: str = "simulated-verify-token"
    phone_number_id: str = "106540352242922"
    waba_id: str = "102290129340398"
    token: str = "simulated-token"
    display_phone_number: str = "628110000001"
    verified_name: str = ""
    """What the phone shows in place of the number."""
    timezone: str = ""
    """Where the phones stand; empty: where people of their language mostly do."""
    host: str = "127.0.0.1"
    port: int = 0
    public_url: str = ""
    """Where the simulator itself is reached; the server fills it in when it has a port."""
    allowed_hosts: tuple[str, ...] = ()
    """Further names it may be called by, as in a container network; loopback and bare addresses always may."""
    seed: int | None = None
    """Fixed: the same ids on every run, which a backend that keeps its database takes for duplicates."""
    api_token: str = ""
    """For the page's "What happened": a bearer token for the backend's `/api/v1`; empty: it is not asked."""
    whatsapp_path: str = "/webhooks/whatsapp"
    flows_path: str = "/webhooks/flows"
    webhook_timeout: float = 10.0
    """Seconds a webhook may take before it counts as unanswered."""
    retry_scale: float = 1.0
    """Factor on every pause of a webhook's retry ladder; 0.01 makes seconds of minutes."""
    flow_timeout: float = 10.0
    """Seconds a form waits for its endpoint (reference: whatsapp 1.1)."""
    pair_rate: bool = True
    """Whether the pair limit is enforced (reference: whatsapp 3.5)."""
    xendit_secret_key: str = "xnd_development_simulated"
    xendit_webhook_token: str = "simulated-xendit-webhook-token"
    task_system_secret: str = "simulated-task-system-secret"
    task_reports_path: str = "/webhooks/tasks"
    escalation_secret: str = "simulated-escalation-secret"
