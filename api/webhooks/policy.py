"""Where webhooks may go: allowed hosts, https only, and no address inside but those allowed."""

import asyncio
import ipaddress
import re
import socket
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
HTTPS = 443
NAME = re.compile(r"[a-z0-9_.-]+")


class RefusedAddressError(Exception):
    """A host of the allow-list resolves to an address that no webhook may go to."""


@dataclass(frozen=True, slots=True)
class Target:
    """A webhook's URL in parts; ``path`` includes the query."""

    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """What the ``Host`` header says."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == HTTPS else f"{host}:{self.port}"

    @classmethod
    def of(cls, url: str) -> Self:
        """Return the parts of an https URL; ValueError says what is wrong with it."""
        parts = urlsplit(url)
        if parts.scheme != "https":
            raise ValueError("a webhook's URL begins with https://")
        if parts.username is not None or parts.password is not None or parts.fragment:
            raise ValueError("a webhook's URL has neither a user nor a fragment")
        host = parts.hostname or ""
        if not (NAME.fullmatch(host) or _address(host)):
            raise ValueError("a webhook's URL names a host")
        query = f"?{parts.query}" if parts.query else ""
        return cls(host, parts.port or HTTPS, (parts.path or "/") + query)


@dataclass(frozen=True, slots=True)
class Policy:
    """The allow-list.

    hosts: ``host`` (port 443), ``host:port``, either with ``*.`` before it for every name below.
    networks: addresses that are allowed though they are private or loopback.
    """

    hosts: tuple[str, ...]
    networks: tuple[Network, ...]

    @classmethod
    def of(cls, hosts: str, networks: str) -> Self:
        """Read the allow-list from its settings, in which commas part the items."""
        items = tuple(item.lower() for item in _items(hosts))
        return cls(items, tuple(ipaddress.ip_network(item) for item in _items(networks)))

    @property
    def enabled(self) -> bool:
        """Whether any webhook may be sent."""
        return bool(self.hosts)

    def target(self, url: str) -> Target:
        """Return where a webhook goes; ValueError says why it may not."""
        found = Target.of(url)
        if not any(_matches(item, found) for item in self.hosts):
            raise ValueError("the host is not on this service's list of webhook receivers")
        return found

    async def resolve(self, target: Target) -> str:
        """Return the one address to connect to.

        Raises
        ------
        RefusedAddressError
            Where any address of the host is not allowed.
        OSError
            Where the host has none.
        """
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
        addresses = [str(row[4][0]) for row in found]
        for address in addresses:
            if not self.allows(ipaddress.ip_address(address)):
                raise RefusedAddressError(f"{target.host} resolves to an address inside")
        return addresses[0]

    def allows(self, address: Address) -> bool:
        """Whether a webhook may go to ``address``: a public one, or one of ``networks``."""
        if isinstance(address, ipaddress.IPv6Address):
            inner = address.ipv4_mapped or address.sixtofour
            if inner is not None:
                return self.allows(inner)
        if any(address.version == net.version and address in net for net in self.networks):
            return True
        return address.is_global and not address.is_multicast


def _items(text: str) -> list[str]:
    return [item.strip() for item in text.split(",") if item.strip()]


def _address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _matches(item: str, target: Target) -> bool:
    name, colon, port = item.rpartition(":")
    if not colon or not port.isdigit():
        name, port = item, str(HTTPS)
    if port != str(target.port):
        return False
    name = name.strip("[]")
    return target.host.endswith(name[1:]) if name.startswith("*.") else target.host == name
