"""Where a request came from, in the few words that may be kept: the kind of device and a shortened address."""

from __future__ import annotations

import ipaddress

from django.http import HttpRequest

from memories.owner import Door

BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def door_of(request: HttpRequest) -> Door:
    """The web door, or that of a program by the name of its key, with what the activity log keeps of the request."""
    agent, address = request.headers.get("User-Agent", ""), shortened(request.META.get("REMOTE_ADDR", ""))
    key = getattr(request, "key", None)
    if key is not None:
        return Door(via="program", device=key.name, address=address)
    return Door(via="web", device=device_of(agent), address=address)


def device_of(agent: str) -> str:
    """Such as "Firefox on Linux"; "another program" for what is not a browser."""
    browser = next((name for mark, name in BROWSERS if mark in agent), "")
    system = next((name for mark, name in SYSTEMS if mark in agent), "")
    return f"{browser} on {system}" if browser and system else browser or "another program"


def shortened(address: str) -> str:
    """The network, not the house: the first 24 bits of an IPv4 address, the first 48 of an IPv6 one."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return ""
    network = ipaddress.ip_network(f"{ip}/{24 if ip.version == 4 else 48}", strict=False)
    return str(network)
