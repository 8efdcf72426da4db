"""A simulated Xendit: mount `blueprint(settings)` at the root, `start(app)` it, `stop(app)` it."""

from simulator.xendit.clock import Clock
from simulator.xendit.door import blueprint, engine_of, pump, start, stop
from simulator.xendit.settings import XenditSettings

__all__ = ["Clock", "XenditSettings", "blueprint", "engine_of", "pump", "start", "stop"]
