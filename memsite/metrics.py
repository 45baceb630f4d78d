"""Counters of this process, for Prometheus. No label names a person, an address or a thing of theirs."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Histogram

REGISTRY = CollectorRegistry()
REQUESTS = Counter(
    "memsite_requests", "Answers, by method, route and status.", ["method", "route", "status"], registry=REGISTRY
)
SECONDS = Histogram("memsite_request_seconds", "Time to the head of an answer.", ["method"], registry=REGISTRY)
RECALL = Histogram(
    "memsite_recall_seconds",
    "Time of one search in a person's memories.",
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5),
    registry=REGISTRY,
)
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


def answered(method: str | None, route: str, status: int, seconds: float) -> None:
    """One answer. The route is a pattern of ours; a method that is none of HTTP's counts as "other"."""
    name = method if method in METHODS else "other"
    REQUESTS.labels(name, route, str(status)).inc()
    SECONDS.labels(name).observe(seconds)
