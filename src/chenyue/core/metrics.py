"""Counters for Prometheus, of one process; `views.metrics` shows them."""

from prometheus_client import Counter, Gauge, Histogram

BUCKETS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5)

requests = Counter("chenyue_requests_total", "Requests answered", ["method", "view", "status"])
seconds = Histogram("chenyue_request_seconds", "Time from request to answer", ["view"], buckets=BUCKETS)
jobs_waiting = Gauge("chenyue_jobs_waiting", "Jobs in the queue")
jobs_failed = Gauge("chenyue_jobs_failed", "Jobs that failed for good")


def count(method: str, view: str, status: int, took: float) -> None:
    """Count one answered request; `took` in seconds."""
    requests.labels(method if method in {"GET", "POST", "HEAD"} else "other", view, str(status)).inc()
    seconds.labels(view).observe(took)
